import Tensors
public import Primitives

/// How a network learns: what does not change from step to step.
public struct TrainingSettings: Hashable, Sendable {
  /// How far a weight goes down its velocity; biases go twice as far.
  public var rate: Double
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

  /// Settings; those of the FCN paper where none are given, but for the rate and dropout.
  public init(
    rate: Double, momentum: Double = 0.9, weightDecay: Double = 5e-4,
    reduction: Reduction = .mean, ignoredLabel: UInt8 = 255, dropout: Double? = nil,
    dropoutUnit: DropoutUnit = .element, learnsUpsampling: Bool = false, seed: UInt64 = 0
  ) {
    (self.rate, self.momentum, self.weightDecay) = (rate, momentum, weightDecay)
    (self.reduction, self.ignoredLabel) = (reduction, ignoredLabel)
    (self.dropout, self.dropoutUnit) = (dropout, dropoutUnit)
    (self.learnsUpsampling, self.seed) = (learnsUpsampling, seed)
  }

  /// How the parameters of a layer learn: what the rate and the weight decay are multiplied with.
  ///
  /// Weights 1 and 1, biases 2 and 0 as in the FCN reference code, fixed layers 0 and 0.
  func multipliers(of layer: Layer, in network: Network) -> ParameterMultipliers {
    if case .transposedConvolution(_, _, _, bias: false) = layer.operation {
      let last = network.layers.last {
        if case .transposedConvolution = $0.operation { true } else { false }
      }
      return learnsUpsampling && layer != last
        ? ParameterMultipliers(weightRate: 1, weightDecay: 1) : ParameterMultipliers()
    }
    return ParameterMultipliers(weightRate: 1, weightDecay: 1, biasRate: 2, biasDecay: 0)
  }
}

/// What the rate and the weight decay are multiplied with for the parameters of one layer.
struct ParameterMultipliers {
  var weightRate = 0.0
  var weightDecay = 0.0
  var biasRate = 0.0
  var biasDecay = 0.0

  /// Whether nothing of the layer learns.
  var isFixed: Bool { weightRate == 0 && biasRate == 0 }
}
