import Interchange
import Networks
package import Primitives
import Tensors
import WeightFiles

/// A run that was put aside: weights, velocities and losses as tensors, all else as text.
///
/// It is one file, written whole or not at all, so that there is always the last or the one before.
package struct Checkpoint {
  package var state: TrainingState
  /// The options of the run, by name.
  package var options: [(name: String, value: String)]
  package var seed: UInt64
  /// What was found out about the stages so far.
  package var reports: [StageReport]

  package static let name = "checkpoint.safetensors"
  private static let version = "training 1"

  /// Whether a tensor of a checkpoint is none of the network's.
  package static func isState(_ name: String) -> Bool {
    name.hasPrefix("velocity.") || name.hasPrefix("losses.")
  }

  /// Writes the checkpoint in the place of the last.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``; the last one is still there then.
  func write(to path: String) throws {
    func entries(_ tensors: Weights<Float>, _ prefix: String) -> [WeightEntry] {
      tensors.keys.sorted().map { WeightEntry(name: prefix + $0, tensor: tensors[$0]!) }
    }
    let losses = state.losses.enumerated().filter { !$1.isEmpty }.map { index, losses in
      WeightEntry(
        name: "losses.\(index)", tensor: Tensor(shape: [losses.count], elements: losses))
    }
    var facts = [
      ("convbook", Self.version), ("stage", "\(state.stage)"),
      ("iteration", "\(state.iteration)"), ("seed", "\(seed)"),
    ]
    facts += options.map { ("option.\($0.name)", $0.value) }
    for (index, report) in reports.enumerated() {
      facts.append(("seconds.\(index)", "\(report.seconds)"))
      if let matrix = report.matrix {
        facts.append(
          (
            "confusion.\(index)",
            matrix.counts.map { $0.map(String.init).joined(separator: " ") }
              .joined(separator: ";")
          ))
      }
    }
    try SafetensorsWriter.write(
      entries(state.weights, "") + entries(state.velocities, "velocity.") + losses, to: path,
      metadata: facts.map { (key: $0, value: $1) })
  }
}

extension Checkpoint {
  /// Reads the checkpoint of a folder.
  ///
  /// - Throws: `FileProblem.cannotOpen` if there is none; `InterchangeError` if it is damaged or is
  ///   no checkpoint.
  package init(contentsOf path: String) throws {
    let file = try WeightFile.open(path)
    guard file.stated("convbook") == Self.version,
      let stage = Self.number(file, "stage", in: 0...64),
      let iteration = Self.number(file, "iteration", in: 0...Int.max),
      let seed = file.stated("seed").flatMap({ UInt64($0) })
    else {
      throw InterchangeError(
        "\(path) is no checkpoint of train, or one of another version of convbook")
    }
    var (weights, velocities): (Weights<Float>, Weights<Float>) = ([:], [:])
    var losses: [Int: [Float]] = [:]
    for entry in file.entries {
      if entry.name.hasPrefix("velocity.") {
        velocities[String(entry.name.dropFirst(9))] = try entry.tensor()
      } else if entry.name.hasPrefix("losses."), let index = Int(entry.name.dropFirst(7)) {
        losses[index] = try entry.values()
      } else {
        weights[entry.name] = try entry.tensor()
      }
    }
    state = TrainingState(
      stage: stage, iteration: iteration, weights: weights, velocities: velocities,
      losses: (0...max(stage, losses.keys.max() ?? 0)).map { losses[$0] ?? [] })
    options = file.metadata.filter { $0.key.hasPrefix("option.") }
      .map { (String($0.key.dropFirst(7)), $0.value) }
    self.seed = seed
    reports = (0...stage).map { index in
      StageReport(
        seconds: file.stated("seconds.\(index)").flatMap(Double.init) ?? 0,
        matrix: file.stated("confusion.\(index)").flatMap(Self.matrix))
    }
  }

  private static func number(
    _ file: WeightFile, _ key: String, in range: ClosedRange<Int>
  ) -> Int? {
    file.stated(key).flatMap { Int($0) }.flatMap { range.contains($0) ? $0 : nil }
  }

  /// Counts as they were written; nil if they are no square of numbers.
  private static func matrix(_ text: String) -> ConfusionMatrix? {
    let rows = text.split(separator: ";").map { $0.split(separator: " ").map { Int($0) } }
    let isSquare = rows.allSatisfy { row in
      row.count == rows.count && row.allSatisfy { $0.map { (0...1 << 50).contains($0) } ?? false }
    }
    guard !rows.isEmpty, isSquare else { return nil }
    return ConfusionMatrix(counts: rows.map { $0.map { $0! } })
  }
}

/// What was found out about a stage: how long it took, and how good it is.
package struct StageReport {
  package var seconds = 0.0
  /// The classifier's counts are of pictures, all others' of pixels.
  package var matrix: ConfusionMatrix?

  package init(seconds: Double = 0, matrix: ConfusionMatrix? = nil) {
    (self.seconds, self.matrix) = (seconds, matrix)
  }
}
