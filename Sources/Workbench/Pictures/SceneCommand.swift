import Interchange
import Networks
import Tensors
import Training

let sceneCommand: Command = Command(
  "scene", in: .run, "synthetic pictures with a label for each pixel",
  options: [
    Option("seed", "N", "which scene; 0 if not given"),
    Option("size", "HxW", "how large, from 16 to 4096 each way; 128x128 if not given"),
    Option("output", "F", "the picture, a PNG or PPM as the name says"),
    Option("labels", "F", "the labels, an indexed PNG in VOC's colours, or a PGM"),
    Option("voc", "DIR", "a new folder for many scenes, as PASCAL VOC lays them out"),
    Option("count", "N", "with --voc: how many scenes; 100 if not given"),
  ] + Canvas.options + [
    Option("format", "F", "text, or json with every shape, and every class's pixels and share")
  ],
  details: [
    "Discs, squares, triangles, rings and crosses lie on a grey background with noise: classes 1 to "
      + "5, the background is 0. A disc and a ring have one hue, a square and a cross another, so "
      + "that colour alone does not tell what a shape is. The same seed gives the same picture on "
      + "every machine.",
    "--voc makes the folders JPEGImages (the pictures are PNG files nevertheless), "
      + "SegmentationClass and ImageSets/Segmentation. Every fifth scene is in the list val, the "
      + "others are in train.",
  ],
  examples: [
    Command.Example(
      "scene --seed 7 --output scene.png --labels labels.png", "a picture, and what it shows"),
    Command.Example("scene --seed 7 --show", "a look in the terminal"),
    Command.Example("scene --voc scenes --count 500", "a data set: 400 to learn from, 100 to test"),
  ]
) { arguments in
  let run = try SceneRun(arguments)
  if let folder = arguments["voc"] {
    try run.write(SceneFolder(arguments, path: folder, seed: run.seed, size: run.size))
  } else {
    if arguments.has("count") {
      throw ExitStatus.usage("--count goes with --voc, the folder for so many scenes")
    }
    try run.draw(arguments)
  }
}

/// One call of `scene`: the options that one scene and many have in common.
private struct SceneRun {
  let seed: UInt64
  let size: Size
  let isJSON: Bool

  init(_ arguments: Arguments) throws(ExitStatus) {
    isJSON = try arguments.choice("format", of: ["text", "json"]) == "json"
    seed = try arguments.seed("seed") ?? 0
    size = try arguments["size"].map(sceneSize) ?? Scene.usualSize
  }

  /// One scene: into files, onto the terminal, or as a list of what is in it.
  func draw(_ arguments: Arguments) throws {
    let canvas = try Canvas(arguments)
    let (output, labels) = (arguments["output"], arguments["labels"])
    for (path, content) in [(output, PictureFile.Content.picture), (labels, .labels)] {
      if let path { try content.check(path) }
    }
    if let output, let labels, FilePlace.location(of: output) == FilePlace.location(of: labels) {
      throw ExitStatus.usage("--output and --labels are the same file, \(output)")
    }
    let report = SceneReport(seed: seed, size: size, output: output, labelsPath: labels)
    var files = OutputFiles()
    if let output {
      try files.write(output) { try PictureFile.write(report.picture, to: output) }
    }
    if let labels { try files.write(labels) { try PictureFile.write(report.labels, to: labels) } }
    if isJSON {
      printOut(report.json.text)
    } else if let canvas {
      printOut(
        TerminalPicture(
          picture: report.picture, labels: report.labels, names: ClassNames.scenes,
          width: canvas.width, color: canvas.color
        ).text)
    } else {
      printOut(report.text)
    }
  }

  func write(_ folder: SceneFolder) throws {
    try folder.write()
    printOut(isJSON ? folder.json.text : folder.text)
  }
}

/// The size that `--size` gives.
private func sceneSize(_ text: String) throws(ExitStatus) -> Size {
  let extents = try wholeNumbers(
    text.withCommasForCrosses, "--size", counts: [1, 2],
    form: "a size such as 128, or 96x128 (height x width)", typed: text)
  for extent in extents where !Scene.extents.contains(extent) {
    throw .data(
      "--size is \(text); each extent of a scene must be from \(Scene.extents.lowerBound) to "
        + "\(Scene.extents.upperBound)")
  }
  return Size(height: extents[0], width: extents[extents.count - 1])
}

/// Many scenes as a data set in PASCAL VOC's folders.
struct SceneFolder {
  let path: String
  let count: Int
  let seed: UInt64
  let size: Size

  /// The data set that `--voc` and `--count` ask for.
  ///
  /// - Throws: `ExitStatus` 64 if the count is none, or options for one scene are given.
  init(_ arguments: Arguments, path: String, seed: UInt64, size: Size) throws(ExitStatus) {
    if let option = ["output", "labels", "show"].first(where: arguments.has) {
      throw .usage("--\(option) goes with one scene, and --voc writes many; leave out one of them")
    }
    // Both lists have a picture from five on.
    count = try arguments.integer("count", in: 5...100_000) ?? 100
    (self.path, self.seed, self.size) = (path, seed, size)
  }

  /// The list of a scene: every fifth is kept for judging.
  private func list(of index: Int) -> String { index % 5 == 4 ? "val" : "train" }

  private func number(in list: String) -> Int {
    (0..<count).count { self.list(of: $0) == list }
  }

  /// Writes all scenes; the folder appears when they are complete.
  ///
  /// - Throws: `FileProblem`; `ExitStatus` 130 after Ctrl-C.
  func write() throws {
    let writer = try VOCFolderWriter(path)
    let scenes = PictureSet.scenes(count: count, seed: seed, size: size)
    let digits = String(count - 1).count
    let progress = PictureProgress(total: count)
    defer { progress.clear() }
    EndSignal.watch()
    for index in 0..<count {
      if EndSignal.hasCome {
        throw ExitStatus(code: 130, "stopped; nothing of \(path) was kept")
      }
      progress.show(done: index, name: path)
      let number = String(index)
      let id = "scene-" + String(repeating: "0", count: digits - number.count) + number
      let (picture, labels) = try scenes.read(index).files
      try writer.add(id, picture, labels, to: list(of: index))
    }
    try writer.commit()
  }

  var text: String {
    "\(path.visible): \(counted(count, "scene")) of \(size) pixels, height first; \(number(in: "train")) in the "
      + "list train, \(number(in: "val")) in val"
  }

  var json: JSON {
    .object([
      ("folder", .string(path)), ("seed", .unsigned(seed)), ("count", .integer(count)),
      ("train", .integer(number(in: "train"))), ("val", .integer(number(in: "val"))),
      ("height", .integer(size.height)), ("width", .integer(size.width)),
    ])
  }
}

/// What is said about a synthetic scene: its shapes, and the pixels of every class.
struct SceneReport {
  let seed: UInt64
  let scene: Scene
  let picture: Picture
  let labels: LabelMap
  let output: String?
  let labelsPath: String?

  init(seed: UInt64, size: Size, output: String?, labelsPath: String?) {
    self.seed = seed
    scene = .segmentation(seed: seed, size: size)
    (picture, labels) = scene.drawn().files
    (self.output, self.labelsPath) = (output, labelsPath)
  }

  /// The size, then a line for each shape, the hindmost first.
  var text: String {
    var lines = [
      "scene \(seed): \(scene.size) pixels, height first; \(counted(scene.shapes.count, "shape")), of which a "
        + "later one covers an earlier one",
      "  shape     radius     row  column   (of the centre, in pixels)",
    ]
    lines += scene.shapes.map { shape in
      let numbers = [(shape.radius, 8), (shape.row, 8), (shape.column, 8)].map { number, width in
        aligned(decimal(Double(number) / 16, 1), to: width)
      }
      return "  \(padded(shape.kind.name, to: 8))" + numbers.joined()
    }
    let written = [output, labelsPath].compactMap(\.self)
    if !written.isEmpty { lines.append("  written: \(written.joined(separator: ", "))") }
    return lines.joined(separator: "\n")
  }

  var json: JSON {
    let counts = LabelCounts(labels, classes: ClassNames.scenes.count)
    let shapes = scene.shapes.map { shape in
      JSON.object([
        ("kind", .string(shape.kind.name)), ("class", .integer(Int(shape.kind.label))),
        ("row", .number(Double(shape.row) / 16)), ("column", .number(Double(shape.column) / 16)),
        ("radius", .number(Double(shape.radius) / 16)),
      ])
    }
    let classes = ClassNames.scenes.enumerated().map { index, name in
      JSON.object([
        ("class", .integer(index)), ("name", .string(name)),
        ("pixels", .integer(counts.pixels[index])), ("share", .number(counts.share(of: index))),
      ])
    }
    return .object([
      ("seed", .unsigned(seed)), ("height", .integer(scene.size.height)),
      ("width", .integer(scene.size.width)), ("output", output.map(JSON.string) ?? .null),
      ("labels", labelsPath.map(JSON.string) ?? .null), ("shapes", .array(shapes)),
      ("classes", .array(classes)),
    ])
  }
}

/// `text` with spaces before it up to `width` characters, and at least one.
func aligned(_ text: String, to width: Int) -> String {
  String(repeating: " ", count: max(1, width - text.count)) + text
}
