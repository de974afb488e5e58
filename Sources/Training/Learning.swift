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
  /// Of the parameters that learn, and so are their velocities.
  let weights: Buffer
  let velocities: Buffer
  /// Where a parameter that learns begins in both.
  private let places: [String: Int]
  /// The others; with many classes upsampling from each class to each is most of a network.
  private let fixed: Weights<Float>
  /// The largest number of numbers that a parameter has which learns.
  let largestCount: Int

  /// Whether memory counts more than some time.
  let savesMemory: Bool

  init(
    _ network: Network, weights: Weights<Float>, velocities: Weights<Float>,
    learnsUpsampling: Bool, savesMemory: Bool?
  ) {
    parameters = network.parameters
    var (places, end, largest) = ([String: Int](), 0, 0)
    var fixed: Weights<Float> = [:]
    for parameter in parameters {
      let name = parameter.name
      if network.multipliers(of: name, learnsUpsampling: learnsUpsampling) == .fixed {
        fixed[name] = weights[name]
      } else {
        places[name] = end
        end += parameter.shape.count
        largest = max(largest, parameter.shape.count)
      }
    }
    (self.places, self.fixed, largestCount) = (places, fixed, largest)
    self.weights = Buffer(count: end)
    self.velocities = Buffer(count: end)
    self.velocities.clear()
    self.savesMemory = savesMemory ?? (end >= 1 << 24)
    fill(self.weights, weights)
    fill(self.velocities, velocities)
  }

  /// The first number of the weights of a parameter that learns.
  func weight(_ name: String) -> UnsafeMutablePointer<Float> { weights.pointer + places[name]! }

  /// The first number of the velocities of a parameter that learns.
  func velocity(_ name: String) -> UnsafeMutablePointer<Float> {
    velocities.pointer + places[name]!
  }

  /// Calls `body` with the weights of a parameter, whether it learns or not.
  func withWeight<Result>(
    _ name: String, _ body: (UnsafePointer<Float>) throws(GeometryError) -> Result
  ) throws(GeometryError) -> Result {
    guard let tensor = fixed[name] else { return try body(weight(name)) }
    return try tensor.elements.withUnsafeBufferPointer { numbers throws(GeometryError) in
      try body(numbers.baseAddress!)
    }
  }

  /// All weights as they are now.
  var weightTensors: Weights<Float> { tensors(weights).merging(fixed) { own, _ in own } }

  /// The velocities of what learns as they are now.
  var velocityTensors: Weights<Float> { tensors(velocities) }

  private func tensors(_ buffer: Buffer) -> Weights<Float> {
    var tensors: Weights<Float> = [:]
    for parameter in parameters {
      guard let place = places[parameter.name] else { continue }
      let numbers = UnsafeBufferPointer(
        start: buffer.pointer + place, count: parameter.shape.count)
      tensors[parameter.name] = Tensor(shape: parameter.shape, elements: Array(numbers))
    }
    return tensors
  }

  private func fill(_ buffer: Buffer, _ tensors: Weights<Float>) {
    for (name, place) in places {
      tensors[name]?.elements.withUnsafeBufferPointer {
        (buffer.pointer + place).update(from: $0.baseAddress!, count: $0.count)
      }
    }
  }
}
