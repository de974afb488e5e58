package import FastKernels
package import Networks
import Tensors

/// A run to be made: the recipe, the pictures and where everything goes.
package struct TrainingPlan {
  package let recipe: TrainingRecipe
  package let data: TrainingData
  package let seed: UInt64
  package let threads: Threads
  /// The folder of the weights, the checkpoint and the log.
  package let folder: String
  package let checkpointEvery: Int
  /// What a checkpoint keeps, to begin again with: options and their values.
  package let options: [(name: String, value: String)]
  /// What the first stage starts from.
  package var start: Weights<Float>

  package init(
    recipe: TrainingRecipe, data: TrainingData, seed: UInt64, threads: Threads = .all,
    folder: String, checkpointEvery: Int = 100, options: [(name: String, value: String)] = [],
    start: Weights<Float> = [:]
  ) {
    (self.recipe, self.data, self.seed, self.threads) = (recipe, data, seed, threads)
    (self.folder, self.checkpointEvery) = (folder, checkpointEvery)
    (self.options, self.start) = (options, start)
  }

  /// Refuses, before the first stage has cost its time, what a later one could not do.
  ///
  /// - Throws: `GeometryError` that names the network for which no picture is large enough.
  package func checkStages() throws {
    for stage in recipe.stages where stage.kind != .classifier {
      let network = stage.kind.network(classes: data.training.classes, backbone: recipe.backbone)
      // Pictures of any size are continued to one that it takes.
      _ = try network.workableSize(for: 1)
    }
  }
}
