import CommandLineKit
import FastKernels
import FullyConvolutional

let trainCommand = Command(
  "train", in: .run, "train",
  options: [Option("threads", "T", "how many threads share the work")],
  examples: [Command.Example("train", "bench")],
  run: { arguments in
    let recipe = TrainingRecipe.scenes
    let a = PictureSet.scenes(count: 400, seed: 1)
    let b = PictureSet.singleShapes(count: 1000, seed: 3)
    let aa = PictureSet(try (0..<400).map(a.read), classNames: a.classNames)
    let bb = PictureSet(try (0..<1000).map(b.read), classNames: b.classNames)
    let run = TrainingRun(recipe, data: TrainingData(training: aa, single: bb, preprocessing: .scene), seed: 0, threads: try threads(arguments))
    let clock = ContinuousClock()
    var start = clock.now
    while !run.isDone {
      let loss = try run.step()
      if run.iteration % 50 == 0 { print(run.stage.kind, run.iteration, loss) }
      if run.stageIsDone {
        let s = clock.now - start
        print("seconds", s, Double(run.iteration * 10) / (Double(s.components.seconds) + Double(s.components.attoseconds) * 1e-18), "img/s")
        run.finishStage()
        start = clock.now
      }
    }
  })
