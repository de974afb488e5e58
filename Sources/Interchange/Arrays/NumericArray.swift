public import Tensors

/// A dense array as a file holds it: a shape, and values in row-major order.
///
/// Values keep their precision: number formats without a case of their own are widened to the
/// next one that holds them all, so `i2` becomes 32-bit and `f2` becomes `float32`.
public struct NumericArray: Equatable, Sendable {
  /// The extents, outermost first.
  public let shape: Shape
  /// The values in row-major order, `shape.count` of them.
  public let values: Values

  /// Row-major values in one of the formats that are kept apart.
  public enum Values: Equatable, Sendable {
    /// `u1` and `b1`
    case uint8([UInt8])
    /// `i1`, `i2`, `u2`, `i4`
    case int32([Int32])
    /// `u4`, `i8`, and `u8` if every value fits
    case int64([Int])
    /// `f2`, `f4`
    case float32([Float])
    /// `f8`
    case float64([Double])

    /// The number of values.
    public var count: Int {
      switch self {
      case .uint8(let values): values.count
      case .int32(let values): values.count
      case .int64(let values): values.count
      case .float32(let values): values.count
      case .float64(let values): values.count
      }
    }
  }

  /// An array of the given values; their number must be `shape.count`.
  public init(shape: Shape, values: Values) {
    precondition(
      values.count == shape.count,
      ShapeError.wrongElementCount(got: values.count, shape: shape).description)
    self.shape = shape
    self.values = values
  }

  /// The values as `T`, each rounded to the nearest.
  ///
  /// ```swift
  /// let x = try NPYReader.read(path: "x.npy").rounded(to: Float.self)
  /// ```
  public func rounded<T: BinaryFloatingPoint>(to: T.Type) -> Tensor<T> {
    let elements: [T] =
      switch values {
      case .uint8(let values): values.map { T($0) }
      case .int32(let values): values.map { T($0) }
      case .int64(let values): values.map { T($0) }
      case .float32(let values): values as? [T] ?? values.map { T($0) }
      case .float64(let values): values as? [T] ?? values.map { T($0) }
      }
    return Tensor(shape: shape, elements: elements)
  }

  /// The values as floating-point `T`, or `nil` if `T` cannot hold one of them exactly.
  public func exactly<T: BinaryFloatingPoint>(_: T.Type) -> Tensor<T>? {
    let elements: [T]? =
      switch values {
      case .uint8(let values): allOrNil(values) { T(exactly: $0) }
      case .int32(let values): allOrNil(values) { T(exactly: $0) }
      case .int64(let values): allOrNil(values) { T(exactly: $0) }
      case .float32(let values): allOrNil(values) { $0.isNaN ? T.nan : T(exactly: $0) }
      case .float64(let values): allOrNil(values) { $0.isNaN ? T.nan : T(exactly: $0) }
      }
    return elements.map { Tensor(shape: shape, elements: $0) }
  }

  /// The values as integers, or `nil` if one of them is not a whole number or out of range.
  public func exactly(_: Int.Type) -> Tensor<Int>? {
    let elements: [Int]? =
      switch values {
      case .uint8(let values): values.map { Int($0) }
      case .int32(let values): values.map { Int($0) }
      case .int64(let values): values
      case .float32(let values): allOrNil(values) { Int(exactly: $0) }
      case .float64(let values): allOrNil(values) { Int(exactly: $0) }
      }
    return elements.map { Tensor(shape: shape, elements: $0) }
  }
}

/// Each value transformed, or `nil` as soon as one cannot be.
private func allOrNil<T, U>(_ values: [T], _ transform: (T) -> U?) -> [U]? {
  var result: [U] = []
  result.reserveCapacity(values.count)
  for value in values {
    guard let transformed = transform(value) else { return nil }
    result.append(transformed)
  }
  return result
}
