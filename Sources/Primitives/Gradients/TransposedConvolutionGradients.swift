public import ConvolutionArithmetic
public import Tensors

/// Returns the gradient of a transposed convolution by its input: the convolution itself.
///
///     ŷ[n, m, o] = Σ over channels c and taps (o, i, k) of  x̂[n, c, i] · w[m, c, k]
///
/// The gradient of the one is the other. With the output padding of the forward pass the sizes fit.
///
/// - Parameters:
///   - gradient: x̂, the gradient by the transposed convolution's output.
///   - w: its kernels, (in, out / groups, height, width).
///   - inputSize: the size of its input.
/// - Returns: (batch, in, input height, input width).
/// - Throws: `GeometryError` if shapes do not fit each other.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func transposedConvolutionInputGradient<Scalar: Numeric>(
  _ gradient: Tensor<Scalar>, _ w: Tensor<Scalar>, inputSize: Size,
  stride: Size = 1, padding: Padding = 0, outputPadding: Size = 0, dilation: Size = 1,
  groups: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  let channels = try ChannelGroups(
    input: gradient.shape, weight: w.shape, bias: nil, groups: groups, transposed: false)
  let geometry = try TransposedWindow2D(
    kernelSize: w.size, stride: stride, padding: padding, outputPadding: outputPadding,
    dilation: dilation
  ).geometry(input: inputSize)
  try requireShape(
    "the gradient by the output", gradient.shape,
    [gradient.batch, gradient.channels, geometry.inputSize.height, geometry.inputSize.width])
  return try gather(gradient, w, bias: nil, geometry, channels)
}

/// Returns the gradient of a transposed convolution by its kernels: the convolution's, with input and
/// output gradient in exchanged parts.
///
///     ŵ[m, c, k] = Σ over pictures n and the taps (o, i) of k  of  x̂[n, c, i] · y[n, m, o]
///
/// - Parameters:
///   - y: the transposed convolution's input, (batch, in, height, width).
///   - gradient: x̂, the gradient by its output.
///   - kernelSize: the size of the kernels.
/// - Returns: (in, out / groups, kernel height, kernel width).
/// - Throws: `GeometryError` if shapes do not fit each other.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func transposedConvolutionKernelGradient<Scalar: Numeric>(
  _ y: Tensor<Scalar>, _ gradient: Tensor<Scalar>, kernelSize: Size,
  stride: Size = 1, padding: Padding = 0, outputPadding: Size = 0, dilation: Size = 1,
  groups: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the input", y)
  try requireMaps("the gradient by the output", gradient)
  let geometry = try TransposedWindow2D(
    kernelSize: kernelSize, stride: stride, padding: padding, outputPadding: outputPadding,
    dilation: dilation
  ).geometry(input: y.size)
  try requireShape(
    "the gradient by the output", gradient.shape,
    [y.batch, gradient.channels, geometry.inputSize.height, geometry.inputSize.width])
  return try kernelGradient(gradient, y, geometry, groups: groups)
}
