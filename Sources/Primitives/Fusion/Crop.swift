public import ConvolutionArithmetic
public import Tensors

/// Returns the part of each map that begins at `offset` and has the given size.
///
///     y[n, c, r, s] = x[n, c, offset + r, offset + s]
///
/// ```swift
/// try crop(Tensor([[1, 2, 3], [4, 5, 6]]), offset: Size(height: 0, width: 1), size: 2)   // 2 3 / 5 6
/// ```
///
/// - Parameters:
///   - offset: rows and columns left out at the top and the left.
///   - size: the size of the result; what is beyond it is left out at the bottom and the right.
/// - Throws: `GeometryError` if the part is not inside the maps.
public func crop<Scalar: Numeric>(
  _ x: Tensor<Scalar>, offset: Size, size: Size
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the input", x)
  try requireInside(offset, size, x.size)
  var y = try zeros(x.batch, x.channels, size, like: x)
  for n in 0..<x.batch {
    for c in 0..<x.channels {
      for row in 0..<size.height {
        for column in 0..<size.width {
          y[n, c, row, column] = x[n, c, offset.height + row, offset.width + column]
        }
      }
    }
  }
  return y
}

/// Returns the gradient of a crop by its input: the output's gradient in its place, zeros around.
///
/// - Parameters:
///   - gradient: the gradient by the output.
///   - offset: where the crop began.
///   - inputSize: the size of the maps that were cropped.
/// - Throws: `GeometryError` if the part is not inside the maps.
public func cropGradient<Scalar: Numeric>(
  _ gradient: Tensor<Scalar>, offset: Size, inputSize: Size
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the gradient by the output", gradient)
  try requireInside(offset, gradient.size, inputSize)
  var x = try zeros(gradient.batch, gradient.channels, inputSize, like: gradient)
  for n in 0..<gradient.batch {
    for c in 0..<gradient.channels {
      for row in 0..<gradient.height {
        for column in 0..<gradient.width {
          x[n, c, offset.height + row, offset.width + column] = gradient[n, c, row, column]
        }
      }
    }
  }
  return x
}

private func requireInside(_ offset: Size, _ size: Size, _ whole: Size) throws(GeometryError) {
  func fits(_ offset: Int, _ part: Int, _ whole: Int) -> Bool {
    part >= 0 && 0 <= offset && part <= whole && offset <= whole - part
  }
  guard fits(offset.height, size.height, whole.height), fits(offset.width, size.width, whole.width)
  else {
    throw GeometryError(
      "a crop of \(size) at offset (\(offset.height), \(offset.width)) is not inside maps of "
        + "\(whole); offset plus size may be at most that, and the offset at least 0")
  }
}
