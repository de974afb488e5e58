import FastKernels
import Interchange
import Networks
import Primitives
import Tensors
import Training

/// What a run did, for programs: `log.json` with everything, `log.csv` with a line for each iteration.
struct TrainingLog {
  let plan: TrainingPlan
  let losses: [[Float]]
  let reports: [StageReport]

  /// Writes both files; each appears whole or not at all.
  func write(to folder: String) throws {
    try AtomicFile.write(Array((json.text + "\n").utf8), to: FilePlace.joined(folder, "log.json"))
    try AtomicFile.write(Array(csv.utf8), to: FilePlace.joined(folder, "log.csv"))
  }

  private var csv: String {
    var lines = ["stage,iteration,rate,loss"]
    for (stage, losses) in zip(plan.recipe.stages, losses) {
      for (index, loss) in losses.enumerated() {
        lines.append("\(stage.kind.rawValue),\(index + 1),\(stage.rate),\(loss)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The recipe, and for each stage its time, its losses and its metrics.
  var json: JSON {
    let (recipe, settings) = (plan.recipe, plan.recipe.settings)
    return .object([
      ("seed", .unsigned(plan.seed)), ("threads", .integer(plan.threads.count)),
      ("options", .object(plan.options.map { ($0.name, .string($0.value)) })),
      ("batch", .integer(recipe.batch)), ("turned", .bool(recipe.turnsPictures)),
      ("momentum", .number(settings.momentum)),
      ("weightDecay", .number(settings.weightDecay)),
      ("loss", .string(settings.reduction.rawValue)),
      ("dropout", settings.dropout.map(JSON.number) ?? .null),
      ("upsampling", .string(settings.learnsUpsampling ? "learned" : "fixed")),
      ("preprocess", .string(plan.data.preprocessing.rawValue)),
      ("trainingPictures", .integer(plan.data.training.count)),
      ("validationPictures", .integer(plan.data.validation.count)),
      ("stages", .array(recipe.stages.indices.map(stage))),
    ])
  }

  private func stage(_ index: Int) -> JSON {
    let (stage, report) = (plan.recipe.stages[index], reports[index])
    var members: [(String, JSON)] = [
      ("name", .string(stage.kind.rawValue)),
      ("file", .string(stage.kind.fileName)),
      ("iterations", .integer(stage.iterations)), ("rate", .number(stage.rate)),
      ("seconds", .number(report.seconds)),
      (
        "imagesPerSecond",
        .number(Double(stage.iterations * plan.recipe.batch) / max(report.seconds, 1e-9))
      ),
    ]
    if let matrix = report.matrix {
      let names = stage.kind == .classifier ? plan.data.single?.classNames : nil
      members +=
        MetricsReport(
          matrix: matrix, names: names ?? plan.data.training.classNames
        ).members
    }
    // With the digits that tell a Float, not those of a Double.
    members.append(("losses", .array(losses[index].map { .number(Double($0.description)!) })))
    return .object(members)
  }
}

/// The losses of a run, drawn with characters: a column is a few iterations, a row a step of the loss on
/// a logarithmic scale, and a line stands between stages.
struct LossCurve {
  /// The losses of each stage and what it is called.
  let stages: [(name: String, losses: [Float])]
  let width: Int
  let isUnicode: Bool

  private let height = 12
  private let margin = 8

  var lines: [String] {
    let columns = columns
    // From the largest to the smallest of what is drawn, which single batches would widen for nothing.
    let means = columns.compactMap(\.mean).filter { $0 > 0 && $0.isFinite }
    guard let top = means.max(), let least = means.min(), means.count > 1 else { return [] }
    let low = max(least, 1e-6)
    // The rows are equal factors of the loss.
    let ratio = max(top / low, 1.0001)
    func row(_ loss: Double) -> Int {
      let part = Double.log(top / max(loss, low)) / Double.log(ratio)
      return min(height - 1, max(0, Int((part * Double(height - 1)).rounded())))
    }
    var lines = (0..<height).map { line -> String in
      let isLabelled = line % 4 == 0 || line == height - 1
      let value = top * Double.pow(1 / ratio, Double(line) / Double(height - 1))
      let label = isLabelled ? Self.label(value) : ""
      let cells = columns.map { column -> Character in
        switch column {
        case .boundary: isUnicode ? "│" : "|"
        case .losses(let mean): row(mean) == line ? (isUnicode ? "●" : "*") : " "
        }
      }
      return aligned(label, to: margin - 1) + " " + String(cells)
    }
    let starts = [0] + columns.indices.filter { columns[$0].isBoundary }.map { $0 + 1 }
    var names = ""
    for (start, stage) in zip(starts, stages.filter { !$0.losses.isEmpty }) {
      names += String(repeating: " ", count: max(0, start - names.count)) + stage.name
    }
    lines.append(String(repeating: " ", count: margin) + names)
    return lines.map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// Two or three figures in at most six letters: `6.01`, `0.021`, `3.4e-4`.
  private static func label(_ value: Double) -> String {
    guard value < 0.01 else { return decimal(value, value < 1 ? 3 : 2) }
    let power = Int(Double.log(value) / Double.log(10)) - 1
    return decimal(value * Double.pow(10, Double(-power)), 1) + "e\(power)"
  }

  private enum Column {
    case boundary
    case losses(Double)

    var isBoundary: Bool { if case .boundary = self { true } else { false } }
    var mean: Double? { if case .losses(let mean) = self { mean } else { nil } }
  }

  /// Every stage gets a part of the width that fits its length.
  private var columns: [Column] {
    let shown = stages.filter { !$0.losses.isEmpty }
    let total = shown.reduce(0) { $0 + $1.losses.count }
    let room = max(shown.count * 4, min(width - margin, 100) - (shown.count - 1))
    return shown.enumerated().flatMap { index, stage -> [Column] in
      let count = max(1, min(stage.losses.count, stage.losses.count * room / max(total, 1)))
      let cells = (0..<count).map { cell -> Column in
        let range = (cell * stage.losses.count / count)..<((cell + 1) * stage.losses.count / count)
        return .losses(mean(stage.losses[range]) ?? 0)
      }
      return index == 0 ? cells : [.boundary] + cells
    }
  }
}
