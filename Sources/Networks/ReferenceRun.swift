public import ConvolutionArithmetic
public import Primitives
public import Tensors

extension Network {
  /// Returns the result of the network on the readable primitives, layer by layer.
  ///
  /// It is the definition that the fast kernels are tested against; for full-size networks it is slow.
  ///
  /// - Parameters:
  ///   - x: pictures, (batch, channels, height, width).
  ///   - weights: every tensor of ``parameters``, by name.
  ///   - masks: while training, what dropout layers multiply their input by, by layer name; a dropout
  ///     layer without a mask does nothing. See `dropoutMask(_:probability:unit:using:)`.
  /// - Throws: `GeometryError` if a tensor is missing or does not fit, the picture is too small, or a
  ///   mask is not of a dropout layer or not of its shape.
  public func forward<Scalar: Transcendental>(
    _ x: Tensor<Scalar>, weights: Weights<Scalar>, masks: [String: Tensor<Scalar>] = [:]
  ) throws(GeometryError) -> Tensor<Scalar> {
    let last = layers.last!.name
    return try activations(x, weights: weights, masks: masks, keeping: { $0 == last })[last]!
  }

  /// Returns the maps that the chosen layers give, by layer name; all layers by default.
  ///
  /// The parameters and errors are those of ``forward(_:weights:masks:)``.
  public func activations<Scalar: Transcendental>(
    _ x: Tensor<Scalar>, weights: Weights<Scalar>, masks: [String: Tensor<Scalar>] = [:],
    keeping: (String) -> Bool = { _ in true }
  ) throws(GeometryError) -> [String: Tensor<Scalar>] {
    try check(weights)
    try checkInput(x)
    try checkMasks(masks)
    _ = try shapes(input: x.size)
    var lastUse: [String: Int] = [:]
    for (index, layer) in layers.enumerated() {
      for input in layer.inputs { lastUse[input] = index }
    }
    var maps: [String: Tensor<Scalar>] = [:]
    for (index, layer) in layers.enumerated() {
      let inputs = layer.inputs.map { maps[$0]! }
      maps[layer.name] = try apply(
        layer, to: inputs, picture: x, weights: weights, mask: masks[layer.name])
      for input in layer.inputs where lastUse[input] == index && !keeping(input) {
        maps[input] = nil
      }
    }
    return maps.filter { keeping($0.key) }
  }

  private func apply<Scalar: Transcendental>(
    _ layer: Layer, to inputs: [Tensor<Scalar>], picture: Tensor<Scalar>, weights: Weights<Scalar>,
    mask: Tensor<Scalar>?
  ) throws(GeometryError) -> Tensor<Scalar> {
    let weight = weights["\(layer.name).weight"]
    let bias = weights["\(layer.name).bias"]?.elements
    switch layer.operation {
    case .input(let channels):
      guard picture.shape.rank == 4, picture.channels == channels else {
        throw GeometryError(
          "\(name) takes pictures of shape (batch, \(channels), height, width); got \(picture.shape)"
        )
      }
      return picture
    case .convolution(let convolution, _, _, let hasReLU):
      let y = try convolve(inputs[0], weight!, bias: bias, by: convolution)
      return hasReLU ? relu(y) : y
    case .maxPool(let pooling):
      return try maxPool(inputs[0], by: pooling)
    case .averagePool(let pooling):
      return try averagePool(inputs[0], by: pooling)
    case .globalPool(let statistic):
      let whole = try Pooling(kernelSize: inputs[0].size)
      return statistic == .mean
        ? try averagePool(inputs[0], by: whole) : try maxPool(inputs[0], by: whole)
    case .relu:
      return relu(inputs[0])
    case .batchNormalization:
      return normalize(inputs[0], layer.name, weights)
    case .softmax:
      return try softmax(inputs[0])
    case .upsample(let factor, .bilinear):
      return try interpolateBilinear(inputs[0], scale: factor)
    case .upsample(let factor, .nearest):
      // Every cell is stamped as a block of itself.
      let channels = inputs[0].channels
      return try transposedConvolve(
        inputs[0], Tensor(shape: [channels, 1, factor.height, factor.width], repeating: 1),
        stride: factor, groups: channels)
    case .normalization(let size, let alpha, let beta):
      return try localResponseNormalization(
        inputs[0], size: size, alpha: Scalar(alpha), beta: Scalar(beta))
    case .dropout:
      guard let mask else { return inputs[0] }
      return try multiplied(inputs[0], by: mask)
    case .scale(let factor):
      let scalar = Scalar(factor)
      return inputs[0].map { $0 * scalar }
    case .transposedConvolution(let convolution, _, _):
      return try convolve(inputs[0], weight!, bias: bias, by: convolution)
    case .crop:
      return try crop(
        inputs[0], offset: cropOffsets(of: layer), size: inputs[1].size)
    case .sum:
      return try fuseBySum(inputs[0], inputs[1])
    case .concatenate:
      return try fuseByConcatenation(inputs)
    }
  }

  /// (x − mean) / √(variance + 1e-5) · weight + bias, channel by channel.
  private func normalize<Scalar: Transcendental>(
    _ x: Tensor<Scalar>, _ name: String, _ weights: Weights<Scalar>
  ) -> Tensor<Scalar> {
    func numbers(_ kind: String) -> [Scalar] { weights["\(name).\(kind)"]!.elements }
    let (scale, bias) = (numbers("weight"), numbers("bias"))
    let (mean, variance) = (numbers("running_mean"), numbers("running_var"))
    var y = x
    for n in 0..<x.batch {
      for c in 0..<x.channels {
        let factor = scale[c] / (variance[c] + Scalar(1e-5)).squareRoot()
        for row in 0..<x.height {
          for column in 0..<x.width {
            y[n, c, row, column] = (x[n, c, row, column] - mean[c]) * factor + bias[c]
          }
        }
      }
    }
    return y
  }

  /// Checks the rank and the channels of the pictures.
  package func checkInput<Scalar>(_ x: Tensor<Scalar>) throws(GeometryError) {
    let channels = channels["input"]!
    guard x.shape.rank == 4, x.channels == channels else {
      throw GeometryError(
        "\(name) takes pictures of shape (batch, \(channels), height, width); got \(x.shape)")
    }
  }

  /// Checks that every mask belongs to a dropout layer.
  private func checkMasks<Scalar>(_ masks: [String: Tensor<Scalar>]) throws(GeometryError) {
    for name in masks.keys.sorted() {
      guard case .dropout = self[name]?.operation else {
        throw GeometryError(
          "there is a mask for \(name), which is no dropout layer of \(self.name)")
      }
    }
  }

  /// Checks that every tensor is there in its shape; all that are wrong are named in one sentence.
  package func check<Scalar>(
    _ tensors: Weights<Scalar>, called kind: String = "weights"
  ) throws(GeometryError) {
    let problems = parameters.compactMap { $0.problem(got: tensors[$0.name]?.shape) }
    guard problems.isEmpty else {
      throw GeometryError("the \(kind) do not fit \(name): " + problems.joined(separator: "; "))
    }
  }
}
