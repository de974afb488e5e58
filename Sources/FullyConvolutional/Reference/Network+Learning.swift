public import ConvolutionArithmetic
public import Primitives
import Tensors

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
