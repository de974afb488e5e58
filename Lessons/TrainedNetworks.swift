import FastKernels
import Networks
import Primitives
import Tensors
import Training

/// What the three networks that come with the book say about one drawn scene.
///
/// The last bits of their scores depend on the machine. What a lesson prints of them must not: it shows
/// labels, and only of scenes where no pixel's two highest scores are nearly level, see ``closest``.
struct SegmentedScene {
  /// The picture and its true labels, as bytes.
  let scene: LabeledPicture
  /// The scores of FCN-32s, FCN-16s and FCN-8s.
  let scores: [Tensor<Float>]
  /// The class with the highest score, for each network.
  let labels: [Tensor<Int>]

  /// The networks' names.
  static let names = ["FCN-32s", "FCN-16s", "FCN-8s"]

  /// Draws the scene of a seed and runs the networks on it.
  init(seed: UInt64, level: Level = .baseline) throws {
    let scene = Scene.segmentation(seed: seed).drawn()
    let input = Preprocessing.scene.input(pixels: scene.pixels, size: scene.size)
    scores = try TrainedWeights.networks.map { name in
      let (network, weights) = try TrainedWeights.weights(of: name)
      return try network.run(input, weights, level: level)
    }
    labels = try scores.map { try Primitives.argmax($0) }
    self.scene = scene
  }

  /// The true labels.
  var truth: Tensor<Int> {
    Tensor(
      shape: [1, 1, scene.size.height, scene.size.width], elements: scene.labels.map { Int($0) })
  }

  /// For each network the pixels of every class against the labels given.
  func matrices() throws -> [ConfusionMatrix] {
    try labels.map { labels in
      var matrix = ConfusionMatrix(classes: ClassNames.scenes.count)
      try matrix.add(truth: truth, labels: labels)
      return matrix
    }
  }
}
