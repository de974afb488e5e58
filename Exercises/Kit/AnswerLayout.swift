internal import Tensors

/// An answer's extents, numbers and, where its parts have names, those names.
public struct AnswerLayout: Equatable, Sendable {
  /// The extents, outermost first; none for a single number.
  public let shape: [Int]
  /// The numbers in row-major order.
  public let cells: [Cell]
  /// The names of the parts, as in `before` and `after`; empty where cells have coordinates.
  public let names: [String]

  /// Numbers with extents.
  public init(shape: [Int], cells: [Cell]) {
    (self.shape, self.cells, names) = (shape, cells, [])
  }

  init(shape: [Int], cells: [Cell], names: [String]) {
    (self.shape, self.cells, self.names) = (shape, cells, names)
  }

  /// Numbers with names.
  public init(named parts: [(String, Cell)]) {
    (shape, cells, names) = ([], parts.map(\.1), parts.map(\.0))
  }

  /// `4 numbers`, `(1, 2, 3, 4)` or `one number`.
  public var shapeText: String {
    switch shape.count {
    case 0: "one number"
    case 1: counted(shape[0], "number")
    case 2...8: "(" + shape.map(String.init).joined(separator: ", ") + ")"
    default: "one of \(shape.count) axes"
    }
  }

  /// The coordinates of the cell at row-major position `position`; for named parts its number.
  public func coordinates(of position: Int) -> [Int] {
    guard names.isEmpty else { return [position] }
    var rest = position
    var reversed: [Int] = []
    for extent in shape.reversed() {
      reversed.append(rest % max(1, extent))
      rest /= max(1, extent)
    }
    return reversed.reversed()
  }

  /// What the cell at `position` is called: `cell (0, 0, 1, 2)`, `number 3`, `jump` or nothing.
  public func name(of position: Int) -> String {
    if !names.isEmpty { return names[position] }
    switch shape.count {
    case 0: return "the result"
    case 1: return "number \(position) (counted from 0)"
    default:
      return "cell (" + coordinates(of: position).map(String.init).joined(separator: ", ") + ")"
    }
  }
}

extension AnswerLayout {
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
      let parts = zip(names, cells).prefix(AnswerLayout.mostShown).map { ($0.prefix(40), $1) }
      let rest = names.count - parts.count
      return AnswerLayout(named: parts.map { (String($0), $1) }).lines
        .map { $0 + (rest > 0 ? " … and \(rest) more" : "") }
    }
    if shape.count < 2 || !hasItsCells {
      guard cells.count > AnswerLayout.mostShown else { return lines }
      let part = AnswerLayout.part(of: cells.count, around: shape.count == 1 ? place[0] : 0)
      return [
        AnswerLayout(shape: [part.count], cells: Array(cells[part])).lines[0]
          + " (numbers \(part.lowerBound)…\(part.upperBound - 1) of \(shapeText))"
      ]
    }
    let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
    let maps = cells.count / max(1, height * width)
    guard
      height > AnswerLayout.mostShown || width > AnswerLayout.mostShown
        || maps > AnswerLayout.mostShown
    else { return lines }
    let rows = AnswerLayout.part(of: height, around: place[place.count - 2])
    let columns = AnswerLayout.part(of: width, around: place[place.count - 1])
    let map = zip(place, shape).dropLast(2).reduce(0) { $0 * $1.1 + min($1.0, $1.1 - 1) }
    let part = rows.flatMap { row in columns.map { cells[(map * height + row) * width + $0] } }
    return [
      "rows \(rows.lowerBound) to \(rows.upperBound - 1), "
        + "columns \(columns.lowerBound) to \(columns.upperBound - 1)"
        + (maps == 1 ? ":" : " of \(mapName(map)):")
    ]
      + AnswerLayout(shape: [rows.count, columns.count], cells: part).lines
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
