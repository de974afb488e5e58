import FastKernels
import Networks
import Tensors
import Training

/// The first steps of stage 16s, from the weights of FCN-32s that come with the book.
struct FirstSteps {
  /// The loss before each step.
  let losses: [Double]
  /// For each feature that the new score layer reads, whether its weights left 0 at the first step.
  let moved: [Bool]
  /// For each of these features, whether it is 0 in every cell of all the scenes, but for the margin
  /// that is cropped off before the sum.
  let silent: [Bool]

  /// Learns from the same few scenes, step after step.
  init(steps: Int, scenes: Int, level: Level = .baseline) throws {
    let recipe = TrainingRecipe.scenes
    let stage = recipe.stages.first { $0.kind == .fcn16s }!
    let network = stage.kind.network(
      classes: ClassNames.scenes.count, backbone: recipe.backbone)
    let weights = network.initialWeights(from: try TrainedWeights.weights(of: .fcn32s).1)
    let trainer = try Trainer(
      network, weights: weights, settings: recipe.settings, level: level)
    let pictures = PictureSet.scenes(count: scenes, seed: 34)
    let batch = try (0..<scenes).map { index in
      let picture = try pictures.read(index)
      return TrainingExample(
        input: Preprocessing.scene.input(pixels: picture.pixels, size: picture.size),
        labels: picture.labels)
    }
    let first = try trainer.learn(batch, rate: stage.rate)
    let layer = trainer.weights["score_pool4.weight"]!
    losses = try [first] + (1..<steps).map { _ in try trainer.learn(batch, rate: stage.rate) }
    let features = try batch.map { example in
      try network.ending(at: "pool4").run(example.input, weights, level: level)
    }
    moved = (0..<layer.shape[1]).map { feature in
      (0..<layer.shape[0]).contains { layer[$0, feature, 0, 0] != 0 }
    }
    let offset = try network.cropOffset(of: network.layers.first { $0.name == "score_pool4c" }!)
    let kept = try network.shape(of: "score_pool4c", input: batch[0].input.size).size
    silent = moved.indices.map { feature in
      features.allSatisfy { map in
        (offset..<offset + kept.height).allSatisfy { row in
          (offset..<offset + kept.width).allSatisfy { map[0, feature, row, $0] == 0 }
        }
      }
    }
  }
}
