/// How far a course of training is: all that is needed to go on as if it had never stopped.
///
/// Which pictures come next and what dropout drops follow from the seed and the iteration, so that they
/// need not be kept.
public struct TrainingState: Sendable {
  /// The stage that runs, by its place in the recipe; the number of stages when all is done.
  public var stage: Int
  /// The iterations of that stage that are done.
  public var iteration: Int
  /// The weights of that stage's network, or of the last one's when all is done.
  public var weights: Weights<Float>
  /// The velocities of its weights.
  public var velocities: Weights<Float>
  /// The loss before each iteration, by stage.
  public var losses: [[Float]]

  /// A state.
  public init(
    stage: Int, iteration: Int, weights: Weights<Float>, velocities: Weights<Float>,
    losses: [[Float]]
  ) {
    (self.stage, self.iteration) = (stage, iteration)
    (self.weights, self.velocities, self.losses) = (weights, velocities, losses)
  }

  /// Before the first iteration of a recipe.
  ///
  /// - Parameter weights: what the first stage starts from; what it lacks is drawn from the seed.
  public static func start(_ recipe: TrainingRecipe, from weights: Weights<Float> = [:])
    -> TrainingState
  {
    TrainingState(
      stage: 0, iteration: 0, weights: weights, velocities: [:],
      losses: recipe.stages.map { _ in [] })
  }
}
