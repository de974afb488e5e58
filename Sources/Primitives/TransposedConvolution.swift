public import ConvolutionArithmetic
public import Tensors

/// Returns the transposed convolution of `y`: each input cell stamps the kernel, times its value,
/// onto the output.
///
///     x̂[n, c, i] = bias[c] + Σ over channels m and taps (o, i, k) of  y[n, m, o] · w[m, c, k]
///
/// The taps are those of the *forward* convolution with the same kernel, stride, padding and
/// dilation, read the other way; so are the names o and i.
///
/// ```swift
/// let y = Tensor([[0, 1], [2, 3]])
/// try transposedConvolve(y, y)   // 0 0 1 / 0 4 6 / 4 12 9
/// ```
///
/// - `y`: what is given, (batch, in, height, width).
/// - `w`: the kernels, (in, out / groups, height, width): the forward convolution's own layout.
/// - `bias`: one number for each output channel; none means 0.
/// - `padding`: the padding p of the forward convolution; it is taken away here.
/// - `outputPadding`: chooses which forward size is restored; below max(stride, dilation).
/// - Returns: (batch, out, restored height, restored width); see
///   `Window.outputSize(input:)`.
/// - Throws: `GeometryError` if shapes do not fit each other or nothing is left.
/// - Complexity: one multiplication for each input cell, kernel cell and output channel of a group.
public func transposedConvolve<Scalar: Numeric>(
  _ y: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil,
  stride: Size = 1, padding: Padding = 0, outputPadding: Size = 0, dilation: Size = 1,
  groups: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  let forward = try Convolution(
    of: w, stride: stride, padding: padding, dilation: dilation, groups: groups)
  return try convolve(y, w, bias: bias, by: forward.transposed(outputPadding: outputPadding))
}

/// The stamps of a transposed convolution over the taps of any geometry.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
@specialized(where Scalar == Int)
func scatter<Scalar: Numeric>(
  _ y: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]?, _ geometry: Geometry,
  _ channels: ChannelGroups
) throws(GeometryError) -> Tensor<Scalar> {
  var x = try zeros(y.batch, channels.output, geometry.inputSize, like: y)
  if let bias { x.addBias(bias) }
  let columnTaps = geometry.columns.tapsByOutput
  for row in 0..<y.height {
    for (column, taps) in geometry.cellTaps(ofOutputRow: row, columns: columnTaps).enumerated() {
      for n in 0..<x.batch {
        for c in 0..<x.channels {
          let kernelChannel = c % (x.channels / channels.groups)
          let map = x.start(n, c)
          for m in channels.inputs(ofOutput: c) {
            let (value, kernel) = (y[n, m, row, column], w.start(m, kernelChannel))
            for tap in taps {
              x[map + tap.input] += value * w[kernel + tap.kernel]
            }
          }
        }
      }
    }
  }
  return x
}

/// Returns the transposed convolution computed as the gradient of a convolution by its input: each
/// output cell asks which cells of `y` it went to.
///
///     x̂[n, c, i] = bias[c] + Σ over channels m and the taps (o, k) of i  of  y[n, m, o] · w[m, c, k]
///
/// The scatter form walks over `y` and adds wherever a stamp falls; this one walks over the result
/// and reads. Both visit the same taps. Parameters, shapes, errors and result are those of
/// ``transposedConvolve(_:_:bias:stride:padding:outputPadding:dilation:groups:)``.
public func transposedConvolveByGradient<Scalar: Numeric>(
  _ y: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil, by transposed: Convolution
) throws(GeometryError) -> Tensor<Scalar> {
  let channels = try ChannelGroups(
    transposed, input: y.shape, weight: w.shape, bias: bias?.count)
  var x = try inputGradient(y, w, transposed.geometry(input: y.size), channels)
  if let bias { x.addBias(bias) }
  return x
}

extension Tensor where Scalar: Numeric {
  /// Adds to each cell the number that belongs to its channel.
  mutating func addBias(_ bias: [Scalar]) {
    for n in 0..<batch {
      for c in 0..<channels {
        let first = (n * channels + c) * size.area
        for cell in first..<(first + size.area) { elements[cell] += bias[c] }
      }
    }
  }
}
