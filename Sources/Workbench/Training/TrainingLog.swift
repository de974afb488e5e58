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
    members.append(("losses", .array(losses[index].map { .number(Double($0)) })))
    return .object(members)
  }
}
