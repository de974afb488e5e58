public import Networks
public import Primitives

/// A whole course of training: the stages, and what they have in common.
public struct TrainingRecipe: Hashable, Sendable {
  /// The stages, each from the one before.
  public var stages: [TrainingStage]
  /// The layers below the scores.
  public var backbone: Backbone
  /// Pictures in a batch.
  public var batch: Int
  /// What does not change; the rate is each stage's own.
  public var settings: TrainingSettings
  /// How many pictures are drawn, where they are drawn.
  public var pictures: PictureCounts
  /// Whether each picture is laid in one of eight ways, mirrored and turned, whenever it is seen.
  public var turnsPictures: Bool

  public init(
    stages: [TrainingStage], backbone: Backbone, batch: Int, settings: TrainingSettings,
    pictures: PictureCounts, turnsPictures: Bool = false
  ) {
    (self.stages, self.backbone, self.batch, self.settings) = (stages, backbone, batch, settings)
    (self.pictures, self.turnsPictures) = (pictures, turnsPictures)
  }

  /// For the synthetic scenes, a few minutes: small batches, and a rate that goes down in a line.
  public static let scenes = TrainingRecipe(
    stages: [
      TrainingStage(.classifier, iterations: 1600, rate: 0.0025, warmUp: 100, cooling: 0.5),
      TrainingStage(.fcn32s, iterations: 1000, rate: 0.015, warmUp: 100, cooling: 0.5),
      TrainingStage(.fcn16s, iterations: 1000, rate: 0.02, warmUp: 100, cooling: 0.5),
      TrainingStage(.fcn8s, iterations: 7000, rate: 0.04, warmUp: 100, cooling: 1),
    ],
    backbone: .scenes, batch: 2, settings: TrainingSettings(dropout: 0),
    pictures: PictureCounts(training: 2000, validation: 100, single: 1000, shapes: 12...24),
    turnsPictures: true)

  /// Fewer layers, channels, pictures and iterations, in a few seconds.
  public static let quick: TrainingRecipe = {
    var recipe = TrainingRecipe.scenes
    recipe.backbone.blocks = [
      Backbone.Block(1, channels: 6), Backbone.Block(1, channels: 12),
      Backbone.Block(2, channels: 24), Backbone.Block(2, channels: 32),
      Backbone.Block(1, channels: 48),
    ]
    recipe.stages = [
      TrainingStage(.classifier, iterations: 300, rate: 0.005, cooling: 0.25),
      TrainingStage(.fcn32s, iterations: 150, rate: 0.01, cooling: 0.25),
      TrainingStage(.fcn16s, iterations: 100, rate: 0.01, cooling: 0.25),
      TrainingStage(.fcn8s, iterations: 100, rate: 0.01, cooling: 0.25),
    ]
    (recipe.batch, recipe.turnsPictures) = (10, false)
    recipe.pictures = PictureCounts(training: 200, validation: 50, single: 1000)
    return recipe
  }()

  /// For a data set of photographs, from VGG16: the settings of the FCN reference code, with the mean
  /// loss of one picture at a time.
  ///
  /// At 500×500 pixels the reference code's rate of 1e-10 for the sum of all losses is 2.5e-5 for their
  /// mean (Shelhamer, Long and Darrell, arXiv 1605.06211, and its code); each finer stage takes a
  /// hundredth of the one before.
  public static let photographs = TrainingRecipe(
    stages: [
      TrainingStage(.fcn32s, iterations: 100_000, rate: 2.5e-5),
      TrainingStage(.fcn16s, iterations: 100_000, rate: 2.5e-7),
      TrainingStage(.fcn8s, iterations: 100_000, rate: 2.5e-9),
    ],
    backbone: .vgg16, batch: 1, settings: TrainingSettings(momentum: 0.99),
    pictures: PictureCounts(training: 0, validation: 0, single: 0))
}

/// How many pictures a recipe draws.
public struct PictureCounts: Hashable, Sendable {
  /// Scenes to learn from.
  public var training: Int
  /// Scenes to be judged by.
  public var validation: Int
  /// Pictures of one shape, for the classifier.
  public var single: Int
  /// How many shapes a scene to learn from has; those to be judged by have the usual number.
  public var shapes: ClosedRange<Int>

  /// So many.
  public init(
    training: Int, validation: Int, single: Int, shapes: ClosedRange<Int> = Scene.usualShapes
  ) {
    (self.training, self.validation, self.single) = (training, validation, single)
    self.shapes = shapes
  }
}

/// One stage of training: a network, and for how long it learns.
public struct TrainingStage: Hashable, Sendable {
  /// What learns in a stage.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The classifier whose layers the others begin with.
    case classifier
    /// FCN-32s, from the classifier.
    case fcn32s = "32s"
    /// FCN-16s, from FCN-32s.
    case fcn16s = "16s"
    /// FCN-8s, from FCN-16s.
    case fcn8s = "8s"
    /// FCN-8s with scaled skips, from the classifier in one go.
    case atOnce = "at-once"

    /// The network's name on the command line.
    public var networkName: NetworkName {
      switch self {
      case .classifier: .vgg16
      case .fcn32s: .fcn32s
      case .fcn16s: .fcn16s
      case .fcn8s: .fcn8s
      case .atOnce: .fcn8sAtOnce
      }
    }

    public func network(classes: Int, backbone: Backbone) -> Network {
      switch self {
      case .classifier: .vgg16(classes: classes, backbone: backbone)
      case .fcn32s: .fcn32s(classes: classes, backbone: backbone)
      case .fcn16s: .fcn16s(classes: classes, backbone: backbone)
      case .fcn8s: .fcn8s(classes: classes, backbone: backbone)
      case .atOnce: .fcn8sAtOnce(classes: classes, backbone: backbone)
      }
    }
  }

  /// What learns.
  public var kind: Kind
  /// The steps of gradient descent.
  public var iterations: Int
  /// The learning rate.
  public var rate: Double
  /// How many iterations the rate takes to rise to its height.
  public var warmUp: Int
  /// The part of the iterations, at the end, over which the rate goes down evenly; 0 if it never does.
  public var cooling: Double

  public init(
    _ kind: Kind, iterations: Int, rate: Double, warmUp: Int = 0, cooling: Double = 0
  ) {
    (self.kind, self.iterations, self.rate) = (kind, iterations, rate)
    (self.warmUp, self.cooling) = (warmUp, cooling)
  }

  /// The learning rate of one iteration, from 0: up in a line that reaches its height at the last
  /// iteration of the warm-up, then constant, then down in a line that would reach 0 one iteration after
  /// the last.
  ///
  /// ```swift
  /// TrainingStage(.fcn8s, iterations: 8, rate: 1, cooling: 0.5).rate(at: 6)   // 1 · (8 − 6) / 4 = ½
  /// ```
  public func rate(at iteration: Int) -> Double {
    let left = Double(iterations - iteration)
    let end = cooling * Double(iterations)
    let height = left >= end ? rate : rate * left / end
    return iteration < warmUp ? height * Double(iteration + 1) / Double(warmUp) : height
  }
}

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
