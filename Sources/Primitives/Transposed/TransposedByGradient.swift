public import ConvolutionArithmetic
public import Tensors

/// Returns the transposed convolution computed as the gradient of a convolution by its input: each
/// output cell asks which cells of `y` it went to.
///
///     x̂[n, c, i] = bias[c] + Σ over channels m and the taps (o, k) of i  of  y[n, m, o] · w[m, c, k]
///
/// The scatter form walks over `y` and adds wherever a stamp falls; this one walks over the result
/// and reads. Both visit the same taps. Parameters, shapes, errors and result are those of
/// ``transposedConvolve(_:_:bias:stride:padding:outputPadding:dilation:groups:)``.
public func transposedConvolveByGradient<Scalar: Numeric>(
  _ y: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil,
  stride: Size = 1, padding: Padding = 0, outputPadding: Size = 0, dilation: Size = 1,
  groups: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  let channels = try ChannelGroups(
    input: y.shape, weight: w.shape, bias: bias?.count, groups: groups, transposed: true)
  let geometry = try TransposedWindow2D(
    kernelSize: w.size, stride: stride, padding: padding, outputPadding: outputPadding,
    dilation: dilation
  ).geometry(input: y.size)
  var x = try inputGradient(y, w, geometry, channels)
  if let bias { x.addBias(bias) }
  return x
}
