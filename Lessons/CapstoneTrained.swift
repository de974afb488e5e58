import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors
import Training

/// Lesson 38: a drawn scene in the eyes of the three networks that come with the book.
@StepBuilder func trainedOnAScene() throws -> [Step] {
  let seed = Capstone.sceneSeed
  let names = ClassNames.scenes
  let scene = try SegmentedScene(seed: seed)
  let matrices = try scene.matrices()
  let truth = matrices[0]
  let present = names.indices.filter { truth.pixels(of: $0) > 0 }
  let strokes = Scene.segmentation(seed: seed).shapes.filter { $0.kind == .cross }
    .map { Double(2 * $0.halfStroke) / 16 }
  let width = decimal(strokes[0], 0)
  heading("32s, 16s, 8s: weights that were learned")
  prose(
    "To tell one thing from another by more than its colour, nobody can write the weights down. Lesson "
      + "34 told how three networks learned them; here they are at work, with the layers that you "
      + "have just followed, only smaller: FCN-8s crops at \(try crops(of: .fcn8s)) here.")
  prose(
    "The scene has number \(seed), chosen because a ring and a cross are in it, and FCN-32s finds something "
      + "of it. Disc and ring have one hue, square and cross another. "
      + present.dropFirst().map { "\(Array("abcdefgh")[$0 - 1]) is \(names[$0])" }
      .joined(separator: ", ") + ".")
  let (rows, columns) = Capstone.sceneCells
  pictures(
    MapPicture(
      "scene, bright and dark",
      shades: thinned(
        pixels: scene.scene.pixels, size: scene.scene.size, rows: rows, columns: columns)),
    MapPicture("truth", labels: thinned(scene.truth, rows: rows, columns: columns)))
  let cross = Int(SceneShape.Kind.cross.label)
  let called = truth.counts[cross]
  let mostly = called.indices.max { called[$0] < called[$1] }!
  predict(
    "FCN-32s has one score for a square of 32 pixels. What does it mostly call the pixels of the cross?",
    answer: names[mostly],
    why:
      "\(called[mostly]) of its \(truth.pixels(of: cross)) pixels, and \(called[cross]) cross. "
      + "\(mostly == 0 ? "What is" : "The larger shape") around it wins.")
  pictures(
    MapPicture("FCN-32s", labels: thinned(scene.labels[0], rows: rows, columns: columns)),
    MapPicture("FCN-16s", labels: thinned(scene.labels[1], rows: rows, columns: columns)),
    MapPicture("FCN-8s", labels: thinned(scene.labels[2], rows: rows, columns: columns)),
    MapPicture(
      "FCN-8s, score of ring",
      shades: Capstone.heat(scene).map { $0.map(Double.init) }))
  let ius = present.map { label in matrices.map { $0.intersectionOverUnion(of: label)! } }
  let gains = ius.map { $0[2] - $0[1] }
  table(
    ["IU"] + SegmentedScene.names + ["by pool3"],
    rows: present.indices.map { index in
      [names[present[index]]] + ius[index].map { decimal($0, 3) } + [decimal(gains[index], 3)]
    } + [["mean"] + matrices.map { decimal($0.scores!.meanIU, 3) } + [""]])
  let means = matrices.map { $0.scores!.meanIU }
  claim(
    "each skip helps: mean IU", evidence: means.map { decimal($0, 3) }.joined(separator: " < "),
    holds: means[0] < means[1] && means[1] < means[2])
  let thin = present.indices.filter { StageResults.thin.contains(present[$0]) }
  let others = present.indices.filter { !thin.contains($0) }
  let (least, most) = (thin.map { gains[$0] }.min()!, others.map { gains[$0] }.max()!)
  claim(
    "the thin shapes gain most by pool3's skip",
    evidence:
      "ring and cross \(decimal(least, 3)) and more, the others \(decimal(most, 3)) and less",
    holds: least > most)
  prose(
    "One scene is an example and no proof; lesson 34 has the count for a hundred. And the arms of the "
      + "cross are \(width) pixels wide, less than the cells of FCN-8s: it has the cross, but "
      + "not its edges.")
  files(ScenePictures(scene).files(heated: [ring]))
}

private let ring = Int(SceneShape.Kind.ring.label)

extension Capstone {
  /// How many rows and columns of the scene are shown.
  static let sceneCells = (rows: 16, columns: 32)

  /// The scores of ring in FCN-8s as they are shown: in five steps, so that last bits do not matter.
  static func heat(_ scene: SegmentedScene) -> [[Int]] { heat(of: scene.scores[2]) }

  /// Scores of ring as they are shown.
  static func heat(of scores: Tensor<Float>) -> [[Int]] {
    thinned(
      scores, channel: ring, rows: sceneCells.rows, columns: sceneCells.columns, steps: 5)
  }
}

/// The offsets of a network's crops.
private func crops(of name: NetworkName) throws -> String {
  let network = try TrainedWeights.weights(of: name).0
  let crops = try NetworkTable(network, input: Scene.usualSize).rows.compactMap(\.crop)
  return listed(crops.map(\.offset))
}
