public import ConvolutionArithmetic
public import Tensors

/// Returns the gradient of a convolution by its input.
///
///     x̂[n, c, i] = Σ over channels m and the taps (o, k) of i  of  ŷ[n, m, o] · w[m, c, k]
///
/// ```swift
/// try convolutionInputGradient(
///   Tensor(row: [1, 1]), Tensor(row: [1, 2, 3]), inputSize: Size(height: 1, width: 4))   // 1 3 5 3
/// ```
///
/// An input cell has moved each output that it went to by the kernel cell it met there. This is the
/// transposed convolution, with the output padding that restores `inputSize`.
///
/// - Parameters:
///   - gradient: ŷ, the gradient by the output, (batch, out, output height, output width).
///   - w: the kernels, (out, in / groups, height, width).
///   - inputSize: the size of the convolution's input.
/// - Returns: (batch, in, input height, input width).
/// - Throws: `GeometryError` if shapes do not fit each other or no window fits.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func convolutionInputGradient<Scalar: Numeric>(
  _ gradient: Tensor<Scalar>, _ w: Tensor<Scalar>, inputSize: Size,
  stride: Size = 1, padding: Padding = 0, dilation: Size = 1, groups: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  let channels = try ChannelGroups(
    input: gradient.shape, weight: w.shape, bias: nil, groups: groups, transposed: true)
  let geometry = try Window2D(
    kernelSize: w.size, stride: stride, padding: padding, dilation: dilation
  ).geometry(input: inputSize)
  try requireShape(
    "the gradient by the output", gradient.shape,
    [gradient.batch, gradient.channels, geometry.outputSize.height, geometry.outputSize.width])
  return try inputGradient(gradient, w, geometry, channels)
}

/// The gradient by the input over any geometry; `channels` are those of the transpose.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
@specialized(where Scalar == Int)
func inputGradient<Scalar: Numeric>(
  _ y: Tensor<Scalar>, _ w: Tensor<Scalar>, _ geometry: Geometry, _ channels: ChannelGroups
) throws(GeometryError) -> Tensor<Scalar> {
  var x = try zeros(y.batch, channels.output, geometry.inputSize, like: y)
  let columnTaps = geometry.columns.tapsByInput
  for row in 0..<x.height {
    for (column, taps) in geometry.cellTaps(ofInputRow: row, columns: columnTaps).enumerated() {
      for n in 0..<x.batch {
        for c in 0..<x.channels {
          let kernelChannel = c % (x.channels / channels.groups)
          var sum = Scalar.zero
          for m in channels.inputs(ofOutput: c) {
            let (map, kernel) = (y.start(n, m), w.start(m, kernelChannel))
            for tap in taps {
              sum += y[map + tap.output] * w[kernel + tap.kernel]
            }
          }
          x[n, c, row, column] = sum
        }
      }
    }
  }
  return x
}

/// Returns the gradient of a convolution by its kernels.
///
///     ŵ[m, c, k] = Σ over pictures n and the taps (o, i) of k  of  x[n, c, i] · ŷ[n, m, o]
///
/// ```swift
/// try convolutionKernelGradient(
///   Tensor(row: [1, 2, 3, 4]), Tensor(row: [1, 1]), kernelSize: Size(height: 1, width: 3))   // 3 5 7
/// ```
///
/// - Parameters:
///   - x: the convolution's input, (batch, in, height, width).
///   - gradient: ŷ, the gradient by the output, (batch, out, output height, output width).
///   - kernelSize: the size of the kernels.
/// - Returns: (out, in / groups, kernel height, kernel width).
/// - Throws: `GeometryError` if shapes do not fit each other or no window fits.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func convolutionKernelGradient<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ gradient: Tensor<Scalar>, kernelSize: Size,
  stride: Size = 1, padding: Padding = 0, dilation: Size = 1, groups: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the input", x)
  try requireMaps("the gradient by the output", gradient)
  let geometry = try Window2D(
    kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation
  ).geometry(input: x.size)
  try requireShape(
    "the gradient by the output", gradient.shape,
    [x.batch, gradient.channels, geometry.outputSize.height, geometry.outputSize.width])
  return try kernelGradient(x, gradient, geometry, groups: groups)
}

/// The gradient by the kernels over any geometry.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
@specialized(where Scalar == Int)
func kernelGradient<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, _ geometry: Geometry, groups: Int
) throws(GeometryError) -> Tensor<Scalar> {
  let kernelSize = Size(height: geometry.rows.kernelSize, width: geometry.columns.kernelSize)
  let channels = try ChannelGroups(
    input: x.shape,
    weight: [y.channels, x.channels / max(groups, 1), kernelSize.height, kernelSize.width],
    bias: nil, groups: groups, transposed: false)
  var w = try zeros(channels.output, channels.input / groups, kernelSize, like: x)
  let columnTaps = geometry.columns.tapsByOutput
  for row in 0..<y.height {
    for (column, taps) in geometry.cellTaps(ofOutputRow: row, columns: columnTaps).enumerated() {
      for n in 0..<y.batch {
        for m in 0..<y.channels {
          let value = y[n, m, row, column]
          for (kernelChannel, channel) in channels.inputs(ofOutput: m).enumerated() {
            let (map, kernel) = (x.start(n, channel), w.start(m, kernelChannel))
            for tap in taps {
              w[kernel + tap.kernel] += x[map + tap.input] * value
            }
          }
        }
      }
    }
  }
  return w
}
