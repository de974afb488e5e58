import FastKernels
import Interchange
import Networks
import Primitives
import Tensors
import Training

/// A run of `train` as a person follows it: a line of progress, a line for each stage, and the sentence
/// with which it ends.
final class TrainingProgress {
  let session: TrainingSession
  private let isQuiet: Bool
  private let line: StatusLine
  /// Nobody else works in the folder meanwhile; nil as long as the folder is not there.
  private var lock: FolderLock?

  /// - Parameters:
  ///   - checkpoint: where to go on; nil to begin.
  ///   - lock: that of the folder, if it is there.
  init(_ plan: TrainingPlan, from checkpoint: Checkpoint?, lock: FolderLock?, isQuiet: Bool) throws
  {
    (self.lock, self.isQuiet) = (lock, isQuiet)
    let line = StatusLine()
    var show: (TrainingEvent) -> Void = {
      if case .drawing = $0 { line.show("drawing the pictures") }
    }
    let preprocessing = plan.data.preprocessing
    let validation = plan.data.validation
    session = try TrainingSession(
      plan, from: checkpoint, memoryLimit: SystemMemory.available,
      TrainingSession.Surroundings(
        isInterrupted: { EndSignal.hasCome },
        judge: { network in
          guard validation.count > 0 else { return nil }
          return try Evaluation(network: network, preprocessing: preprocessing)
            .tally(of: validation).matrix
        }, tell: { show($0) }))
    line.clear()
    self.line = line
    show = { [unowned self] in self.show($0) }
  }

  /// Runs to the end.
  ///
  /// - Throws: `ExitStatus` 130 after Ctrl-C and 1 for a loss that is not finite; what reading pictures
  ///   and writing files throws.
  func finish() throws {
    let plan = session.plan
    if lock == nil {
      try FilePlace.makeFolder(plan.folder)
      lock = try FolderLock(plan.folder)
      // Between the first look and now another run may have come and gone.
      try TrainingPlan.checkFresh(plan.folder)
    }
    defer { lock = nil }
    EndSignal.watch()
    do {
      try session.finish()
    } catch let stop as TrainingStop {
      line.clear()
      throw status(stop)
    }
    try TrainingLog(plan: plan, losses: session.run.losses, reports: session.reports)
      .write(to: plan.folder)
    // Only now is nothing lost with it.
    FilePlace.remove(session.checkpointPath)
  }

  private func show(_ event: TrainingEvent) {
    switch event {
    case .drawing: break
    case .iteration(let loss, let seconds): show(loss: loss, perIteration: seconds)
    case .judging(let stage): line.show("\(stage.kind.rawValue): judging")
    case .done(let index):
      line.clear()
      if !isQuiet { printOut(summary(index)) }
    }
  }

  private func status(_ stop: TrainingStop) -> ExitStatus {
    let path = session.checkpointPath
    switch stop {
    case .interrupted(let stage, let iteration):
      let place =
        iteration.map { "after iteration \($0) of \(stage.iterations) of " } ?? "while judging "
      return ExitStatus(
        code: 130,
        "stopped \(place)\(stage.kind.rawValue); convbook train --output \(session.plan.folder) "
          + "--resume goes on")
    case .diverged(let loss):
      let kept =
        FilePlace.exists(path)
        ? "the last good checkpoint is \(path)" : "no checkpoint had been written yet"
      let stage = session.run.stage
      return .failed(
        "the loss of \(stage.kind.rawValue) is \(loss.isNaN ? "no number" : "infinite") at "
          + "iteration \(session.run.iteration + 1): the weights have run away; \(kept); try a rate "
          + "below \(stage.rate)")
    }
  }

  private func show(loss: Double, perIteration: Double) {
    guard line.isShown else { return }
    let (run, recipe) = (session.run, session.plan.recipe)
    let left = recipe.stages.enumerated().reduce(0) { sum, next in
      next.offset < run.stageIndex
        ? sum
        : sum + next.element.iterations - (next.offset == run.stageIndex ? run.iteration : 0)
    }
    let speed = Double(recipe.batch) / perIteration
    line.show(
      "\(run.stage.kind.rawValue) \(run.iteration)/\(run.stage.iterations)  "
        + "loss \(decimal(loss, 3))  rate \(run.stage.rate)  "
        + "\(perSecond(speed)) pictures/s  "
        + timeLeft(perIteration * Double(left)))
  }

  /// A stage in one line.
  private func summary(_ index: Int) -> String {
    let (stage, report) = (session.plan.recipe.stages[index], session.reports[index])
    let losses = session.run.losses[index]
    let pictures = Double(stage.iterations * session.plan.recipe.batch)
    var text =
      padded(stage.kind.title, to: 12)
      + aligned("\(stage.iterations)", to: 6) + " iterations"
      + aligned(decimal(report.seconds, 1), to: 8) + " s"
      + aligned(perSecond(pictures / max(report.seconds, 1e-9)), to: 6) + " pictures/s"
    let part = max(1, losses.count / 10)
    if let early = mean(losses.prefix(part)), let late = mean(losses.suffix(part)) {
      text += "   loss \(decimal(early, 2)) → \(decimal(late, 2))"
    }
    if let scores = report.matrix?.scores {
      text +=
        stage.kind == .classifier
        ? "   accuracy \(decimal(scores.pixelAccuracy, 3))"
        : "   mean IU \(decimal(scores.meanIU, 3))"
    }
    return text
  }
}

/// A rate with as many places as tell something.
func perSecond(_ rate: Double) -> String { decimal(rate, rate < 10 ? 2 : 0) }

/// The mean; nil of nothing.
func mean(_ numbers: ArraySlice<Float>) -> Double? {
  numbers.isEmpty ? nil : numbers.reduce(0) { $0 + Double($1) } / Double(numbers.count)
}
