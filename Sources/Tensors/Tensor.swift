/// A dense array of numbers with a shape, stored row by row (the last dimension runs fastest).
///
/// ```swift
/// let x = Tensor<Int>([[1, 2, 3], [4, 5, 6]])   // shape (1, 1, 2, 3)
/// x[0, 0, 1, 2]                                 // 6
/// ```
///
/// Feature maps and kernels are always of rank 4: a sequence is a map of height 1. So each operation
/// is written once, for two dimensions, and the one-dimensional lessons use the same code.
public struct Tensor<Scalar> {
  /// The extents, outermost first.
  public let shape: Shape
  /// The cells in row-major order.
  public var elements: [Scalar]

  // Row-major strides of the three innermost dimensions but the last, kept here so that
  // indexing does not walk the shape.
  @usableFromInline let stride0: Int
  @usableFromInline let stride1: Int
  @usableFromInline let stride2: Int

  /// A tensor of the given cells in row-major order; their number must be `shape.count`.
  public init(shape: Shape, elements: [Scalar]) {
    precondition(
      elements.count == shape.count,
      ShapeError.wrongElementCount(got: elements.count, shape: shape).description)
    self.shape = shape
    self.elements = elements
    let rank = shape.rank
    stride2 = rank == 4 ? shape[3] : 1
    // Only a shape without any cell can overflow here, and then no stride is ever used.
    stride1 = rank == 4 ? shape[2] &* stride2 : 1
    stride0 = rank == 4 ? shape[1] &* stride1 : rank == 2 ? shape[1] : 1
  }

  /// A tensor filled with one value.
  public init(shape: Shape, repeating value: Scalar) {
    self.init(shape: shape, elements: Array(repeating: value, count: shape.count))
  }

  /// One map of one channel, given by its rows: shape (1, 1, height, width).
  public init(_ rows: [[Scalar]]) {
    let width = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == width }, "all rows must have \(width) cells")
    self.init(shape: [1, 1, rows.count, width], elements: rows.flatMap { $0 })
  }

  /// A sequence, as a map of height 1: shape (1, 1, 1, length).
  public init(row: [Scalar]) {
    self.init(shape: [1, 1, 1, row.count], elements: row)
  }

  /// The same cells under another shape with as many cells.
  public func reshaped(_ shape: Shape) -> Tensor {
    Tensor(shape: shape, elements: elements)
  }

  /// Each cell transformed, the shape kept.
  public func map<T, E>(_ transform: (Scalar) throws(E) -> T) throws(E) -> Tensor<T> {
    Tensor<T>(shape: shape, elements: try elements.map(transform))
  }
}

extension Tensor: Sendable where Scalar: Sendable {}
extension Tensor: Equatable where Scalar: Equatable {
  /// Whether shapes and all cells are equal.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape && a.elements == b.elements
  }
}

extension Tensor where Scalar: Numeric {
  public static func zeros(_ shape: Shape) -> Tensor {
    Tensor(shape: shape, repeating: .zero)
  }

  /// 1, 2, 3, … in row-major order: a map in which every cell can be told from its value.
  public static func ramp(_ shape: Shape) -> Tensor {
    Tensor(shape: shape, elements: (0..<shape.count).map { Scalar(exactly: $0 + 1)! })
  }
}
