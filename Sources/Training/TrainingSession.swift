package import FastKernels
import Interchange
package import Networks
package import Primitives
import Tensors
import WeightFiles

/// A plan that is carried out: iterations, checkpoints, and the weights of each stage that is done, in
/// the plan's folder.
package final class TrainingSession {
  package let plan: TrainingPlan
  package let run: TrainingRun
  package private(set) var reports: [StageReport]
  private let surroundings: Surroundings

  /// What a session asks and tells while it runs.
  package struct Surroundings {
    /// Whether somebody wants the run to end.
    let isInterrupted: () -> Bool
    /// How good a network for pixels is; an ``Interruption`` if somebody wants the run to end.
    let judge: (FastNetwork) throws -> ConfusionMatrix?
    let tell: (TrainingEvent) -> Void

    package init(
      isInterrupted: @escaping () -> Bool,
      judge: @escaping (FastNetwork) throws -> ConfusionMatrix?,
      tell: @escaping (TrainingEvent) -> Void
    ) {
      (self.isInterrupted, self.judge, self.tell) = (isInterrupted, judge, tell)
    }
  }

  /// - Parameter checkpoint: where to go on; nil to begin.
  package init(
    _ plan: TrainingPlan, from checkpoint: Checkpoint?, memoryLimit: Int?,
    _ surroundings: Surroundings
  ) throws {
    self.surroundings = surroundings
    try plan.checkStages()
    surroundings.tell(.drawing)
    // Some 50 KB each.
    let counts = plan.recipe.pictures
    let drawn = plan.data.single != nil && counts.training + counts.single <= 20_000
    let data = drawn ? try plan.data.kept(threads: plan.threads) : plan.data
    var state = checkpoint?.state ?? .start(plan.recipe, from: plan.start)
    while state.losses.count < plan.recipe.stages.count { state.losses.append([]) }
    run = TrainingRun(
      plan.recipe, data: data, seed: plan.seed, from: state, threads: plan.threads)
    var plan = plan
    plan.start = [:]
    self.plan = plan
    run.memoryLimit = memoryLimit
    reports = checkpoint?.reports ?? []
    while reports.count < plan.recipe.stages.count { reports.append(StageReport()) }
  }

  /// Runs to the end.
  ///
  /// - Throws: ``TrainingStop`` if it can't go on, or somebody does not want it to; what reading pictures
  ///   and writing files throws.
  package func finish() throws {
    while !run.isDone { try finishStage() }
  }

  /// The place of the checkpoint, which is there as long as the run is not done.
  package var checkpointPath: String { FilePlace.joined(plan.folder, Checkpoint.name) }

  private func finishStage() throws {
    let (stage, index) = (run.stage, run.stageIndex)
    let before = reports[index].seconds
    let first = run.iteration
    let start = ContinuousClock.now
    while !run.stageIsDone {
      let loss = try run.step()
      let spent = (ContinuousClock.now - start).inSeconds
      reports[index].seconds = before + spent
      guard loss.isFinite else { throw TrainingStop.diverged(loss: loss) }
      surroundings.tell(
        .iteration(loss: loss, seconds: spent / Double(run.iteration - first)))
      if surroundings.isInterrupted() {
        try save()
        throw TrainingStop.interrupted(stage, iteration: run.iteration)
      }
      // At the end of a stage too: to judge it may take longer than somebody wants to wait.
      if run.iteration % plan.checkpointEvery == 0 || run.stageIsDone { try save() }
    }
    surroundings.tell(.judging(stage))
    // What only learning needs is given back before the network is judged.
    let (network, weights) = (run.network, run.weights)
    run.finishStage()
    do {
      reports[index].matrix = try matrix(stage.kind, network, weights)
    } catch is Interruption {
      throw TrainingStop.interrupted(stage, iteration: nil)
    }
    try write(stage.kind, network, weights)
    if !run.isDone { try save() }
    surroundings.tell(.done(index))
  }

  /// Keeps the run as it stands, unless a weight is not finite: then the last checkpoint is the better.
  private func save() throws {
    let state = run.state
    guard state.weights.values.allSatisfy({ $0.elements.allSatisfy(\.isFinite) }) else { return }
    try Checkpoint(state: state, options: plan.options, seed: plan.seed, reports: reports)
      .write(to: checkpointPath)
  }

  /// How good a stage is on pictures that it has not learned from.
  private func matrix(
    _ kind: TrainingStage.Kind, _ network: Network, _ weights: Weights<Float>
  ) throws -> ConfusionMatrix? {
    let fast = try FastNetwork(
      network, weights: WeightSource(weights), threads: plan.threads)
    guard kind == .classifier else { return try surroundings.judge(fast) }
    let set = PictureSet.singleShapes(
      count: plan.recipe.pictures.validation, seed: plan.seed)
    var matrix = ConfusionMatrix(classes: set.classes)
    for index in 0..<set.count {
      if surroundings.isInterrupted() { throw Interruption() }
      let picture = try set.read(index)
      let scores = try fast.forward(
        plan.data.preprocessing.input(pixels: picture.pixels, size: picture.size))
      let given = FastKernels.argmax(scores, threads: plan.threads).elements
      try matrix.add(truth: picture.labels, labels: given.map { UInt8($0) })
    }
    return matrix
  }

  /// Writes the weights of a stage that is done; bilinear upsampling is left out, for every reader makes
  /// it anew.
  private func write(
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
      entries, to: FilePlace.joined(plan.folder, kind.fileName),
      metadata: [
        ("network", kind.networkName.rawValue),
        ("preprocess", plan.data.preprocessing.rawValue),
        ("seed", "\(plan.seed)"),
      ])
  }
}

/// What happens while a session runs.
package enum TrainingEvent {
  /// The pictures are drawn.
  case drawing
  /// An iteration is done, of so many seconds on average.
  case iteration(loss: Double, seconds: Double)
  case judging(TrainingStage)
  /// The stage of this number is done, and its weights are written.
  case done(Int)
}

/// Why a session ends before its plan does; the checkpoint leads on from there.
package enum TrainingStop: Error {
  /// Somebody wanted it to, after an iteration, or while the stage was judged.
  case interrupted(TrainingStage, iteration: Int?)
  /// The loss is no number, or infinite: the weights have run away.
  case diverged(loss: Double)
}

/// Somebody wants the program to end, before all pictures were judged.
package struct Interruption: Error {
  package init() {}
}

extension TrainingStage.Kind {
  /// `fcn8s.safetensors`
  package var fileName: String {
    self == .classifier ? "classifier.safetensors" : "\(networkName.rawValue).safetensors"
  }

  /// `FCN-8s`
  package var title: String {
    switch self {
    case .classifier: "classifier"
    case .fcn32s: "FCN-32s"
    case .fcn16s: "FCN-16s"
    case .fcn8s: "FCN-8s"
    case .atOnce: "at once"
    }
  }
}

/// A run to be made: the recipe, the pictures and where everything goes.
package struct TrainingPlan {
  package let recipe: TrainingRecipe
  package let data: TrainingData
  package let seed: UInt64
  package let threads: Threads
  /// The folder of the weights, the checkpoint and the log.
  package let folder: String
  package let checkpointEvery: Int
  /// What a checkpoint keeps, to begin again with: options and their values.
  package let options: [(name: String, value: String)]
  /// What the first stage starts from.
  package var start: Weights<Float>

  package init(
    recipe: TrainingRecipe, data: TrainingData, seed: UInt64, threads: Threads = .all,
    folder: String, checkpointEvery: Int = 100, options: [(name: String, value: String)] = [],
    start: Weights<Float> = [:]
  ) {
    (self.recipe, self.data, self.seed, self.threads) = (recipe, data, seed, threads)
    (self.folder, self.checkpointEvery) = (folder, checkpointEvery)
    (self.options, self.start) = (options, start)
  }

  /// Refuses, before the first stage has cost its time, what a later one could not do.
  ///
  /// - Throws: `GeometryError` that names the network for which no picture is large enough.
  package func checkStages() throws {
    for stage in recipe.stages where stage.kind != .classifier {
      let network = stage.kind.network(classes: data.training.classes, backbone: recipe.backbone)
      // Pictures of any size are continued to one that it takes.
      _ = try network.workableSize(for: 1)
    }
  }
}
