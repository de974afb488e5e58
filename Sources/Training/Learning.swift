public import ConvolutionArithmetic
import FastKernels
public import Networks
public import Primitives
import Tensors

extension Network {
  /// Weights from which training starts: convolutions after He, the classifier's last layer of deviation
  /// 0.01, the layers that give class scores for pixels zero, transposed convolutions bilinear, biases zero.
  ///
  /// A stage of training starts from the one before: tensors that `source` has under the same name and
  /// shape are taken from there, so that FCN-16s begins with what FCN-32s has learned and FCN-32s with
  /// what a classifier has.
  ///
  /// - Parameters:
  ///   - source: tensors to keep.
  ///   - seed: the random numbers of the others.
  public func initialWeights(
    from source: Weights<Float> = [:], seed: UInt64 = 0
  ) -> Weights<Float> {
    var generator = SplitMix64(seed: seed)
    var weights: Weights<Float> = [:]
    for layer in layers {
      for parameter in parameters(of: layer) {
        let kept = source[parameter.name].flatMap { $0.shape == parameter.shape ? $0 : nil }
        weights[parameter.name] = initial(parameter, of: layer, kept, using: &generator)
      }
    }
    return weights
  }

  /// The tensor that is kept, or else a new one. As many random numbers are used either way, so that
  /// each tensor depends on the seed alone.
  private func initial(
    _ parameter: Parameter, of layer: Layer, _ kept: Tensor<Float>?,
    using generator: inout SplitMix64
  ) -> Tensor<Float> {
    let shape = parameter.shape
    if case .batchNormalization = layer.operation {
      // It changes nothing at first.
      let isFactor = ["\(layer.name).weight", "\(layer.name).running_var"].contains(parameter.name)
      return kept ?? Tensor(shape: shape, repeating: isFactor ? 1 : 0)
    }
    if shape.rank == 1 || layer.name.hasPrefix("score") { return kept ?? .zeros(shape) }
    if case .transposedConvolution = layer.operation, shape[0] == shape[1] {
      return kept
        ?? bilinearKernels(classes: shape[0], kernelSize: Size(height: shape[2], width: shape[3]))
    }
    if let kept {
      generator.skipNormals(shape.count)
      return kept
    }
    // He, Zhang, Ren and Sun (arXiv 1502.01852): variance 2 / inputs of one output cell.
    // The classifier's last layer begins with small scores, so that no class is sure of itself.
    let deviation =
      layer.name == "fc8" ? 0.01 : (2 / Double(shape[1] * shape[2] * shape[3])).squareRoot()
    return Tensor(
      shape: shape, elements: (0..<shape.count).map { _ in Float(deviation * generator.normal()) })
  }
}

extension Network {
  /// How a tensor learns: a bias twice as fast as a weight and without decay, upsampling not at all.
  ///
  /// So the FCN reference code has it. In the paper upsampling learns, all but the last layer of it.
  /// U-Net's transposed convolutions, which have a bias, always learn.
  ///
  /// - Parameters:
  ///   - parameter: the name of a tensor: `conv1_1.bias`.
  ///   - learnsUpsampling: whether the weights of ``isUpsampling(_:)`` learn, but for the last.
  public func multipliers(
    of parameter: String, learnsUpsampling: Bool = false
  ) -> LearningMultipliers {
    if isUpsampling(parameter) {
      let last = parameters.last { isUpsampling($0.name) }
      return learnsUpsampling && parameter != last?.name ? .weight : .fixed
    }
    return parameter.hasSuffix(".bias") ? .bias : .weight
  }

  /// Returns all weights and their velocities after a step of gradient descent, each tensor with its
  /// own multipliers.
  ///
  /// ```swift
  /// let start = try network.gradients(x, labels: labels, weights: weights)
  /// (weights, velocities) = try network.step(
  ///   weights, velocities: velocities, gradients: start.gradients,
  ///   GradientDescent(rate: 0.01, momentum: 0.9, decay: 5e-4))
  /// ```
  ///
  /// - Parameters:
  ///   - weights: every tensor of ``parameters``, by name.
  ///   - velocities: as the step before has returned them; a tensor without one is at rest.
  ///   - gradients: as ``gradients(_:labels:weights:ignoredLabel:reduction:masks:)`` returns them.
  ///   - descent: rate, momentum and decay, before the multipliers.
  ///   - learnsUpsampling: see ``multipliers(of:learnsUpsampling:)``.
  /// - Throws: `GeometryError` if a tensor is missing or does not fit.
  public func step<Scalar: Numeric>(
    _ weights: Weights<Scalar>, velocities: Weights<Scalar> = [:], gradients: Weights<Scalar>,
    _ descent: GradientDescent<Scalar>, learnsUpsampling: Bool = false
  ) throws(GeometryError) -> (weights: Weights<Scalar>, velocities: Weights<Scalar>) {
    try check(weights)
    try check(gradients, called: "gradients")
    var (weights, velocities) = (weights, velocities)
    for parameter in parameters {
      let name = parameter.name
      let multipliers = multipliers(of: name, learnsUpsampling: learnsUpsampling)
      (weights[name], velocities[name]) = try descent.scaled(by: multipliers).step(
        weights[name]!, velocity: velocities[name] ?? .zeros(parameter.shape),
        gradient: gradients[name]!)
    }
    return (weights, velocities)
  }
}

/// The parameters of a network, and the velocities with which they move, one behind the other.
final class ParameterStore {
  let parameters: [Network.Parameter]
  let weights: Buffer
  /// Of the parameters that learn; with many classes those that do not are the most.
  let velocities: Buffer
  private let places: [String: Int]
  private let velocityPlaces: [String: Int]

  /// Whether memory counts more than some time.
  let savesMemory: Bool

  init(
    _ network: Network, weights: Weights<Float>, velocities: Weights<Float>,
    learnsUpsampling: Bool, savesMemory: Bool?
  ) {
    parameters = network.parameters
    let learning = parameters.filter {
      network.multipliers(of: $0.name, learnsUpsampling: learnsUpsampling) != .fixed
    }
    func buffer(_ parameters: [Network.Parameter]) -> (Buffer, [String: Int]) {
      var (places, end) = ([String: Int](), 0)
      for parameter in parameters {
        places[parameter.name] = end
        end += parameter.shape.count
      }
      return (Buffer(count: end), places)
    }
    (self.weights, places) = buffer(parameters)
    (self.velocities, velocityPlaces) = buffer(learning)
    self.velocities.clear()
    largestCount = learning.map(\.shape.count).max() ?? 0
    self.savesMemory = savesMemory ?? (self.weights.count >= 1 << 24)
    fill(self.weights, places, weights)
    fill(self.velocities, velocityPlaces, velocities)
  }

  /// The first number of a parameter's weights.
  func weight(_ name: String) -> UnsafeMutablePointer<Float> {
    weights.pointer + places[name]!
  }

  /// The first number of the velocities of a parameter that learns.
  func velocity(_ name: String) -> UnsafeMutablePointer<Float> {
    velocities.pointer + velocityPlaces[name]!
  }

  /// The largest number of numbers that a parameter has which learns.
  let largestCount: Int

  var weightTensors: Weights<Float> { tensors(weights, places) }

  var velocityTensors: Weights<Float> { tensors(velocities, velocityPlaces) }

  private func tensors(_ buffer: Buffer, _ places: [String: Int]) -> Weights<Float> {
    var tensors: Weights<Float> = [:]
    for parameter in parameters {
      guard let place = places[parameter.name] else { continue }
      let numbers = UnsafeBufferPointer(
        start: buffer.pointer + place, count: parameter.shape.count)
      tensors[parameter.name] = Tensor(shape: parameter.shape, elements: Array(numbers))
    }
    return tensors
  }

  private func fill(_ buffer: Buffer, _ places: [String: Int], _ tensors: Weights<Float>) {
    for (name, place) in places {
      tensors[name]?.elements.withUnsafeBufferPointer {
        (buffer.pointer + place).update(from: $0.baseAddress!, count: $0.count)
      }
    }
  }
}
