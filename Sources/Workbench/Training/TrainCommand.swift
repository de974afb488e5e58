import FastKernels
import Interchange
import Networks
internal import Platform
import Primitives
import Synchronization
import Tensors
import Training

let trainCommand: Command = Command(
  "train", in: .run, "a network from coarse to fine: classifier, FCN-32s, FCN-16s, FCN-8s",
  options: [
    Option("output", "DIR", "the folder for weights, checkpoint and log; training if not given"),
    Option("recipe", "R", "scenes (the usual), quick or photographs"),
    Option("stage", "S", "only one stage: classifier, 32s, 16s, 8s or at-once"),
    Option("from", "F", "the weights that the first stage begins with: those of the stage before"),
    Option("init-from", "F", "begin with VGG16, or with a network of other classes"),
    Option("scenes", "N", "draw so many scenes to learn from; a quarter as many to be judged by"),
    Option("voc", "DIR", "learn from a folder in PASCAL VOC's layout in place of drawn scenes"),
    Option("set", "NAME", "with --voc: the list to learn from; train if not given"),
    Option("validation-set", "NAME", "with --voc: the list to be judged by; val if not given"),
    Option("classes", "N", "with --voc: how many classes; 21 if not given"),
    Option("preprocess", "P", "how pixels become numbers: caffe, torchvision or scene"),
    Option("iterations", "N", "so many for each stage, in place of the recipe's"),
    Option("rate", "R", "the learning rate of each stage, in place of the recipe's"),
    Option("batch", "N", "pictures in a batch"),
    Option("momentum", "M", "the part of the velocity that is kept"),
    Option("decay", "D", "weight decay; biases have none"),
    Option("loss", "L", "mean or sum over the pixels of a batch"),
    Option("dropout", "P", "the probability of dropout in fc6 and fc7"),
    Option("dropout-unit", "U", "what is dropped: element or channel"),
    Option("upsampling", "U", "fixed (bilinear), or learned, all but the last"),
    Option("seed", "S", "initial weights, scenes, order and dropout; 0 if not given"),
    Option("threads", "T", "how many threads share the work; any number gives the same weights"),
    Option("checkpoint-every", "N", "iterations from one checkpoint to the next; 100 if not given"),
    .flag("resume", "go on from the checkpoint in --output, with the options of its run"),
    Option("format", "F", "text, or json: what log.json holds"),
  ],
  details: [
    "Each stage begins with the weights of the one before; new score layers begin at 0 and upsampling "
      + "as bilinear interpolation. DIR gets classifier.safetensors, fcn32s.safetensors, "
      + "fcn16s.safetensors and fcn8s.safetensors, log.json and log.csv; Ctrl-C, or the end of the "
      + "terminal, stops at a checkpoint, and --resume goes on to the same weights, bit by bit.",
    "Recipes: scenes learns drawn scenes of six classes in a few minutes, quick a smaller network "
      + "in seconds; photographs has VGG16's layers and the settings of the FCN reference code, and "
      + "needs --voc and, to get anywhere, --init-from.",
  ],
  examples: [
    Command.Example("train --output scenes", "all four stages on drawn scenes"),
    Command.Example(
      "train --stage 32s --from scenes/classifier.safetensors --iterations 900 --output control",
      "one stage, for longer"),
    Command.Example(
      "train --init-from vgg16.pth --voc VOC2012 --output voc", "from VGG16, on photographs"),
  ]
) { arguments in
  let isJSON = try arguments.choice("format", of: ["text", "json"]) == "json"
  let progress =
    try arguments.has("resume")
    ? resumed(arguments, isQuiet: isJSON) : begun(arguments, isQuiet: isJSON)
  let session = progress.session
  let plan = session.plan
  if !isJSON { printOut(opening(plan)) }
  try progress.finish()
  if isJSON {
    printOut(
      TrainingLog(plan: plan, losses: session.run.losses, reports: session.reports).json.text)
  } else {
    printOut(closing(session))
  }
}

/// A run from its beginning.
private func begun(_ arguments: Arguments, isQuiet: Bool) throws -> TrainingProgress {
  let folder = try TrainingPlan.folder(arguments)
  if !FilePlace.exists(folder) { try FilePlace.checkOutput(folder) }
  let lock = FilePlace.exists(folder) ? try FolderLock(folder) : nil
  try TrainingPlan.checkFresh(folder)
  return try TrainingProgress(
    TrainingPlan(arguments, current: arguments, isResumed: false), from: nil, lock: lock,
    isQuiet: isQuiet)
}

/// A run that goes on.
private func resumed(_ arguments: Arguments, isQuiet: Bool) throws -> TrainingProgress {
  if let option = arguments.given.first(where: TrainingPlan.isKept) {
    throw ExitStatus.usage(
      "--resume goes on as the run began; leave out --\(option)")
  }
  let folder = try TrainingPlan.folder(arguments)
  let path = FilePlace.joined(folder, Checkpoint.name)
  if !FilePlace.exists(path), FilePlace.exists(FilePlace.joined(folder, "log.json")) {
    throw ExitStatus.usage("the run in \(folder) is done; there is nothing to go on with")
  }
  let lock = FilePlace.exists(folder) ? try FolderLock(folder) : nil
  let checkpoint = try Checkpoint(contentsOf: path)
  let kept = try Arguments(
    checkpoint.options.map { $0.value.isEmpty ? "--\($0.name)" : "--\($0.name)=\($0.value)" },
    for: trainCommand)
  let plan = try TrainingPlan(kept, current: arguments, isResumed: true)
  guard checkpoint.state.stage < plan.recipe.stages.count,
    checkpoint.state.iteration <= plan.recipe.stages[checkpoint.state.stage].iterations,
    checkpoint.seed == plan.seed
  else {
    throw ExitStatus.data(
      "\(path) is at iteration \(checkpoint.state.iteration) of stage "
        + "\(checkpoint.state.stage + 1), which its own options do not lead to")
  }
  return try TrainingProgress(plan, from: checkpoint, lock: lock, isQuiet: isQuiet)
}

/// What is about to happen, in a line.
private func opening(_ plan: TrainingPlan) -> String {
  let (training, validation) = (plan.data.training.count, plan.data.validation.count)
  return
    "Learning from \(counted(training, "picture")), judged on "
    + "\(counted(validation, "other")); "
    + "seed \(plan.seed), \(counted(plan.threads.count, "thread"))."
}

/// The curve, and the metrics of the stages.
private func closing(_ session: TrainingSession) -> String {
  let plan = session.plan
  let terminal = Terminal.current
  var lines = [""]
  lines +=
    LossCurve(
      stages: zip(plan.recipe.stages, session.run.losses).map { ($0.kind.rawValue, $1) },
      width: terminal.width, isUnicode: terminal.showsUnicode
    ).lines
  let judged = zip(plan.recipe.stages, session.reports).filter { $0.0.kind != .classifier }
  let rows = judged.compactMap { stage, report in
    report.matrix?.scores.map { scores in
      [stage.kind.title]
        + [
          scores.pixelAccuracy, scores.meanAccuracy, scores.meanIU, scores.frequencyWeightedIU,
        ].map { decimal($0, 3) }
    }
  }
  if !rows.isEmpty {
    lines += [""]
    lines +=
      TextTable(
        head: ["", "pixel accuracy", "mean accuracy", "mean IU", "f.w. IU"], rows: rows
      ).lines
  }
  let files = plan.recipe.stages.map(\.kind.fileName) + ["log.json", "log.csv"]
  lines += ["", "written to \(plan.folder): \(files.joined(separator: ", "))"]
  return lines.joined(separator: "\n")
}

/// Whether somebody wants the program to end: Ctrl-C, a polite `kill`, or a terminal that is closed.
enum EndSignal {
  private static let isWanted = Atomic<Bool>(false)

  /// Whether the signal has come.
  static var hasCome: Bool { isWanted.load(ordering: .relaxed) }

  /// From now on the first signal is noted; a second one ends the program at once, as usual.
  static func watch() {
    // Whoever started this program may have had them blocked.
    var wanted = sigset_t()
    sigemptyset(&wanted)
    sigaddset(&wanted, SIGINT)
    sigaddset(&wanted, SIGTERM)
    sigaddset(&wanted, SIGHUP)
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let before = signal(number) { number in
        EndSignal.isWanted.store(true, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
      // Under nohup a closed terminal shall not matter.
      if number == SIGHUP,
        unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
      {
        signal(number, SIG_IGN)
      }
    }
  }
}
