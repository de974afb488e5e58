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
