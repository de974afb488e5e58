import FastKernels
import FullyConvolutional
import Primitives
import Tensors
import TrainedWeights

/// What the log of the book's own training says about its three networks, counted and divided exactly.
struct StageResults {
  /// The log.
  let record: TrainingRecord
  /// Its stages that segment: 32s, 16s, 8s.
  let stages: [TrainingRecord.Stage]
  /// For each of them, the validation pixels of every class against the labels given.
  let matrices: [ConfusionMatrix]

  init(_ record: TrainingRecord) {
    self.record = record
    stages = record.stages.filter { $0.name != "classifier" }
    matrices = stages.map { ConfusionMatrix(counts: $0.confusion) }
  }

  /// The mean IU of each stage.
  var meanIU: [Double] { matrices.map { $0.scores!.meanIU } }

  /// The IU of a class, stage by stage.
  func ius(of label: Int) -> [Double] {
    matrices.map { $0.intersectionOverUnion(of: label)!.doubleValue }
  }

  /// How many times its first IU a class's last one is.
  func factor(of label: Int) -> Double { ius(of: label).last! / ius(of: label).first! }

  /// How much its IU grew.
  func gain(of label: Int) -> Double { ius(of: label).last! - ius(of: label).first! }

  /// The losses of a stage's last batches.
  func end(of stage: Int) -> ArraySlice<Double> { stages[stage].losses.suffix(50) }

  /// The classes with thin strokes.
  static let thin = SceneShape.Kind.allCases.filter { $0 == .ring || $0 == .cross }
    .map { Int($0.label) }
  /// All others but the background.
  static let solid = SceneShape.Kind.allCases.map { Int($0.label) }.filter { !thin.contains($0) }
}

/// The first steps of stage 16s, from the weights of FCN-32s that come with the book.
struct FirstSteps {
  /// The loss before each step.
  let losses: [Double]
  /// For each feature that the new score layer reads, whether its weights have left 0.
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
    losses = try (0..<steps).map { _ in try trainer.learn(batch, rate: stage.rate) }
    let layer = trainer.weights["score_pool4.weight"]!
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
