public import ConvolutionArithmetic
public import Tensors

/// Returns the convolution of `x` with the kernels `w`: at each output cell, the sum over the window
/// of input times kernel.
///
///     y[n, m, o] = bias[m] + Σ over channels c and taps (o, i, k) of  x[n, c, i] · w[m, c, k]
///
/// ```swift
/// try convolve(Tensor(row: [1, 2, 3, 4, 5]), Tensor(row: [1, 0, -1]))   // -2 -2 -2
/// ```
///
/// The kernel is not turned: this is the cross-correlation that the field calls convolution. For the
/// convolution of mathematics see ``trueConvolve(_:_:bias:by:)``.
///
/// - `x`: the input, (batch, channels, height, width).
/// - `w`: the kernels, (out, channels / groups, height, width).
/// - `bias`: one number for each output channel; none means 0.
/// - `groups`: the channels are cut into this many groups; output channels see their own group only.
/// - Returns: (batch, out, output height, output width); see `Window.outputSize(input:)`.
/// - Throws: `GeometryError` if shapes do not fit each other or no window fits.
/// - Complexity: one multiplication for each output cell, kernel cell and input channel of a group.
public func convolve<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil,
  stride: Size = 1, padding: Padding = 0, dilation: Size = 1, groups: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  let convolution = try Convolution(
    of: w, stride: stride, padding: padding, dilation: dilation, groups: groups)
  return try convolve(x, w, bias: bias, by: convolution)
}

/// Returns the convolution of `x` with the kernels `w`, or with a transposed one the transposed
/// convolution, as ``convolve(_:_:bias:stride:padding:dilation:groups:)`` and
/// ``transposedConvolve(_:_:bias:stride:padding:outputPadding:dilation:groups:)`` tell.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
@specialized(where Scalar == Int)
public func convolve<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil, by convolution: Convolution
) throws(GeometryError) -> Tensor<Scalar> {
  let channels = try ChannelGroups(
    convolution, input: x.shape, weight: w.shape, bias: bias?.count)
  let geometry = try convolution.geometry(input: x.size)
  return convolution.isTransposed
    ? try scatter(x, w, bias: bias, geometry, channels)
    : try gather(x, w, bias: bias, geometry, channels)
}

extension Convolution {
  /// The convolution whose kernels these are.
  ///
  /// - Throws: `GeometryError` if they are not of rank 4, or a number is out of range.
  public init<Scalar>(
    of w: Tensor<Scalar>, stride: Size = 1, padding: Padding = 0, dilation: Size = 1,
    groups: Int = 1
  ) throws(GeometryError) {
    try requireMaps("the array of weights", w)
    try self.init(
      kernelSize: w.size, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}

/// The sum of a convolution over the taps of any geometry. The gradient of a transposed convolution
/// is the same sum over the geometry of the transpose.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
@specialized(where Scalar == Int)
func gather<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]?, _ geometry: Geometry,
  _ channels: ChannelGroups
) throws(GeometryError) -> Tensor<Scalar> {
  var y = try zeros(x.batch, channels.output, geometry.outputSize, like: x)
  let columnTaps = geometry.columns.tapsByOutput
  for row in 0..<y.height {
    for (column, taps) in geometry.cellTaps(ofOutputRow: row, columns: columnTaps).enumerated() {
      for n in 0..<y.batch {
        for m in 0..<y.channels {
          var sum = bias?[m] ?? .zero
          for (kernelChannel, channel) in channels.inputs(ofOutput: m).enumerated() {
            let (map, kernel) = (x.start(n, channel), w.start(m, kernelChannel))
            for tap in taps {
              sum += x[map + tap.input] * w[kernel + tap.kernel]
            }
          }
          y[n, m, row, column] = sum
        }
      }
    }
  }
  return y
}
