import FastKernels
import Interchange
import Networks
import Primitives
import Tensors
import Training

/// A run of `train`: iterations, progress, checkpoints, and what is written when a stage is done.
final class TrainingSession {
  private(set) var plan: TrainingPlan
  let run: TrainingRun
  private(set) var reports: [StageReport]
  private let isQuiet: Bool
  private let line = StatusLine()
  /// Nobody else works in the folder meanwhile; nil as long as the folder is not there.
  private var lock: FolderLock?

  /// - Parameters:
  ///   - checkpoint: where to go on; nil to begin.
  ///   - lock: that of the folder, if it is there.
  init(_ plan: TrainingPlan, from checkpoint: Checkpoint?, lock: FolderLock?, isQuiet: Bool) throws
  {
    (self.plan, self.lock, self.isQuiet) = (plan, lock, isQuiet)
    try plan.checkStages()
    line.show("drawing the pictures")
    // Some 50 KB each.
    let counts = plan.recipe.pictures
    let drawn = plan.data.single != nil && counts.training + counts.single <= 20_000
    let data = drawn ? try plan.data.kept(threads: plan.threads) : plan.data
    line.clear()
    var state = checkpoint?.state ?? .start(plan.recipe, from: plan.start)
    while state.losses.count < plan.recipe.stages.count { state.losses.append([]) }
    run = TrainingRun(
      plan.recipe, data: data, seed: plan.seed, from: state, threads: plan.threads)
    self.plan.start = [:]
    run.memoryLimit = SystemMemory.available
    reports = checkpoint?.reports ?? []
    while reports.count < plan.recipe.stages.count { reports.append(StageReport()) }
  }

  /// The losses so far, by stage.
  var losses: [[Float]] { run.losses }

  /// Runs to the end.
  ///
  /// - Throws: `ExitStatus` 130 after Ctrl-C and 1 for a loss that is not finite; what reading pictures
  ///   and writing files throws.
  func finish() throws {
    if lock == nil {
      try FilePlace.makeFolder(plan.folder)
      lock = try FolderLock(plan.folder)
      // Between the first look and now another run may have come and gone.
      try TrainingPlan.checkFresh(plan.folder)
    }
    defer { lock = nil }
    Interruption.watch()
    while !run.isDone {
      try finishStage()
    }
    try TrainingLog(plan: plan, losses: losses, reports: reports).write(to: plan.folder)
    // Only now is nothing lost with it.
    FilePlace.remove(checkpointPath)
  }

  private var checkpointPath: String { FilePath.joined(plan.folder, Checkpoint.name) }

  private func finishStage() throws {
    let (stage, index) = (run.stage, run.stageIndex)
    let before = reports[index].seconds
    let first = run.iteration
    let start = ContinuousClock.now
    while !run.stageIsDone {
      let loss = try run.step()
      let spent = (ContinuousClock.now - start).inSeconds
      reports[index].seconds = before + spent
      guard loss.isFinite else { throw diverged(loss) }
      show(stage, loss: loss, perIteration: spent / Double(run.iteration - first))
      if Interruption.hasCome {
        try save()
        throw stopped("after iteration \(run.iteration) of \(stage.iterations) of ", stage)
      }
      // At the end of a stage too: to judge it may take longer than somebody wants to wait.
      if run.iteration % plan.checkpointEvery == 0 || run.stageIsDone { try save() }
    }
    line.show("\(stage.kind.rawValue): judging")
    // What only learning needs is given back before the network is judged.
    let (network, weights) = (run.network, run.weights)
    run.finishStage()
    do {
      reports[index].matrix = try matrix(stage.kind, network, weights)
    } catch is Interrupted {
      throw stopped("while judging ", stage)
    }
    line.clear()
    try write(stage.kind, network, weights)
    if !run.isDone { try save() }
    if !isQuiet { print(summary(index)) }
  }

  /// Keeps the run as it stands, unless a weight is not finite: then the last checkpoint is the better.
  private func save() throws {
    let state = run.state
    guard state.weights.values.allSatisfy({ $0.elements.allSatisfy(\.isFinite) }) else { return }
    try Checkpoint(state: state, options: plan.options, seed: plan.seed, reports: reports)
      .write(to: checkpointPath)
  }

  /// There is a checkpoint from which the run goes on.
  private func stopped(_ place: String, _ stage: TrainingStage) -> ExitStatus {
    line.clear()
    return ExitStatus(
      code: 130,
      "stopped \(place)\(stage.kind.rawValue); convbook train --output \(plan.folder) --resume goes on"
    )
  }

  private func diverged(_ loss: Double) -> ExitStatus {
    line.clear()
    let kept =
      FilePlace.exists(checkpointPath)
      ? "the last good checkpoint is \(checkpointPath)" : "no checkpoint had been written yet"
    let stage = run.stage
    return .failed(
      "the loss of \(stage.kind.rawValue) is \(loss.isNaN ? "no number" : "infinite") at "
        + "iteration \(run.iteration + 1): the weights have run away; \(kept); try a rate below "
        + "\(stage.rate)")
  }

  private func show(_ stage: TrainingStage, loss: Double, perIteration: Double) {
    guard line.isShown else { return }
    let left = plan.recipe.stages.enumerated().reduce(0) { sum, next in
      next.offset < run.stageIndex
        ? sum
        : sum + next.element.iterations - (next.offset == run.stageIndex ? run.iteration : 0)
    }
    let speed = Double(plan.recipe.batch) / perIteration
    line.show(
      "\(stage.kind.rawValue) \(run.iteration)/\(stage.iterations)  "
        + "loss \(decimal(loss, places: 3))  rate \(stage.rate)  "
        + "\(perSecond(speed)) pictures/s  "
        + timeLeft(perIteration * Double(left)))
  }
}

/// The mean; nil of nothing.
func mean(_ numbers: ArraySlice<Float>) -> Double? {
  numbers.isEmpty ? nil : numbers.reduce(0) { $0 + Double($1) } / Double(numbers.count)
}

extension TrainingStage.Kind {
  /// `fcn8s.safetensors`
  var fileName: String {
    self == .classifier ? "classifier.safetensors" : "\(networkName.rawValue).safetensors"
  }

  /// `FCN-8s`
  var title: String {
    switch self {
    case .classifier: "classifier"
    case .fcn32s: "FCN-32s"
    case .fcn16s: "FCN-16s"
    case .fcn8s: "FCN-8s"
    case .atOnce: "at once"
    }
  }
}
