public import ConvolutionArithmetic
public import Tensors

/// Returns the fully connected layer's output: every output number sees every input number.
///
///     y[…, m] = bias[m] + Σ over j of  x[…, j] · w[m, j]
///
/// ```swift
/// try linear(Tensor(shape: [1, 2], elements: [1, 2]), Tensor(shape: [2, 2], elements: [1, 0, 3, 4]))
/// // 1 11
/// ```
///
/// - Parameters:
///   - x: rank 1 or more; the last dimension is the input.
///   - w: the weights, (out, in).
///   - bias: one number for each output; none means 0.
/// - Returns: the shape of `x` with `out` as its last extent.
/// - Throws: `GeometryError` if shapes do not fit each other.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
@specialized(where Scalar == Int)
public func linear<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil
) throws(GeometryError) -> Tensor<Scalar> {
  guard w.shape.rank == 2 else { throw wrongRank("the weights", w.shape, expected: 2) }
  let (outputs, inputs) = (w.shape[0], w.shape[1])
  guard x.shape.rank >= 1, x.shape[x.shape.rank - 1] == inputs else {
    throw GeometryError(
      "the input has shape \(x.shape); its last extent must be \(inputs), for the weights are "
        + "\(w.shape)")
  }
  if let bias, bias.count != outputs {
    throw GeometryError(
      "the bias has \(bias.count) numbers; one for each of the \(outputs) outputs is expected")
  }
  let rows = x.shape.dimensions.dropLast().reduce(1, *)
  var y = try zeros(rows, outputs, like: x)
  for row in 0..<rows {
    for m in 0..<outputs {
      var sum = bias?[m] ?? .zero
      for j in 0..<inputs {
        sum += x[row * inputs + j] * w[m, j]
      }
      y[row, m] = sum
    }
  }
  return y.reshaped(Shape(x.shape.dimensions.dropLast() + [outputs]))
}

/// The gradients of a fully connected layer.
public struct LinearGradients<Scalar> {
  /// By the input, in its shape.
  public let input: Tensor<Scalar>
  /// By the weights, (out, in).
  public let weight: Tensor<Scalar>
  /// By the bias, one number for each output.
  public let bias: [Scalar]
}

/// Returns the gradients of a fully connected layer by its input, weights and bias.
///
///     x̂[n, j] = Σ ŷ[n, m] · w[m, j],   ŵ[m, j] = Σ ŷ[n, m] · x[n, j],   b̂[m] = Σ ŷ[n, m]
///
/// - Parameters:
///   - gradient: ŷ, the gradient by the output, (batch, out).
///   - x: the input, (batch, in).
///   - w: the weights, (out, in).
/// - Throws: `GeometryError` if shapes do not fit each other.
public func linearGradients<Scalar: Numeric>(
  _ gradient: Tensor<Scalar>, input x: Tensor<Scalar>, weight w: Tensor<Scalar>
) throws(GeometryError) -> LinearGradients<Scalar> {
  guard x.shape.rank == 2 else { throw wrongRank("the input", x.shape, expected: 2) }
  guard w.shape.rank == 2 else { throw wrongRank("the weights", w.shape, expected: 2) }
  try requireShape("the weights", w.shape, [w.shape[0], x.shape[1]])
  try requireShape("the gradient by the output", gradient.shape, [x.shape[0], w.shape[0]])
  var (dx, dw) = (Tensor<Scalar>.zeros(x.shape), Tensor<Scalar>.zeros(w.shape))
  var bias = Array(repeating: Scalar.zero, count: w.shape[0])
  for n in 0..<x.shape[0] {
    for m in 0..<w.shape[0] {
      bias[m] += gradient[n, m]
      for j in 0..<w.shape[1] {
        dx[n, j] += gradient[n, m] * w[m, j]
        dw[m, j] += gradient[n, m] * x[n, j]
      }
    }
  }
  return LinearGradients(input: dx, weight: dw, bias: bias)
}

/// In which order a fully connected layer reads the cells of a feature map.
public enum FlatteningOrder: String, Hashable, Sendable, CaseIterable {
  /// Channel by channel, row by row: PyTorch, Caffe and ONNX. The order in memory is that of the
  /// convolution's kernel, so the conversion moves no number.
  case channelRowColumn
  /// Row by row, cell by cell, all channels of a cell together: Keras.
  case rowColumnChannel
}

/// Returns the convolution that computes what a fully connected layer computes: one kernel for each
/// output, as large as the feature map.
///
///     kernel[m, c, r, s] = weight[m, j],  j the position of (c, r, s) in the flattened map
///
/// ```swift
/// // fc6 of VGG16: (4096, 25088) becomes (4096, 512, 7, 7), in the same memory order.
/// try convolutionKernels(fromFullyConnected: fc6, channels: 512, size: 7)
/// ```
///
/// On a map of exactly `size` the two agree; on a larger map the convolution computes the fully
/// connected layer at every window. Source: Long, Shelhamer and Darrell (2015), section 3.1.
///
/// - Parameters:
///   - weight: (out, channels · height · width).
///   - channels: the channels of the feature map that the layer reads.
///   - size: the size of the feature map that the layer reads.
///   - order: how that map was flattened.
/// - Returns: (out, channels, height, width).
/// - Throws: `GeometryError` if the weights do not fit such a map.
public func convolutionKernels<Scalar>(
  fromFullyConnected weight: Tensor<Scalar>, channels: Int, size: Size,
  order: FlatteningOrder = .channelRowColumn
) throws(GeometryError) -> Tensor<Scalar> {
  guard weight.shape.rank == 2 else { throw wrongRank("the weights", weight.shape, expected: 2) }
  guard channels >= 1, size.height >= 1, size.width >= 1,
    weight.shape[1] == channels * size.area
  else {
    throw GeometryError(
      "the weights have shape \(weight.shape); a layer that reads \(channels) maps of \(size) has "
        + "\(channels) · \(size.height) · \(size.width) weights for each output")
  }
  let kernelShape: Shape = [weight.shape[0], channels, size.height, size.width]
  guard order == .rowColumnChannel else { return weight.reshaped(kernelShape) }
  return weight.reshaped([weight.shape[0], size.height, size.width, channels])
    .permuted([0, 3, 1, 2])
}

/// Returns the weights of the fully connected layer that computes what a convolution computes at one
/// window of its kernel's size: the inverse of
/// ``convolutionKernels(fromFullyConnected:channels:size:order:)``.
///
/// For a convolution over a whole map, with more than one output cell, the layer's weights are the
/// convolution's matrix: ``convolutionMatrix(_:by:inputSize:)``.
///
/// - Parameters:
///   - kernels: (out, channels, height, width), without groups.
///   - order: how the map will be flattened.
/// - Returns: (out, channels · height · width).
/// - Throws: `GeometryError` if the kernels are not of rank 4.
public func fullyConnectedWeights<Scalar>(
  fromConvolution kernels: Tensor<Scalar>, order: FlatteningOrder = .channelRowColumn
) throws(GeometryError) -> Tensor<Scalar> {
  guard kernels.shape.rank == 4 else { throw wrongRank("the weights", kernels.shape, expected: 4) }
  let ordered = order == .rowColumnChannel ? kernels.permuted([0, 2, 3, 1]) : kernels
  return ordered.reshaped([kernels.shape[0], kernels.channels * kernels.size.area])
}
