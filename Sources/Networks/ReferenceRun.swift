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

  func apply<Scalar: Transcendental>(
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
    case .activation(.learnedReLU):
      return rectified(inputs[0], slopes: weight!.elements)
    case .activation(let function):
      return inputs[0].map(function.callAsFunction)
    case .batchNormalization, .affine:
      return lines(of: layer, weights).of(inputs[0])
    case .power(let exponent, let scale, let shift):
      let (scale, shift) = (Scalar(scale), Scalar(shift))
      let y = shift == 0 ? inputs[0].map { $0 * scale } : inputs[0].map { $0 * scale + shift }
      return exponent == 1 ? y : y.map { Scalar.pow($0, Scalar(exponent)) }
    case .softmax:
      return try softmax(inputs[0])
    case .resize(let resize):
      return try resized(
        inputs[0], by: resize, to: resize.target == .second ? inputs[1].size : nil)
    case .normalization(let size, let alpha, let beta, let k):
      return try localResponseNormalization(
        inputs[0], size: size, alpha: Scalar(alpha), beta: Scalar(beta), k: Scalar(k))
    case .dropout:
      guard let mask else { return inputs[0] }
      return try multiplied(inputs[0], by: mask)
    case .transposedConvolution(let convolution, _, _):
      return try convolve(inputs[0], weight!, bias: bias, by: convolution)
    case .crop:
      return try crop(
        inputs[0], offset: cropOffsets(of: layer), size: inputs[1].size)
    case .centerCrop, .padTo:
      let places = layer.operation.placesInSecond(from: inputs[0].size, to: inputs[1].size)
      return placed(inputs[0], places, size: inputs[1].size)
    case .cut(let offset, let size):
      return try crop(inputs[0], offset: offset, size: size)
    case .pad(let padding, let border):
      return padded(inputs[0], padding, border)
    case .channels(let range):
      return selected(inputs[0], channels: Array(range))
    case .shuffle(let groups):
      return selected(inputs[0], channels: shuffled(inputs[0].channels, groups: groups))
    case .pixelShuffle(let block):
      return inBlocks(inputs[0], block)
    case .pixelUnshuffle(let block):
      return outOfBlocks(inputs[0], block)
    case .sum(let coefficients):
      let scaled = zip(inputs, coefficients).map { x, c in x.map { $0 * Scalar(c) } }
      return joined(coefficients.isEmpty ? inputs : scaled, +)
    case .product:
      return joined(inputs, *)
    case .maximum:
      return joined(inputs) { $0 >= $1 || $0 != $0 ? $0 : $1 }
    case .concatenate:
      return try fuseByConcatenation(inputs)
    case .identity:
      return inputs[0]
    case .unknown:
      throw GeometryError("\(name), layer \(layer.whyUnknown!)")
    }
  }

  /// Checks the rank and the channels of the pictures.
  package func checkInput<Scalar>(_ x: Tensor<Scalar>) throws(GeometryError) {
    try checkThatOnePictureIsRead()
    let channels = inputChannels
    guard x.shape.rank == 4, x.channels == channels else {
      throw GeometryError(
        "\(name) takes pictures of shape (batch, \(channels), height, width); got \(x.shape)")
    }
  }

  /// Refuses to run a network of several pictures: its table is all that there is of it.
  func checkThatOnePictureIsRead() throws(GeometryError) {
    let pictures = layers.filter { if case .input = $0.operation { true } else { false } }
    guard pictures.count == 1 else {
      throw GeometryError(
        "\(name) reads \(pictures.count) pictures, \(pictures.map(\.name).joined(separator: ", ")); "
          + "networks that read one are run")
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
