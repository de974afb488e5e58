public import ConvolutionArithmetic
public import Tensors

/// The largest value of each window, and where it was.
public struct MaxPooled<Scalar> {
  /// The largest values, (batch, channels, output height, output width).
  public let values: Tensor<Scalar>
  /// The place of each value in its own input map: row · width + column, as in PyTorch. It is −1
  /// where a window reads no input cell.
  public let indices: Tensor<Int>
}

extension MaxPooled: Sendable where Scalar: Sendable {}

/// Returns the largest value of each window.
///
///     y[n, c, o] = max over taps (o, i) of  x[n, c, i]
///
/// ```swift
/// try maxPool(Tensor([[1, 2], [4, 3]]), kernelSize: 2)   // 4
/// ```
///
/// See ``maxPoolWithIndices(_:by:)`` for all that it obeys.
///
/// - `stride`: from one window to the next; none means the kernel size.
/// - `padding`: cells around the input that hold no value.
/// - `rounding`: what becomes of a last window that hangs over the end.
public func maxPool<Scalar: Ordered>(
  _ x: Tensor<Scalar>, kernelSize: Size, stride: Size? = nil, padding: Padding = 0,
  dilation: Size = 1, rounding: Rounding = .floor
) throws(GeometryError) -> Tensor<Scalar> {
  let pooling = try Pooling(
    kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation,
    rounding: rounding)
  return try maxPool(x, by: pooling)
}

public func maxPool<Scalar: Ordered>(
  _ x: Tensor<Scalar>, by pooling: Pooling
) throws(GeometryError) -> Tensor<Scalar> {
  try maxPoolWithIndices(x, by: pooling).values
}

/// Returns the largest value of each window and where it was: the first of equals, row by row.
///
/// The padding never wins, not even over negative numbers. A NaN wins over everything, as in PyTorch.
/// A window without any input cell (possible with dilation, or with a padding as large as the kernel)
/// gives −∞ for `Float` and `Double`, as in PyTorch, and is an error for exact numbers, which have no
/// such value.
///
/// - `x`: the input, (batch, channels, height, width).
/// - Throws: `GeometryError` if the input is not of rank 4 or no window fits.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func maxPoolWithIndices<Scalar: Ordered>(
  _ x: Tensor<Scalar>, by pooling: Pooling
) throws(GeometryError) -> MaxPooled<Scalar> {
  try requireMaps("the input", x)
  let geometry = try pooling.geometry(input: x.size)
  var values = try zeros(x.batch, x.channels, geometry.outputSize, like: x)
  var indices = values.map { _ in -1 }
  let rowTaps = geometry.rows.tapsByOutput
  let columnTaps = geometry.columns.tapsByOutput
  for n in 0..<x.batch {
    for c in 0..<x.channels {
      for r in rowTaps.indices {
        for column in columnTaps.indices {
          var largest: Scalar?
          for down in rowTaps[r] {
            for right in columnTaps[column] {
              let value = x[n, c, down.input, right.input]
              if largest.map({ value > $0 || value != value }) ?? true {
                largest = value
                indices[n, c, r, column] = down.input * x.width + right.input
              }
            }
          }
          guard let winner = largest ?? Scalar.belowAll else {
            throw GeometryError(
              "the window at row \(r), column \(column) reads no input cell, only padding, "
                + "and exact numbers have no -∞ to stand for its maximum")
          }
          values[n, c, r, column] = winner
        }
      }
    }
  }
  return MaxPooled(values: values, indices: indices)
}

/// Returns the gradient of max pooling by its input: each output's gradient goes to the cell that won.
///
///     x̂[n, c, i] = Σ over the outputs o with index i  of  ŷ[n, c, o]
///
/// ```swift
/// let pooled = try maxPoolWithIndices(
///   Tensor(row: [1, 5, 2]), by: Pooling(kernelSize: Size(height: 1, width: 2), stride: 1))
/// try maxPoolGradient(
///   Tensor(row: [1, 10]), indices: pooled.indices, inputSize: Size(height: 1, width: 3))   // 0 11 0
/// ```
///
/// Windows that overlap may share a winner; it then gets the gradient of each.
///
/// - Parameters:
///   - gradient: ŷ, the gradient by the output.
///   - indices: as ``maxPoolWithIndices(_:by:)`` gave them.
///   - inputSize: the size of the input's maps.
/// - Throws: `GeometryError` if shapes do not fit each other or an index is outside the map.
public func maxPoolGradient<Scalar: Numeric>(
  _ gradient: Tensor<Scalar>, indices: Tensor<Int>, inputSize: Size
) throws(GeometryError) -> Tensor<Scalar> {
  try placed(gradient, at: indices, inputSize) { $0 + $1 }
}

/// Returns each value at the place it came from, and zeros elsewhere: PyTorch's `max_unpool`.
///
/// ```swift
/// let pooled = try maxPoolWithIndices(Tensor([[1, 2], [4, 3]]), by: Pooling(kernelSize: 2))
/// try maxUnpool(pooled.values, indices: pooled.indices, size: 2)   // 0 0 / 4 0
/// ```
///
/// Where windows overlapped and share a winner, the value is written once, not added up: that is what
/// tells it from ``maxPoolGradient(_:indices:inputSize:)``. FCN has no unpooling.
///
/// - Parameters:
///   - y: the values, (batch, channels, height, width).
///   - indices: the places, as ``maxPoolWithIndices(_:by:)``
///     gave them.
///   - size: the size of the maps to fill.
/// - Throws: `GeometryError` if shapes do not fit each other or an index is outside the map.
public func maxUnpool<Scalar: Numeric>(
  _ y: Tensor<Scalar>, indices: Tensor<Int>, size: Size
) throws(GeometryError) -> Tensor<Scalar> {
  try placed(y, at: indices, size) { _, new in new }
}

/// Values put at their places in maps of zeros; `combine` says what happens to what was there.
private func placed<Scalar: Numeric>(
  _ values: Tensor<Scalar>, at indices: Tensor<Int>, _ size: Size,
  combine: (Scalar, Scalar) -> Scalar
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the array of values", values)
  try requireShape("the array of indices", indices.shape, values.shape)
  var result = try zeros(values.batch, values.channels, size, like: values)
  let area = values.size.area
  for position in values.elements.indices where indices[position] != -1 {
    guard 0 <= indices[position] && indices[position] < size.area else {
      throw GeometryError(
        "an index is \(indices[position]); in maps of \(size) it must be from 0 to "
          + "\(size.area - 1), or -1 for none")
    }
    let cell = position / area * size.area + indices[position]
    result[cell] = combine(result[cell], values[position])
  }
  return result
}
