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

extension Tensor {
  /// The cell at position `index` of a list, or of any tensor in row-major order.
  @inlinable
  public subscript(index: Int) -> Scalar {
    get { elements[index] }
    set { elements[index] = newValue }
  }

  /// The cell of a matrix (rank 2).
  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    get { elements[row * stride0 + column] }
    set { elements[row * stride0 + column] = newValue }
  }

  /// The cell of a stack of maps (rank 4): batch and channel, or out and in; row; column.
  @inlinable
  public subscript(batch: Int, channel: Int, row: Int, column: Int) -> Scalar {
    get { elements[batch * stride0 + channel * stride1 + row * stride2 + column] }
    set { elements[batch * stride0 + channel * stride1 + row * stride2 + column] = newValue }
  }

  /// The number of pictures of a feature map (rank 4): dimension 0.
  public var batch: Int { shape[0] }
  /// The number of channels of a feature map (rank 4): dimension 1.
  public var channels: Int { shape[1] }
  /// The number of rows of a map or kernel (rank 4): dimension 2.
  public var height: Int { shape[2] }
  /// The number of columns of a map or kernel (rank 4): dimension 3.
  public var width: Int { shape[3] }
  /// Height and width of a map or kernel (rank 4).
  public var size: Size { Size(height: height, width: width) }

  /// The coordinates of the cell at row-major position `position`, outermost first.
  ///
  /// ```swift
  /// Tensor<Int>.ramp([2, 3]).coordinates(of: 4)   // [1, 1]
  /// ```
  public func coordinates(of position: Int) -> [Int] {
    var rest = position
    var reversed: [Int] = []
    for extent in shape.dimensions.reversed() {
      reversed.append(rest % extent)
      rest /= extent
    }
    return reversed.reversed()
  }
}

/// The first cell in which two tensors differ, or that their shapes do.
public enum TensorDifference: Equatable, Sendable, CustomStringConvertible {
  /// The shapes differ; cells were not compared.
  case shape(got: Shape, expected: Shape)
  /// The first differing cell in row-major order, and how many differ in all.
  case cell(coordinates: [Int], got: String, expected: String, count: Int)

  /// One sentence: where, what came, what was expected.
  public var description: String {
    switch self {
    case .shape(let got, let expected):
      "the shape is \(got), expected \(expected)"
    case .cell(let coordinates, let got, let expected, let count):
      "cell (\(coordinates.map(String.init).joined(separator: ", "))) is \(got), "
        + "expected \(expected)" + (count > 1 ? "; \(count) cells differ" : "")
    }
  }
}

extension Tensor where Scalar: CustomStringConvertible {
  /// The first difference from `expected`, or nil if there is none.
  ///
  /// - `agree`: whether two cells count as the same.
  public func difference(
    from expected: Tensor, agree: (Scalar, Scalar) -> Bool
  ) -> TensorDifference? {
    guard shape == expected.shape else { return .shape(got: shape, expected: expected.shape) }
    let wrong = elements.indices.filter { !agree(elements[$0], expected.elements[$0]) }
    guard let first = wrong.first else { return nil }
    return .cell(
      coordinates: coordinates(of: first), got: "\(elements[first])",
      expected: "\(expected.elements[first])", count: wrong.count)
  }
}

extension Tensor where Scalar: Equatable & CustomStringConvertible {
  /// The first cell that is not exactly equal, or nil if all are.
  public func difference(from expected: Tensor) -> TensorDifference? {
    difference(from: expected, agree: ==)
  }
}

extension Tensor where Scalar: BinaryFloatingPoint & CustomStringConvertible {
  /// The first cell with |got − expected| > absolute + relative · |expected|, or nil.
  ///
  /// Two NaNs agree, and an infinity agrees with itself alone.
  public func difference(
    from expected: Tensor, relative: Scalar, absolute: Scalar
  ) -> TensorDifference? {
    difference(from: expected) { got, want in
      got == want || (got.isNaN && want.isNaN)
        || (want.isFinite && abs(got - want) <= absolute + relative * abs(want))
    }
  }
}

extension Tensor<Float> {
  /// Whether no cell is infinite or not a number.
  package var isFinite: Bool { elements.allSatisfy { $0.isFinite } }
}
