import FastKernels
import Interchange
import Networks
import Primitives
import Tensors
import Training

extension TrainingSession {
  /// How good a stage is on pictures that it has not learned from.
  func matrix(
    _ kind: TrainingStage.Kind, _ network: Network, _ weights: Weights<Float>
  ) throws -> ConfusionMatrix? {
    let fast = try FastNetwork(
      network, weights: WeightSource(weights), threads: plan.threads)
    let preprocessing = plan.data.preprocessing
    guard kind == .classifier else {
      guard plan.data.validation.count > 0 else { return nil }
      return try Evaluation(network: fast, preprocessing: preprocessing)
        .tally(of: plan.data.validation).matrix
    }
    let set = PictureSet.singleShapes(
      count: plan.recipe.pictures.validation, seed: plan.seed)
    var matrix = ConfusionMatrix(classes: set.classes)
    for index in 0..<set.count {
      if Interruption.hasCome { throw Interrupted() }
      let picture = try set.read(index)
      let scores = try fast.forward(
        preprocessing.input(pixels: picture.pixels, size: picture.size))
      let given = FastKernels.argmax(scores, threads: plan.threads).elements
      try matrix.add(truth: picture.labels, labels: given.map { UInt8($0) })
    }
    return matrix
  }

  /// Writes the weights of a stage that is done; bilinear upsampling is left out, for every reader makes
  /// it anew.
  func write(
    _ kind: TrainingStage.Kind, _ network: Network, _ weights: Weights<Float>
  ) throws {
    let entries = network.parameters.filter { parameter in
      !network.isUpsampling(parameter.name)
        || weights[parameter.name]
          != bilinearKernels(
            classes: parameter.shape[0], kernelSize: Size(parameter.shape[2]))
    }
    .map { WeightEntry(name: $0.name, tensor: weights[$0.name]!) }
    try SafetensorsWriter.write(
      entries, to: FilePath.joined(plan.folder, kind.fileName),
      metadata: [
        ("network", kind.networkName.rawValue),
        ("preprocess", plan.data.preprocessing.rawValue),
        ("seed", "\(plan.seed)"),
      ])
  }

  /// A stage in one line.
  func summary(_ index: Int) -> String {
    let (stage, report) = (plan.recipe.stages[index], reports[index])
    let losses = run.losses[index]
    let pictures = Double(stage.iterations * plan.recipe.batch)
    var text =
      padded(stage.kind.title, to: 12)
      + aligned("\(stage.iterations)", to: 6) + " iterations"
      + aligned(decimal(report.seconds, places: 1), to: 8) + " s"
      + aligned(perSecond(pictures / max(report.seconds, 1e-9)), to: 6) + " pictures/s"
    let part = max(1, losses.count / 10)
    if let early = mean(losses.prefix(part)), let late = mean(losses.suffix(part)) {
      text += "   loss \(decimal(early, places: 2)) → \(decimal(late, places: 2))"
    }
    if let scores = report.matrix?.scores {
      text +=
        stage.kind == .classifier
        ? "   accuracy \(decimal(scores.pixelAccuracy, places: 3))"
        : "   mean IU \(decimal(scores.meanIU, places: 3))"
    }
    return text
  }
}

/// A rate with as many places as tell something.
func perSecond(_ rate: Double) -> String { decimal(rate, places: rate < 10 ? 2 : 0) }
