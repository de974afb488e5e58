public import Primitives

/// How a network learns: what does not change from step to step. The rate is each step's own.
public struct TrainingSettings: Hashable, Sendable {
  /// The part of the velocity that is kept from step to step.
  public var momentum: Double
  /// The part of a weight that is added to its gradient; of biases nothing is.
  public var weightDecay: Double
  /// Whether the losses of all pixels of a batch are averaged or added up.
  public var reduction: Reduction
  /// Pixels of this label count nothing.
  public var ignoredLabel: UInt8
  /// The probability of dropout instead of what the network says; 0 for none.
  public var dropout: Double?
  /// What dropout drops as one.
  public var dropoutUnit: DropoutUnit
  /// Whether transposed convolutions between class scores learn, all but the last; they stay bilinear
  /// otherwise.
  public var learnsUpsampling: Bool
  /// Where the choices of dropout come from.
  public var seed: UInt64

  /// Settings; those of the FCN paper where none are given.
  public init(
    momentum: Double = 0.9, weightDecay: Double = 5e-4,
    reduction: Reduction = .mean, ignoredLabel: UInt8 = 255, dropout: Double? = nil,
    dropoutUnit: DropoutUnit = .element, learnsUpsampling: Bool = false, seed: UInt64 = 0
  ) {
    (self.momentum, self.weightDecay) = (momentum, weightDecay)
    (self.reduction, self.ignoredLabel) = (reduction, ignoredLabel)
    (self.dropout, self.dropoutUnit) = (dropout, dropoutUnit)
    (self.learnsUpsampling, self.seed) = (learnsUpsampling, seed)
  }
}
