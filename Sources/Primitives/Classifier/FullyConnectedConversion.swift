public import ConvolutionArithmetic
public import Tensors

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
/// convolution's matrix: ``convolutionMatrix(_:inputSize:stride:padding:dilation:groups:)``.
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
