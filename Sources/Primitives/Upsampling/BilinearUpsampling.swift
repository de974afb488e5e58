public import ConvolutionArithmetic
public import Tensors

/// Returns each map upsampled by a whole factor with a transposed convolution: stride f, the bilinear
/// kernel of size 2f − f mod 2, and padding ⌈(f−1)/2⌉.
///
/// ```swift
/// let across = Size(height: 1, width: 2)
/// try upsampleBilinear(Tensor<Fraction>(row: [1, 1, 1]), factor: across)   // ¾ 1 1 1 1 ¾
/// ```
///
/// The result is f times as large in each direction. But for the ⌊f/2⌋ outermost cells at each side it
/// equals ``interpolateBilinear(_:scale:alignCorners:)`` with half-pixel centres, exactly. In those
/// cells it fades, because beyond the border the transposed convolution has nothing (zeros), where
/// interpolation repeats the last cell. Source: Long, Shelhamer and Darrell, "Fully Convolutional
/// Networks for Semantic Segmentation" (2015), section 3.3: upsampling is backwards strided
/// convolution.
///
/// - Parameters:
///   - x: (batch, channels, height, width).
///   - factor: at least 1 in each direction.
/// - Throws: `GeometryError` if the input is not of rank 4 or a factor is below 1.
public func upsampleBilinear<Scalar: Divisible>(
  _ x: Tensor<Scalar>, factor: Size
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the input", x)
  try requireFactor(factor)
  let kernelSize = Size(
    height: 2 * factor.height - factor.height % 2, width: 2 * factor.width - factor.width % 2)
  return try transposedConvolve(
    x, bilinearKernels(classes: x.channels, kernelSize: kernelSize, fill: .perGroup),
    stride: factor,
    padding: Padding(Size(height: factor.height / 2, width: factor.width / 2)),
    groups: x.channels)
}

/// Checks that both factors are at least 1.
func requireFactor(_ factor: Size) throws(GeometryError) {
  guard factor.height >= 1, factor.width >= 1 else {
    throw GeometryError("the factor is \(factor); it must be at least 1 in both directions")
  }
}
