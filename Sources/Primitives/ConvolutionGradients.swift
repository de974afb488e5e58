public import ConvolutionArithmetic
public import Tensors

/// Returns the gradient of a convolution, or of a transposed one, by its input.
///
///     x̂[n, c, i] = Σ over channels m and the taps (o, k) of i  of  ŷ[n, m, o] · w[m, c, k]
///
/// ```swift
/// try convolutionInputGradient(
///   Tensor(row: [1, 1]), Tensor(row: [1, 2, 3]), inputSize: Size(height: 1, width: 4))   // 1 3 5 3
/// ```
///
/// An input cell has moved each output that it went to by the kernel cell it met there. This is the
/// transposed convolution, with the output padding that restores `inputSize`. The gradient of the
/// transposed convolution is the convolution itself:
///
///     ŷ[n, m, o] = Σ over channels c and taps (o, i, k) of  x̂[n, c, i] · w[m, c, k]
///
/// - Parameters:
///   - gradient: the gradient by the output.
///   - w: the kernels, in the layout of the convolution.
///   - convolution: none means stride 1 and no padding.
///   - inputSize: the size of the convolution's input.
/// - Returns: (batch, in, input height, input width).
/// - Throws: `GeometryError` if shapes do not fit each other or no window fits.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func convolutionInputGradient<Scalar: Numeric>(
  _ gradient: Tensor<Scalar>, _ w: Tensor<Scalar>, by convolution: Convolution? = nil,
  inputSize: Size
) throws(GeometryError) -> Tensor<Scalar> {
  let convolution = if let convolution { convolution } else { try Convolution(of: w) }
  let channels = try ChannelGroups(
    input: gradient.shape, weight: w.shape, bias: nil, groups: convolution.groups,
    isTransposed: !convolution.isTransposed)
  let geometry = try convolution.geometry(input: inputSize)
  try requireResult(gradient, of: geometry, batch: gradient.batch)
  return convolution.isTransposed
    ? try gather(gradient, w, bias: nil, geometry, channels)
    : try inputGradient(gradient, w, geometry, channels)
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

/// Returns the gradient of a convolution, or of a transposed one, by its kernels.
///
///     ŵ[m, c, k] = Σ over pictures n and the taps (o, i) of k  of  x[n, c, i] · ŷ[n, m, o]
///
/// ```swift
/// let three = try Convolution(kernelSize: Size(height: 1, width: 3))
/// try convolutionKernelGradient(
///   Tensor(row: [1, 2, 3, 4]), Tensor(row: [1, 1]), by: three)   // 3 5 7
/// ```
///
/// Of a transposed convolution, the input and the gradient exchange their parts.
///
/// - `x`: the convolution's input, (batch, in, height, width).
/// - `gradient`: the gradient by the output, (batch, out, output height, output width).
/// - Returns: kernels in the layout of the convolution.
/// - Throws: `GeometryError` if shapes do not fit each other or no window fits.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func convolutionKernelGradient<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ gradient: Tensor<Scalar>, by convolution: Convolution
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the input", x)
  try requireMaps("the gradient by the output", gradient)
  let geometry = try convolution.geometry(input: x.size)
  try requireResult(gradient, of: geometry, batch: x.batch)
  return convolution.isTransposed
    ? try kernelGradient(gradient, x, geometry, groups: convolution.groups)
    : try kernelGradient(x, gradient, geometry, groups: convolution.groups)
}

private func requireResult<Scalar>(
  _ gradient: Tensor<Scalar>, of geometry: Geometry, batch: Int
) throws(GeometryError) {
  let size = geometry.resultSize
  try requireShape(
    "the gradient by the output", gradient.shape,
    [batch, gradient.channels, size.height, size.width])
}

/// The gradient by the kernels over any geometry.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
@specialized(where Scalar == Int)
func kernelGradient<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ y: Tensor<Scalar>, _ geometry: Geometry, groups: Int
) throws(GeometryError) -> Tensor<Scalar> {
  let kernelSize = Size(
    height: geometry.rows.window.kernelSize, width: geometry.columns.window.kernelSize)
  let channels = try ChannelGroups(
    input: x.shape,
    weight: [y.channels, x.channels / groups, kernelSize.height, kernelSize.width],
    bias: nil, groups: groups, isTransposed: false)
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
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
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
