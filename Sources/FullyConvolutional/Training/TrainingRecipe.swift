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

  /// A recipe.
  public init(
    stages: [TrainingStage], backbone: Backbone, batch: Int, settings: TrainingSettings,
    pictures: PictureCounts
  ) {
    (self.stages, self.backbone, self.batch, self.settings) = (stages, backbone, batch, settings)
    self.pictures = pictures
  }

  /// For the synthetic scenes: 1,400 iterations, well under a minute.
  public static let scenes = TrainingRecipe(
    stages: [
      TrainingStage(.classifier, iterations: 500, rate: 0.005, cooling: 0.25),
      TrainingStage(.fcn32s, iterations: 300, rate: 0.01, cooling: 0.25),
      TrainingStage(.fcn16s, iterations: 300, rate: 0.01, cooling: 0.25),
      TrainingStage(.fcn8s, iterations: 300, rate: 0.01, cooling: 0.25),
    ],
    backbone: .scenes, batch: 10, settings: TrainingSettings(dropout: 0),
    pictures: PictureCounts(training: 400, validation: 100, single: 1000))

  /// The same with fewer channels, pictures and iterations, in a few seconds.
  public static let quick: TrainingRecipe = {
    var recipe = TrainingRecipe.scenes
    for (block, channels) in [6, 12, 24, 32, 48].enumerated() {
      recipe.backbone.blocks[block].channels = channels
    }
    recipe.backbone.classifierChannels = 64
    for (stage, iterations) in [300, 150, 100, 100].enumerated() {
      recipe.stages[stage].iterations = iterations
    }
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

  /// So many.
  public init(training: Int, validation: Int, single: Int) {
    (self.training, self.validation, self.single) = (training, validation, single)
  }
}
