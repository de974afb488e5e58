import ConvolutionArithmetic
import FastKernels
import LessonKit
import Networks
import Primitives
import Tensors
import Training

/// The FCN-8s that comes with the book on a few scenes: as it is, and with its coarser streams silent,
/// their score layers 0.
struct StreamsHeard {
  /// Whether pool3's stream alone is heard.
  static let ways = [("all three streams", false), ("pool3's alone", true)]
  /// For each way, the pixels of every class against the labels given.
  let matrices: [ConfusionMatrix]

  init(scenes: Int, level: Level = .baseline) throws {
    let (network, weights) = try TrainedWeights.weights(of: .fcn8s)
    var silent = weights
    for layer in ["score_fr", "score_pool4"] {
      for name in ["\(layer).weight", "\(layer).bias"] {
        silent[name] = silent[name]!.map { _ in 0 }
      }
    }
    let pictures = PictureSet.scenes(count: scenes, seed: 30)
    matrices = try Self.ways.map { _, isAlone in
      var matrix = ConfusionMatrix(classes: pictures.classes)
      for index in 0..<scenes {
        let scene = try pictures.read(index)
        let scores = try network.run(
          Preprocessing.scene.input(pixels: scene.pixels, size: scene.size),
          isAlone ? silent : weights, level: level)
        try matrix.add(
          truth: scene.labels, labels: Primitives.argmax(scores).elements.map { UInt8($0) })
      }
      return matrix
    }
  }

  /// How many percent of a class's pixels are given a label, all streams heard and pool3's alone.
  func shares(of label: Int, called other: Int) -> [Double] {
    matrices.map { 100 * Double($0.counts[label][other]) / Double($0.pixels(of: label)) }
  }
}

/// Lesson 34: what the coarse streams say in a network that has learned.
@StepBuilder func whatTheStreamsSay() throws -> [Step] {
  let count = 4
  let heard = try StreamsHeard(scenes: count)
  let names = ClassNames.scenes
  prose(
    "Does the finest stream win, then? Remember lesson 29's lamps and posts. Here is FCN-8s on \(count) "
      + "other scenes, and again with score_fr and score_pool4 silenced. IU:")
  table(
    [""] + names,
    rows: zip(StreamsHeard.ways, heard.matrices).map { way, matrix in
      [way.0]
        + names.indices.map {
          matrix.intersectionOverUnion(of: $0).map { decimal($0.doubleValue, 2) } ?? "none"
        }
    })
  let cross = Int(SceneShape.Kind.cross.label)
  let square = Int(SceneShape.Kind.square.label)
  let called = heard.shares(of: cross, called: square)
  claim(
    "pool3's stream alone takes many pixels of crosses for squares",
    evidence: called.reversed().map { "\(decimal($0, 0)) %" }.joined(separator: " against "),
    holds: called[1] > called[0] + 10)
  let field = try TrainedWeights.weights(of: .fcn8s).0.path(to: "pool3").receptiveField().size
  prose(
    "The fine stream has learned to say much alone: its \(field) pixels hold the outline of most shapes. "
      + "But a piece of an arm may be a piece of a square as well; which it is the coarse ones decide."
  )
}
