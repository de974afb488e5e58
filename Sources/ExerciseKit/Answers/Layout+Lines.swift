internal import Tensors

extension Layout {
  /// Whether there are as many numbers as the extents say; what an attempt returned need not be a shape.
  var hasItsCells: Bool { (try? Shape(validating: shape))?.count == cells.count }

  /// The numbers as lines of text: one line for a list, a grid for each map.
  public var lines: [String] {
    if cells.isEmpty { return ["(empty)"] }
    if !names.isEmpty {
      return [zip(names, cells).map { "\($0) \($1.text)" }.joined(separator: ", ")]
    }
    if shape.count < 2 || !hasItsCells { return [cells.map(\.text).joined(separator: " ")] }
    let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
    let maps = cells.count / (rows * columns)
    return (0..<maps).flatMap { map in
      let heading = maps == 1 ? [] : [mapName(map) + ":"]
      return heading
        + gridLines(
          (0..<rows).map { row in
            (0..<columns).map { cells[(map * rows + row) * columns + $0].text }
          })
    }
  }

  /// The most numbers of a list, and the most rows and columns of a map, that are shown whole.
  static let mostShown = 24
  /// How many of them are shown of one that is larger.
  static let partShown = 12

  /// The lines; of an answer that is too large to be read, the part around the cell at `place`.
  func lines(around place: [Int]) -> [String] {
    let place = place.count == shape.count ? place : shape.map { _ in 0 }
    if !names.isEmpty {
      let parts = zip(names, cells).prefix(Layout.mostShown).map { ($0.prefix(40), $1) }
      let rest = names.count - parts.count
      return Layout(named: parts.map { (String($0), $1) }).lines
        .map { $0 + (rest > 0 ? " … and \(rest) more" : "") }
    }
    if shape.count < 2 || !hasItsCells {
      guard cells.count > Layout.mostShown else { return lines }
      let part = Layout.part(of: cells.count, around: shape.count == 1 ? place[0] : 0)
      return [
        Layout(shape: [part.count], cells: Array(cells[part])).lines[0]
          + " (numbers \(part.lowerBound)…\(part.upperBound - 1) of \(shapeText))"
      ]
    }
    let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
    let maps = cells.count / max(1, height * width)
    guard height > Layout.mostShown || width > Layout.mostShown || maps > Layout.mostShown
    else { return lines }
    let rows = Layout.part(of: height, around: place[place.count - 2])
    let columns = Layout.part(of: width, around: place[place.count - 1])
    let map = zip(place, shape).dropLast(2).reduce(0) { $0 * $1.1 + min($1.0, $1.1 - 1) }
    let part = rows.flatMap { row in columns.map { cells[(map * height + row) * width + $0] } }
    return [
      "rows \(rows.lowerBound) to \(rows.upperBound - 1), "
        + "columns \(columns.lowerBound) to \(columns.upperBound - 1)"
        + (maps == 1 ? ":" : " of \(mapName(map)):")
    ]
      + Layout(shape: [rows.count, columns.count], cells: part).lines
  }

  /// Which of `count` are shown: all, or some around one of them.
  private static func part(of count: Int, around place: Int) -> Range<Int> {
    guard count > mostShown else { return 0..<count }
    let first = min(max(0, place - partShown / 2), count - partShown)
    return first..<first + partShown
  }

  /// `[1, 0]`: the leading coordinates of a map.
  private func mapName(_ map: Int) -> String {
    var rest = map
    var reversed: [Int] = []
    for extent in shape.dropLast(2).reversed() {
      reversed.append(rest % extent)
      rest /= extent
    }
    return "[" + reversed.reversed().map(String.init).joined(separator: ", ") + "]"
  }
}
