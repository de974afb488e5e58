import FastKernels
import Interchange
import Networks
import Primitives
import Tensors
import Training

/// What the options of `train` ask for.
extension TrainingPlan {
  /// Options that a continued run takes from its checkpoint.
  static func isKept(_ option: String) -> Bool {
    !["output", "resume", "threads", "checkpoint-every", "format"].contains(option)
  }

  /// - Parameters:
  ///   - arguments: what was typed, or what the checkpoint says was typed.
  ///   - current: what was typed now.
  ///   - isResumed: whether weights come from a checkpoint, so that none are read here.
  init(_ arguments: Arguments, current: Arguments, isResumed: Bool) throws {
    let seed = try arguments.seed("seed") ?? 0
    let beginning = try TrainingBeginning(arguments)
    var recipe = try Self.recipe(arguments, beginning)
    try Self.override(&recipe, arguments)
    if let backbone = beginning?.backbone { recipe.backbone = backbone }
    let data = try Self.data(arguments, recipe, beginning, seed: seed)
    let start =
      try isResumed
      ? nil : beginning?.weights(for: recipe.stages[0].kind, classes: data.training.classes)
    self.init(
      recipe: recipe, data: data, seed: seed,
      threads: try current.threads(),
      folder: try Self.folder(current),
      checkpointEvery: try current.integer("checkpoint-every", in: 1...Int.max) ?? 100,
      options: arguments.given.filter(Self.isKept).map { ($0, arguments[$0]!) },
      start: start ?? [:])
  }

  /// Refuses a folder that holds a run.
  ///
  /// - Throws: `ExitStatus` 64
  static func checkFresh(_ folder: String) throws(ExitStatus) {
    let checkpoint = FilePlace.joined(folder, Checkpoint.name)
    guard !FilePlace.exists(checkpoint) else {
      throw .usage(
        "\(checkpoint) is of a run that was stopped; go on with it by --resume, or give --output "
          + "another folder")
    }
    guard !FilePlace.exists(FilePlace.joined(folder, "log.json")) else {
      throw .usage("the folder \(folder) holds a run that is done; give --output another folder")
    }
  }

  /// The folder of `--output`.
  static func folder(_ arguments: Arguments) throws -> String {
    let folder = arguments["output"] ?? "training"
    if FilePlace.exists(folder), !FilePlace.isFolder(folder) {
      throw FileProblem.cannotWrite("\(folder) is a file; --output names a folder")
    }
    return folder
  }

  private static func recipe(
    _ arguments: Arguments, _ beginning: TrainingBeginning?
  ) throws -> TrainingRecipe {
    let isPhotographs = beginning.map { !$0.isScenes } ?? false
    let name =
      try arguments.choice("recipe", of: ["scenes", "quick", "photographs"])
      ?? (isPhotographs ? "photographs" : "scenes")
    var recipe: TrainingRecipe =
      switch name {
      case "quick": .quick
      case "photographs": .photographs
      default: .scenes
      }
    guard
      let kind = try arguments.choice(
        "stage", of: TrainingStage.Kind.allCases.map(\.rawValue)
      ).flatMap(TrainingStage.Kind.init(rawValue:))
    else {
      // What the file has learned already is not learned again; photographs have no classifier here.
      if arguments.has("voc") || beginning != nil {
        recipe.stages.removeAll { $0.kind == .classifier }
      }
      return recipe
    }
    guard kind != .classifier || !(arguments.has("voc") || beginning != nil) else {
      throw ExitStatus.usage(
        "the classifier learns from drawn shapes, from nothing; leave out --from and --voc")
    }
    if kind != .classifier, beginning == nil {
      throw ExitStatus.usage(
        "--stage \(kind.rawValue) needs --from, the weights that it begins with: those of the "
          + "stage before")
    }
    // At once, FCN-8s learns for as long as the three stages together.
    let all = recipe.stages.filter { $0.kind != .classifier }
    let stage =
      recipe.stages.first { $0.kind == kind }
      ?? TrainingStage(
        kind, iterations: all.reduce(0) { $0 + $1.iterations }, rate: all[0].rate,
        warmUp: all[0].warmUp, cooling: all.last!.cooling)
    recipe.stages = [stage]
    return recipe
  }

  /// Numbers that are given instead of the recipe's.
  private static func override(_ recipe: inout TrainingRecipe, _ arguments: Arguments) throws {
    for index in recipe.stages.indices {
      if let count = try arguments.integer("iterations", in: 1...100_000_000) {
        recipe.stages[index].iterations = count
      }
      if let rate = try arguments.number("rate", in: 0...1e6) { recipe.stages[index].rate = rate }
    }
    if let count = try arguments.integer("scenes", in: 4...1_000_000) {
      recipe.pictures = PictureCounts(
        training: count, validation: count / 4, single: count * 5 / 2,
        shapes: recipe.pictures.shapes)
    }
    recipe.batch = try arguments.integer("batch", in: 1...4096) ?? recipe.batch
    var settings = recipe.settings
    settings.momentum = try arguments.number("momentum", in: 0...0.9999) ?? settings.momentum
    settings.weightDecay = try arguments.number("decay", in: 0...1) ?? settings.weightDecay
    settings.dropout = try arguments.number("dropout", in: 0...0.99) ?? settings.dropout
    if let unit = try arguments.choice("dropout-unit", of: DropoutUnit.allCases.map(\.rawValue)) {
      settings.dropoutUnit = DropoutUnit(rawValue: unit)!
    }
    if let reduction = try arguments.choice("loss", of: Reduction.allCases.map(\.rawValue)) {
      settings.reduction = Reduction(rawValue: reduction)!
    }
    settings.learnsUpsampling =
      try arguments.choice("upsampling", of: ["fixed", "learned"]) == "learned"
    recipe.settings = settings
  }

  private static func data(
    _ arguments: Arguments, _ recipe: TrainingRecipe, _ beginning: TrainingBeginning?,
    seed: UInt64
  ) throws -> TrainingData {
    let chosen = try arguments.choice(
      "preprocess", of: Preprocessing.allCases.map(\.rawValue)
    ).flatMap(Preprocessing.init(rawValue:))
    let preprocessing =
      chosen ?? beginning?.preprocessing
      ?? (recipe.backbone.classifierKernelSize == 3 ? .scene : .caffe)
    guard let folder = arguments["voc"] else {
      if let option = ["set", "validation-set", "classes"].first(where: arguments.has) {
        throw ExitStatus.usage("--\(option) goes with --voc, which is not given")
      }
      guard recipe.pictures.training > 0 else {
        throw ExitStatus.usage(
          "which photographs? --voc DIR names a folder in PASCAL VOC's layout")
      }
      let scenes = TrainingData.scenes(recipe, seed: seed)
      return TrainingData(
        training: scenes.training, single: scenes.single, validation: scenes.validation,
        preprocessing: preprocessing)
    }
    let classes =
      try arguments.integer("classes", in: 2...255) ?? beginning?.classes ?? ClassNames.voc.count
    guard !arguments.has("scenes") else {
      throw ExitStatus.usage("--scenes asks for drawn pictures, --voc for others; leave out one")
    }
    let known = [ClassNames.voc, ClassNames.scenes].first { $0.count == classes }
    let names = known ?? (0..<classes).map { "class \($0)" }
    let set = arguments["set"] ?? "train"
    if let warning = try PictureSet.maskWarning(folder, set: set, classes: classes) {
      printError("convbook: Beware: \(warning)")
    }
    return TrainingData(
      training: try .voc(folder, set: set, classNames: names),
      validation: try .voc(folder, set: arguments["validation-set"] ?? "val", classNames: names),
      preprocessing: preprocessing)
  }
}
