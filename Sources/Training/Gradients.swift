public import ConvolutionArithmetic
public import Networks
public import Primitives
public import Tensors

/// How wrong a network is, and which way each of its numbers should move.
public struct LossAndGradients<Scalar> {
  public let loss: Scalar
  /// The gradient of the loss by every tensor of the network, in its name and shape.
  public let gradients: Weights<Scalar>
}

extension LossAndGradients: Sendable where Scalar: Sendable {}

extension Network {
  /// Returns the loss of the network's scores against a label map, and its gradients by all weights, on
  /// the readable primitives.
  ///
  /// The way back is the way forward read from its end: each layer turns the gradient by its output
  /// into gradients by its inputs and its own weights. A stream that several layers read gets the sum
  /// of what comes back from each.
  ///
  /// ```swift
  /// let network = Network.fcn32s(classes: 2, backbone: .slim([1, 1, 1, 1, 1], classifier: 1))
  /// let start = try network.gradients(
  ///   x, labels: labels, weights: network.initialWeights())
  /// start.loss   // 0.693…, which is log 2: the score layer starts at zero
  /// ```
  ///
  /// It is the definition that fast training is tested against; for full-size networks it is slow.
  ///
  /// - Parameters:
  ///   - x: pictures, (batch, channels, height, width).
  ///   - labels: (batch, 1, height, width) of the scores, from 0 to classes − 1, or the ignored label.
  ///   - weights: every tensor of ``parameters``, by name.
  ///   - ignoredLabel: pixels of this label count nothing.
  ///   - reduction: the loss summed over pixels, or its mean.
  ///   - masks: what dropout layers multiply by, on the way forward and back, by layer name.
  /// - Throws: `GeometryError` if anything does not fit, or a label is out of range.
  public func gradients<Scalar: Transcendental>(
    _ x: Tensor<Scalar>, labels: Tensor<Int>, weights: Weights<Scalar>, ignoredLabel: Int = 255,
    reduction: Reduction = .mean, masks: [String: Tensor<Scalar>] = [:]
  ) throws(GeometryError) -> LossAndGradients<Scalar> {
    let maps = try activations(x, weights: weights, masks: masks)
    let scores = maps[layers.last!.name]!
    let loss = try crossEntropy(
      scores, labels: labels, ignoredLabel: ignoredLabel, reduction: reduction)
    var streams = [
      layers.last!.name: try crossEntropyGradient(
        scores, labels: labels, ignoredLabel: ignoredLabel, reduction: reduction)
    ]
    var gradients: Weights<Scalar> = [:]
    for layer in layers.reversed() {
      let output = maps[layer.name]!
      // A map that nothing reads does not move the loss.
      let gradient = streams.removeValue(forKey: layer.name) ?? .zeros(output.shape)
      let back = try backward(
        layer, gradient, inputs: layer.inputs.map { maps[$0]! }, output: output, weights: weights,
        mask: masks[layer.name])
      gradients["\(layer.name).weight"] = back.weight
      gradients["\(layer.name).bias"] = back.bias
      for (input, part) in zip(layer.inputs, back.inputs) {
        if let other = streams[input] {
          streams[input] = try fuseBySum(other, part)
        } else {
          streams[input] = part
        }
      }
    }
    return LossAndGradients(loss: loss, gradients: gradients)
  }

  /// One layer backwards: the gradient by its output becomes those by its inputs and its weights.
  private func backward<Scalar: Transcendental>(
    _ layer: Layer, _ gradient: Tensor<Scalar>, inputs: [Tensor<Scalar>], output: Tensor<Scalar>,
    weights: Weights<Scalar>, mask: Tensor<Scalar>?
  ) throws(GeometryError) -> LayerGradients<Scalar> {
    let weight = weights["\(layer.name).weight"]
    switch layer.operation {
    case .input:
      return LayerGradients()
    case .convolution(let convolution, _, let hasBias, let hasReLU):
      let gradient = hasReLU ? try reluGradient(gradient, input: output) : gradient
      var back = LayerGradients(
        weight: try convolutionKernelGradient(inputs[0], gradient, by: convolution),
        bias: hasBias
          ? Tensor(shape: [gradient.channels], elements: try biasGradient(gradient)) : nil)
      // Nobody asks which way the picture should move.
      if layer.inputs != ["input"] {
        back.inputs = [
          try convolutionInputGradient(
            gradient, weight!, by: convolution, inputSize: inputs[0].size)
        ]
      }
      return back
    case .maxPool(let pooling):
      let pooled = try maxPoolWithIndices(inputs[0], by: pooling)
      return LayerGradients([
        try maxPoolGradient(gradient, indices: pooled.indices, inputSize: inputs[0].size)
      ])
    case .averagePool(let pooling):
      return LayerGradients([
        try averagePoolGradient(gradient, by: pooling, inputSize: inputs[0].size)
      ])
    case .activation(.relu):
      return LayerGradients([try reluGradient(gradient, input: output)])
    case .normalization(let size, let alpha, let beta, let k):
      return LayerGradients([
        try localResponseNormalizationGradient(
          gradient, input: inputs[0], size: size, alpha: Scalar(alpha), beta: Scalar(beta),
          k: Scalar(k))
      ])
    case .dropout:
      guard let mask else { return LayerGradients([gradient]) }
      return LayerGradients([try multiplied(gradient, by: mask)])
    case .power(exponent: 1, scale: let factor, shift: 0):
      let scalar = Scalar(factor)
      return LayerGradients([gradient.map { $0 * scalar }])
    case .transposedConvolution(let convolution, _, let hasBias):
      return LayerGradients(
        [
          try convolutionInputGradient(
            gradient, weight!, by: convolution, inputSize: inputs[0].size)
        ],
        weight: try convolutionKernelGradient(inputs[0], gradient, by: convolution),
        bias: hasBias
          ? Tensor(shape: [gradient.channels], elements: try biasGradient(gradient)) : nil)
    case .crop:
      // The second input gives the crop its size alone; none of its numbers.
      return LayerGradients([
        try cropGradient(
          gradient, offset: cropOffsets(of: layer), inputSize: inputs[0].size)
      ])
    case .identity:
      return LayerGradients([gradient])
    case .sum(coefficients: []) where inputs.allSatisfy({ $0.shape == gradient.shape }):
      return LayerGradients(inputs.map { _ in gradient })
    case .concatenate:
      return LayerGradients(try splitChannels(gradient, into: inputs.map(\.channels)))
    default:
      throw GeometryError(
        "\(name) can't be trained here: there is no gradient for \(layer.name), which is "
          + "\(layer.operation.kind)")
    }
  }
}

/// What comes back from one layer.
private struct LayerGradients<Scalar> {
  /// By the inputs, in order; for a crop by the first alone.
  var inputs: [Tensor<Scalar>]
  let weight: Tensor<Scalar>?
  let bias: Tensor<Scalar>?

  init(
    _ inputs: [Tensor<Scalar>] = [], weight: Tensor<Scalar>? = nil, bias: Tensor<Scalar>? = nil
  ) {
    (self.inputs, self.weight, self.bias) = (inputs, weight, bias)
  }
}
