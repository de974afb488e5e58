public import ConvolutionArithmetic
public import Tensors

/// A labelled map of numbers: an input, a kernel, an output or a matrix.
///
/// ```swift
/// Grid(.input, x, padding: 1, window: Region(rows: 0..<3, columns: 2..<5))
/// ```
public struct Grid: Hashable, Sendable {
  /// What the map is; every grid says it.
  public enum Role: String, Hashable, Sendable {
    /// What is read.
    case input
    /// The weights.
    case kernel
    /// What is computed.
    case output
    case matrix
  }

  /// How a cell stands out.
  public enum Mark: String, Hashable, Sendable {
    /// It does not.
    case none
    /// The window covers it: `[3]`.
    case window
    /// Padding, or nothing there.
    case empty
  }

  /// A number as text, and its mark.
  public struct Cell: Hashable, Sendable {
    /// The number.
    public var text: String
    public var mark: Mark

    /// A number with a mark.
    public init(_ text: String, _ mark: Mark = .none) { (self.text, self.mark) = (text, mark) }
  }

  /// What it is.
  public var role: Role
  /// Its name, such as `kernel turned by 180°`.
  public var title: String
  /// Its height and width, of the numbers alone, without drawn padding.
  public var size: Size
  /// The cells, row by row.
  public var rows: [[Cell]]
  /// A text before each row, or none.
  public var rowLabels: [String]
  /// The picture of the batch that it belongs to.
  public var picture = 0
  /// Which map of its picture it is, or which of the kernels.
  public var map = 0
  /// The rows and columns of ``rows`` around the numbers; below zero, those cut off.
  public private(set) var padding: Padding = 0

  /// A grid from texts.
  public init(
    _ role: Role, title: String? = nil, size: Size? = nil, rows: [[Cell]], rowLabels: [String] = []
  ) {
    self.role = role
    self.title = title ?? role.rawValue
    self.size = size ?? Size(height: rows.count, width: rows.first?.count ?? 0)
    self.rows = rows
    self.rowLabels = rowLabels
  }

  /// One map of a tensor, drawn with its padding; `window` counts from the first drawn cell.
  ///
  /// A cell of the padding is drawn as a dot. A negative padding cuts cells off.
  public init<Scalar: CustomStringConvertible>(
    _ role: Role, _ tensor: Tensor<Scalar>, title: String? = nil, batch: Int = 0, channel: Int = 0,
    padding: Padding = 0, window: Region? = nil
  ) {
    self.init(role, tensor.size, title: title, padding: padding, window: window) {
      numberText(tensor[batch, channel, $0, $1])
    }
  }

  /// A map of this size from the text of each of its cells.
  init(
    _ role: Role, _ size: Size, title: String?, padding: Padding, window: Region?,
    text: (_ row: Int, _ column: Int) -> String
  ) {
    let rows = (-padding.top..<size.height + padding.bottom).map { row in
      (-padding.left..<size.width + padding.right).map { column in
        let inside = 0 <= row && row < size.height && 0 <= column && column < size.width
        let marked = window?.contains(row: row + padding.top, column: column + padding.left)
        return Cell(
          inside ? text(row, column) : Grid.dot,
          marked == true ? .window : inside ? .none : .empty)
      }
    }
    self.init(role, title: title, size: size, rows: rows)
    self.padding = padding
  }

  /// What stands where there is no number.
  public static let dot = "·"

  /// `input (5×5)`; `input (5)` for a single row among rows, where there is one direction only.
  func label(amongRows: Bool) -> String {
    "\(title) (\(amongRows && size.height == 1 ? "\(size.width)" : size.description))"
  }
}

extension [Grid] {
  /// Whether all the maps are single rows; a matrix is not a map.
  var areRows: Bool { allSatisfy { $0.size.height == 1 || $0.role == .matrix } }
}

/// Cells of a map: some rows crossed with some columns.
public struct Region: Hashable, Sendable {
  public let rows: Set<Int>
  public let columns: Set<Int>

  /// A block.
  public init(rows: Range<Int>, columns: Range<Int>) {
    self.init(rows: Set(rows), columns: Set(columns))
  }

  /// Chosen rows and columns, as a dilated window has them.
  public init(rows: Set<Int>, columns: Set<Int>) {
    (self.rows, self.columns) = (rows, columns)
  }

  /// One cell.
  public init(row: Int, column: Int) {
    self.init(rows: [row], columns: [column])
  }

  /// Whether it has this cell.
  public func contains(row: Int, column: Int) -> Bool {
    rows.contains(row) && columns.contains(column)
  }
}
