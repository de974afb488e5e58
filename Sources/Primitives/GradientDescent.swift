public import ConvolutionArithmetic
public import Tensors

/// Stochastic gradient descent with momentum and weight decay: the settings, and the step.
///
///     v ← momentum · v + (gradient + decay · w)
///     w ← w − rate · v
///
/// ```swift
/// let descent = GradientDescent(rate: Fraction(1, 10), momentum: Fraction(1, 2))
/// descent.step(1, velocity: 2, gradient: 3)   // velocity ½·2 + 3 = 4, weight 1 − 4/10 = ⅗
/// ```
///
/// Every number moves by itself. This is PyTorch's `SGD`, without dampening or Nesterov's variant, and
/// with its order of operations. Caffe takes the rate into the velocity, v ← momentum · v + rate · g and
/// w ← w − v: the same weights as long as the rate is constant. When the rate changes they differ: the
/// velocity so far goes on at its old rate there, at the new one here.
public struct GradientDescent<Scalar: Numeric> {
  /// How far a weight goes along its velocity.
  public var rate: Scalar
  /// How much of its velocity a weight keeps.
  public var momentum: Scalar
  /// How much of the weight itself is taken off along with the gradient.
  public var decay: Scalar

  /// Settings; without momentum and decay a weight goes `rate` times its gradient down.
  public init(rate: Scalar, momentum: Scalar = 0, decay: Scalar = 0) {
    (self.rate, self.momentum, self.decay) = (rate, momentum, decay)
  }

  /// Returns one weight and its velocity after a step.
  public func step(
    _ weight: Scalar, velocity: Scalar, gradient: Scalar
  ) -> (weight: Scalar, velocity: Scalar) {
    let velocity = momentum * velocity + (gradient + decay * weight)
    return (weight - rate * velocity, velocity)
  }

  /// Returns a tensor of weights and their velocities after a step.
  ///
  /// - Throws: `GeometryError` if the shapes differ.
  public func step(
    _ weights: Tensor<Scalar>, velocity: Tensor<Scalar>, gradient: Tensor<Scalar>
  ) throws(GeometryError) -> (weight: Tensor<Scalar>, velocity: Tensor<Scalar>) {
    try requireShape("the velocity", velocity.shape, weights.shape)
    try requireShape("the gradient", gradient.shape, weights.shape)
    var (weights, velocity) = (weights, velocity)
    for i in weights.elements.indices {
      (weights[i], velocity[i]) = step(weights[i], velocity: velocity[i], gradient: gradient[i])
    }
    return (weights, velocity)
  }
}

extension GradientDescent: Equatable where Scalar: Equatable {}
extension GradientDescent: Sendable where Scalar: Sendable {}

/// How a tensor learns compared with others: what its rate and its weight decay are multiplied by,
/// Caffe's `lr_mult` and `decay_mult`.
public struct LearningMultipliers: Hashable, Sendable {
  /// Multiplies the rate; 0 keeps the tensor as it is.
  public var rate: Int
  /// Multiplies the weight decay.
  public var decay: Int

  /// Multipliers.
  public init(rate: Int, decay: Int) {
    (self.rate, self.decay) = (rate, decay)
  }

  /// A kernel: the rate and the decay as they are.
  public static let weight = LearningMultipliers(rate: 1, decay: 1)
  /// A bias: twice the rate and no decay, as VGG16 and the FCNs were trained.
  public static let bias = LearningMultipliers(rate: 2, decay: 0)
  /// A tensor that does not learn, such as bilinear kernels.
  public static let fixed = LearningMultipliers(rate: 0, decay: 0)
}

extension GradientDescent {
  /// The settings for a tensor with multipliers of its own.
  ///
  /// ```swift
  /// GradientDescent(rate: 3, decay: 5).scaled(by: .bias)   // rate 2·3, decay 0·5
  /// ```
  public func scaled(by multipliers: LearningMultipliers) -> GradientDescent {
    GradientDescent(
      rate: Scalar(exactly: multipliers.rate)! * rate, momentum: momentum,
      decay: Scalar(exactly: multipliers.decay)! * decay)
  }
}
