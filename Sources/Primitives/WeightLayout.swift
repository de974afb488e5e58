public import ConvolutionArithmetic
public import Tensors

/// The layers that have weights.
public enum WeightedLayer: String, Hashable, Sendable, CaseIterable {
  case convolution
  /// A transposed convolution. No library turns its kernel.
  case transposedConvolution
  /// A convolution with a group for each input channel; only Keras stores it in another way than as a
  /// convolution with groups.
  case depthwiseConvolution
  /// A fully connected layer; of ONNX's ways Gemm with `transB = 1`, which is PyTorch's.
  case fullyConnected
}

/// Returns the names of the dimensions of a layer's weights as a library stores them, outermost first.
///
/// ```swift
/// weightDimensions(of: .transposedConvolution, in: .keras)
/// // ["kernel height", "kernel width", "out", "in"]
/// ```
///
/// Keras' transposed layer has no groups.
public func weightDimensions(of layer: WeightedLayer, in framework: Framework) -> [String] {
  let ours =
    switch layer {
    case .convolution: ["out", "in / groups", "kernel height", "kernel width"]
    case .transposedConvolution: ["in", "out / groups", "kernel height", "kernel width"]
    case .depthwiseConvolution: ["in · multiplier", "1", "kernel height", "kernel width"]
    case .fullyConnected: ["out", "in"]
    }
  guard framework == .keras else { return ours }
  guard layer != .depthwiseConvolution else {
    return ["kernel height", "kernel width", "in", "multiplier"]
  }
  let keras = kerasAxes(of: layer).map { ours[$0] }
  return layer == .transposedConvolution ? keras.map { $0 == "out / groups" ? "out" : $0 } : keras
}

/// Returns a layer's weights in the layout of another library.
///
/// ```swift
/// // (64, 3, 3, 3) becomes (3, 3, 3, 64)
/// try convertLayout(weight, of: .convolution, from: .pytorch, to: .keras)
/// ```
///
/// PyTorch, Caffe and ONNX agree; Keras puts the kernel's rows and columns first. For the first fully
/// connected layer after a feature map the order in which the map was flattened differs as well: see
/// ``FlatteningOrder``.
///
/// - `inputChannels`: the channels of the layer's input, which a depthwise convolution's
///   weights from Keras tell by themselves and those to Keras do not; ignored for other layers.
/// - Throws: `GeometryError` if the rank does not fit the layer, or the input channels do not divide a
///   depthwise convolution's kernels.
public func convertLayout<Scalar>(
  _ weight: Tensor<Scalar>, of layer: WeightedLayer, from source: Framework,
  to destination: Framework, inputChannels: Int? = nil
) throws(GeometryError) -> Tensor<Scalar> {
  let rank = layer == .fullyConnected ? 2 : 4
  guard weight.shape.rank == rank else {
    throw GeometryError(
      "the weights have shape \(weight.shape); rank \(rank) is expected: "
        + weightDimensions(of: layer, in: source).joined(separator: ", "))
  }
  guard (source == .keras) != (destination == .keras) else { return weight }
  if layer == .depthwiseConvolution {
    return source == .keras
      ? depthwiseFromKeras(weight) : try depthwiseToKeras(weight, inputChannels: inputChannels)
  }
  let axes = kerasAxes(of: layer)
  return weight.permuted(
    destination == .keras ? axes : axes.indices.map { axes.firstIndex(of: $0)! })
}

/// For each dimension in Keras, the dimension of ours that it is.
private func kerasAxes(of layer: WeightedLayer) -> [Int] {
  // The innermost pair is (in / groups, out) for a convolution and (out / groups, in) for a
  // transposed one: in both, ours the other way round.
  layer == .fullyConnected ? [1, 0] : [2, 3, 1, 0]
}

/// (kernel height, kernel width, in, multiplier) to (in · multiplier, 1, kernel height, kernel width).
private func depthwiseFromKeras<Scalar>(_ weight: Tensor<Scalar>) -> Tensor<Scalar> {
  let (height, width, kernels) = (
    weight.shape[0], weight.shape[1], weight.shape[2] * weight.shape[3]
  )
  return weight.permuted([2, 3, 0, 1]).reshaped([kernels, 1, height, width])
}

/// (in · multiplier, 1, kernel height, kernel width) to (kernel height, kernel width, in, multiplier).
private func depthwiseToKeras<Scalar>(
  _ weight: Tensor<Scalar>, inputChannels: Int?
) throws(GeometryError) -> Tensor<Scalar> {
  let channels = inputChannels ?? weight.shape[0]
  guard weight.channels == 1, channels >= 1, weight.shape[0] % channels == 0 else {
    throw GeometryError(
      "the weights have shape \(weight.shape); a depthwise convolution over \(channels) channels "
        + "has (\(channels) · multiplier, 1, kernel height, kernel width)")
  }
  return weight.reshaped([channels, weight.shape[0] / channels, weight.height, weight.width])
    .permuted([2, 3, 0, 1])
}

extension Tensor {
  /// The same cells with the dimensions in another order: dimension `axes[d]` becomes dimension d.
  ///
  /// ```swift
  /// Tensor<Int>.ramp([2, 3]).permuted([1, 0])   // (3, 2): 1 4 2 5 3 6
  /// ```
  ///
  /// - Parameter axes: each dimension once.
  public func permuted(_ axes: [Int]) -> Tensor {
    precondition(
      axes.sorted() == Array(0..<shape.rank), "\(axes) does not name each axis of \(shape) once")
    // How far apart neighbours along each dimension of the result lie in the source.
    let steps = axes.map { axis in shape.dimensions[(axis + 1)...].reduce(1, *) }
    let extents = axes.map { shape[$0] }
    var sources = [0]
    for (extent, step) in zip(extents, steps) {
      sources = sources.flatMap { source in (0..<extent).map { source + $0 * step } }
    }
    return Tensor(shape: Shape(extents), elements: sources.map { elements[$0] })
  }
}
