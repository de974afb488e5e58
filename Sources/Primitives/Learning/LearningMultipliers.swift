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
