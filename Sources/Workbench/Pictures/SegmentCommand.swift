import FastKernels
import Interchange
import Networks
import Tensors

let segmentCommand: Command = Command(
  "segment", in: .run, "pictures in, what every pixel shows out",
  operands: "IMAGE...", mostOperands: .max,
  options: [
    Option("weights", "F", "the weights; those of the drawn scenes if not given"),
    Option(
      "network", "NET",
      "the network, a name, text or file; known by the weights' names if not given"),
    Option("output", "F", "the label map, an indexed PNG in VOC's colours, or a PGM"),
    Option("overlay", "F", "the picture under half-transparent labels, a PNG or PPM"),
    Option("heatmaps", "DIR", "a folder for a picture of each class's probability"),
    Option("preprocess", "P", "how pixels become numbers: caffe, torchvision or scene"),
    Option("threads", "T", "how many threads share the work; all processors if not given"),
    Option("maximum-pixels", "N", "the largest picture to read; 200000000 if not given"),
    .flag("no-cache", "neither use nor keep packed weights"),
  ] + Canvas.options + [
    Option("format", "F", "text, or json with every class's pixels, share and mean score")
  ],
  details: [
    "IMAGE is a PNG, JPEG, PPM, PGM or PBM file, or a folder of them; a JPEG is turned as its EXIF "
      + "orientation says. For several pictures --output and --overlay are folders, made if they are not "
      + "there, and the files are named after the pictures. A picture that cannot be read does not stop "
      + "the others; the exit status tells.",
    "Without --weights a small network answers that comes with the book and knows the drawn scenes of "
      + "convbook scene. It takes some sizes only; a picture of another size is continued with zeros, "
      + "below and to the right, and its labels are cut off there again.",
    "NET is one of \(listed(labelingNetworks)); or your own, as network shows it: a text in quotes or a "
      + "file. It must read three channels and give one score for each class and pixel. Without "
      + "--preprocess the weight file says, else caffe is taken, as the published weights need, and for an "
      + ".onnx torchvision.",
  ],
  examples: [
    Command.Example(
      "segment cat.jpg --weights fcn8s.pth --output labels.png --overlay seen.png",
      "the labels, and the labels over the picture"),
    Command.Example(
      "segment photos --weights fcn8s.pth --output labels", "every picture of a folder"),
    Command.Example("segment cat.jpg --weights fcn8s.pth --show", "a look in the terminal"),
    Command.Example("segment scene.png --show", "a scene that convbook scene has drawn"),
  ],
  run: { arguments in try SegmentRun(arguments).run() })

private let labelingNetworks = NetworkName.allCases.filter(\.labelsPictures).map(\.rawValue)

/// One call of `segment`: its options, checked.
private struct SegmentRun {
  let plan: SegmentPlan
  let network: LabelingNetwork
  /// Whether nothing was said, so that the network with the book's weights answers.
  let isOfBook: Bool
  let preprocessing: Preprocessing?
  let threads: Threads
  let maximumPixels: Int
  let isJSON: Bool
  let usesCache: Bool
  /// How `--show` draws; nil without it.
  let canvas: Canvas?

  init(_ arguments: Arguments) throws {
    isJSON = try arguments.choice("format", of: ["text", "json"]) == "json"
    usesCache = !arguments.has("no-cache")
    canvas = try Canvas(arguments)
    threads = try arguments.threads()
    maximumPixels =
      try arguments.integer("maximum-pixels", in: 1...1 << 40) ?? Picture.defaultMaximumPixels
    preprocessing = try arguments.choice(
      "preprocess", of: Preprocessing.allCases.map(\.rawValue)
    ).flatMap(Preprocessing.init(rawValue:))
    guard !arguments.operands.isEmpty else {
      throw ExitStatus.usage("which picture? Write convbook segment IMAGE --weights F")
    }
    network = try LabelingNetwork(arguments)
    isOfBook = network.own == nil && arguments["weights"] == nil
    plan = try SegmentPlan(
      arguments.operands,
      SegmentPlan.Outputs(
        labels: arguments["output"], overlay: arguments["overlay"],
        heatmaps: arguments["heatmaps"]),
      other: [network.weights, network.file].compactMap(\.self))
  }

  func run() throws {
    // A single picture that cannot be read is found before the weights are.
    let only = plan.jobs.count == 1 ? try picture(plan.jobs[0]) : nil
    // What is made for one size is made for that of the first.
    let sized =
      only
      ?? (network.isMadeForOneSize ? plan.jobs.lazy.compactMap { try? picture($0) }.first : nil)
    let size = sized.map { Size(height: $0.height, width: $0.width) }
    let loaded = try network.loaded(for: size)
    let source = loaded.tensors.path
    let preprocessing = try preprocessing ?? network.preprocessing(of: loaded)
    let names = loaded.classNames
    try plan.checkHeatmaps(of: names)
    // Before the weights are packed; what another picture needs on top is told when its turn comes.
    let input = try loaded.network.workableSize(
      for: size ?? (network.isMadeForOneSize ? loaded.ownSize : nil) ?? 1, comingBack: true)
    let outline = try FastOutline(loaded.network, input: input)
    try checkMemory(outline, input: input)
    let prepared = try PreparedNetwork(
      loaded.tensors, only == nil ? FastOutline(loaded.network) : outline, threads: threads,
      usesCache: usesCache && PackedCache.isWorthwhile(loaded.network))
    let fast = prepared.network

    if !plan.leftOut.isEmpty { printError("convbook: \(SegmentPlan.advice(plan.leftOut))") }

    let progress = PictureProgress(total: plan.jobs.count)
    var answers: [JSON] = []
    var codes: [Int32] = []
    for (index, job) in plan.jobs.enumerated() {
      progress.show(done: index, name: job.picture)
      do {
        let segmentation = try Segmentation(
          only ?? picture(job), network: fast, preprocessing: preprocessing,
          keepsScores: job.heatmaps != nil, checked: only == nil ? nil : input)
        let heatmaps = try segmentation.write(job, names: names, threads: threads)
        let report = SegmentReport(
          job: job, segmentation: segmentation, heatmaps: heatmaps, names: names,
          network: isOfBook ? "the book's small network of drawn scenes" : loaded.title)
        progress.clear()
        if segmentation.picture.isCutShort {
          printError("convbook: \(job.picture) ends early; what is missing of it is grey")
        }
        if isJSON { answers.append(report.json) } else { show(report) }
      } catch {
        let failure = status(error, job)
        if plan.jobs.count == 1 { throw failure }
        progress.clear()
        printError("convbook: \(failure.description)")
        answers.append([
          "picture": .string(job.picture), "error": .string(failure.description),
        ])
        codes.append(failure.code)
      }
    }
    if isJSON {
      let answer: JSON = [
        "network": .string(loaded.title), "weights": .string(source),
        "preprocess": .string(preprocessing.rawValue), "pictures": .array(answers),
        "leftOut": .array(plan.leftOut.map(JSON.string)),
      ]
      printOut(answer.text)
    }
    prepared.save()
    if let first = codes.first {
      throw ExitStatus(
        code: codes.allSatisfy { $0 == first } ? first : 65,
        "\(codes.count) of \(counted(plan.jobs.count, "picture")) could not be segmented")
    }
  }

  private func picture(_ job: SegmentJob) throws -> Picture {
    // Compressed, unpacked and in colours a picture takes some 12 bytes a pixel.
    let held = (SystemMemory.available ?? .max) / 12
    do {
      return try Picture(contentsOf: job.picture, maximumPixels: min(maximumPixels, held))
    } catch {
      throw status(error, job)
    }
  }

  /// The failure with the picture's name, once.
  private func status(_ error: any Error, _ job: SegmentJob) -> ExitStatus {
    (error as? ExitStatus ?? exitStatus(of: error) ?? .data("\(error)")).naming(job.picture)
  }

  private func show(_ report: SegmentReport) {
    if let canvas {
      printOut(report.job.picture.visible)
      printOut(
        TerminalPicture(
          picture: report.segmentation.picture, labels: report.segmentation.labels,
          names: report.names, width: canvas.width, color: canvas.color
        ).text)
    } else {
      printOut(report.text)
    }
  }
}
