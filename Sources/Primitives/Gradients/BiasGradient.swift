public import ConvolutionArithmetic
public import Tensors

/// Returns the gradient by the bias: the sum of the output's gradient over each channel.
///
///     b̂[m] = Σ over pictures n and output cells o  of  ŷ[n, m, o]
///
/// ```swift
/// try biasGradient(Tensor([[1, 2], [3, 4]]))   // [10]
/// ```
///
/// The same for a convolution and for a transposed one: the bias is added to each cell once.
///
/// - Parameter gradient: ŷ, (batch, out, height, width).
/// - Throws: `GeometryError` if it is not of rank 4.
public func biasGradient<Scalar: Numeric>(
  _ gradient: Tensor<Scalar>
) throws(GeometryError) -> [Scalar] {
  try requireMaps("the gradient by the output", gradient)
  let area = gradient.size.area
  return (0..<gradient.channels).map { m in
    (0..<gradient.batch).reduce(Scalar.zero) { sum, n in
      let first = (n * gradient.channels + m) * area
      return gradient.elements[first..<(first + area)].reduce(sum, +)
    }
  }
}
