internal import Tensors

/// What an exercise's function returns, laid out so that it can be compared cell by cell and shown.
public protocol Answer: Sendable {
  /// The extents and the numbers in row-major order.
  var layout: Layout { get }
  /// Answers that mean nothing was computed: an empty one, one of zeros. A check must refuse them.
  var trivial: [Self] { get }
}

/// An answer's extents, numbers and, where its parts have names, those names.
public struct Layout: Equatable, Sendable {
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
