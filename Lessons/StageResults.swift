import Networks
import Primitives
import Tensors
import Training

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
