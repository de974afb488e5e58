import FastKernels
import Interchange
import Networks
import Primitives
import Tensors

/// What a network says about one picture.
struct Segmentation {
  let picture: Picture
  /// The class with the highest score at each pixel.
  let labels: LabelMap
  /// (1, classes, height, width), before softmax, if they were to be kept.
  let scores: Tensor<Float>?
  /// How many pixels each class has.
  let counts: LabelCounts
  /// The mean score of each class over the whole picture.
  let meanScores: [Double]

  /// Runs the network on a picture.
  ///
  /// - Parameters:
  ///   - keepsScores: whether the scores are wanted beside the labels, for heat maps.
  ///   - checked: the size that the network takes this picture in, if it is known, and that the machine
  ///     has memory for it.
  /// - Throws: `ExitStatus` 65 if the network gives no numbers, because its weights have none, or if
  ///   the machine has too little memory for a picture of this size; `GeometryError` if the picture is
  ///   too small for the network.
  init(
    _ picture: Picture, network: FastNetwork, preprocessing: Preprocessing,
    keepsScores: Bool = false, checked: Size? = nil
  ) throws {
    let size = Size(height: picture.height, width: picture.width)
    let workable = try checked ?? network.network.workableSize(for: size, comingBack: true)
    if checked == nil { try Self.checkMemory(network, input: workable) }
    self.picture = picture
    try network.network.checkScores(of: workable)
    let input = preprocessing.input(pixels: picture.pixels, size: size)
    let (cells, all) = try network.label(
      continued(input, to: workable, with: 0), within: size, keepsScores: keepsScores)
    scores = workable == size ? all : try all.map { try crop($0, offset: 0, size: size) }
    guard cells.means.allSatisfy(\.isFinite) else {
      throw ExitStatus.data(
        "the network gives scores that are infinite or no numbers; are the weights damaged, or "
          + "does a layer take what it can't, as log does 0? convbook convert --list shows them")
    }
    labels = LabelMap(width: picture.width, height: picture.height, classes: cells.labels)
    counts = LabelCounts(labels, classes: cells.means.count)
    meanScores = cells.means
  }

  /// Refuses a picture whose maps would not fit into memory; the weights are there already.
  private static func checkMemory(_ network: FastNetwork, input: Size) throws {
    let classes = network.network.channels[network.network.layers.last!.name]!
    // Beside the maps: scores once more, cut to size or as probabilities, and labels.
    let need = try MemoryNeed(network.network, input: input).maps + input.area * (4 * classes + 16)
    guard let available = SystemMemory.available, need > available else { return }
    throw ExitStatus.data(
      "\(network.network.name) needs \(gigabytes(need)) of memory for a picture of "
        + "\(input), and \(gigabytes(available)) are available; make the picture smaller")
  }

  /// Writes what the job asks for, and returns the paths of the heat maps.
  func write(_ job: SegmentJob, names: [String], threads: Threads) throws -> [String] {
    for folder in job.folders { try FilePlace.makeFolder(folder) }
    var files = OutputFiles()
    if let path = job.labels { try files.write(path) { try PictureFile.write(labels, to: path) } }
    if let path = job.overlay {
      try files.write(path) { try PictureFile.write(picture.overlaid(with: labels), to: path) }
    }
    guard job.heatmaps != nil, let scores else { return [] }
    let probabilities = softmax(scores, threads: threads).elements
    let area = labels.labels.count
    return try names.indices.map { index in
      let map = HeatMap.picture(
        of: Array(probabilities[index * area..<(index + 1) * area]), width: labels.width,
        height: labels.height)
      let path = job.heatmap(of: index, name: names[index], classes: names.count)!
      try files.write(path) { try PictureFile.write(map, to: path) }
      return path
    }
  }
}

/// How `--show` draws: how wide, and whether with colours.
struct Canvas: Equatable {
  let width: Int
  let color: Bool

  /// The options of a command that draws.
  static let options = [
    Option.flag("show", "draw the picture, its labels and a legend here"),
    Option("width", "W", "with --show: how many columns to draw in"),
    .flag("no-color", "with --show: letters instead of colours"),
  ]

  /// What the options ask for; nil without `--show`.
  ///
  /// - Throws: `ExitStatus` 64 if a width is no width, or JSON is asked for too.
  init?(_ arguments: Arguments) throws(ExitStatus) {
    let terminal = Terminal.current
    width = try arguments.integer("width", in: 4...1000) ?? min(terminal.width, 160)
    color = terminal.allowsColor && terminal.showsUnicode && !arguments.has("no-color")
    guard arguments.has("show") else { return nil }
    if arguments["format"] == "json" {
      throw .usage("--show draws, and --format json does not; leave out one of them")
    }
  }
}

extension LoadedNetwork {
  /// The preprocessing that goes with the weights: what the file states, or what the network was
  /// made for.
  var preprocessing: Preprocessing {
    if let stated = stated("preprocess").flatMap(Preprocessing.init(rawValue:)) {
      return stated
    }
    return isScenes ? .scene : .caffe
  }

  /// What the classes are called.
  var classNames: [String] {
    let known = isScenes ? ClassNames.scenes : ClassNames.voc
    return known.count == classes ? known : (0..<classes).map { "class \($0)" }
  }

  /// Whether it has the small kernels of the networks that are trained on the synthetic scenes.
  private var isScenes: Bool {
    network.parameters.first { $0.name == "fc6.weight" }?.shape.dimensions.suffix(2) == [3, 3]
  }

  /// Refuses a network that does not label pictures, or has more classes than a label can tell.
  ///
  /// - Throws: `ExitStatus` 65
  func checkLabels(of path: String) throws {
    if name == .vgg16 {
      throw ExitStatus.data(
        "\(path) holds the classifier VGG16, which gives no score for each pixel; make a network "
          + "of it first: convbook convert \(path) fcn32s.safetensors --network fcn32s")
    }
    guard name?.labelsPictures ?? true else {
      throw ExitStatus.data(
        "\(path) holds \(network.name), whose scores do not lie on the pixels of a colour picture")
    }
    guard network.inputChannels == 3 else {
      throw ExitStatus.data(
        "\(network.name) reads \(counted(network.inputChannels, "channel")), and pictures have 3; forward runs it "
          + "on arrays")
    }
    if let ownSize {
      try network.checkScores(of: network.workableSize(for: ownSize, comingBack: true))
    }
    guard (2...255).contains(classes) else {
      throw ExitStatus.data(
        "\(path) has \(counted(classes, "class", "classes")); label maps hold from 2 to 255")
    }
  }
}

extension Network {
  /// Refuses a network that gives something else than one score for each class and pixel.
  ///
  /// - Throws: `ExitStatus` 65; `GeometryError` if a picture of this size does not go through.
  fileprivate func checkScores(of picture: Size) throws {
    guard let output = try shapes(input: picture).last, output.size != picture else { return }
    throw ExitStatus.data(
      "\(name) gives \(output) for a picture of \(picture), and segment needs one score for each class "
        + "and pixel; its scores may have to be enlarged (up, convT) and cropped to the input, and forward "
        + "gives them as they are")
  }
}

extension NetworkName {
  /// The network of this name, if it is one that labels pictures.
  ///
  /// - Throws: `ExitStatus` 64
  init(labeling word: String) throws(ExitStatus) {
    let name = try NetworkName(typed: word)
    guard name.labelsPictures else {
      let others = Self.allCases.filter(\.labelsPictures).map(\.rawValue)
      throw .usage("\(word) does not label pictures; --network must be \(listed(others))")
    }
    self = name
  }
}

/// What is said about a segmented picture: every class with its pixels and its mean score.
struct SegmentReport {
  let job: SegmentJob
  let segmentation: Segmentation
  let heatmaps: [String]
  /// The names of the classes.
  let names: [String]
  /// What the network is called.
  let network: String

  /// The picture's name and size and who labels it, then a line for each class that occurs.
  var text: String {
    let (labels, counts) = (segmentation.labels, segmentation.counts)
    var lines = [
      "\(job.picture.visible): \(labels.height)×\(labels.width) pixels, height first, as "
        + "\(network.visible) sees them"
    ]
    let width = counts.present.map { names[$0].visible.count }.max() ?? 0
    for index in counts.present {
      let number = left(String(index), 5)
      let share = left(decimal(100 * counts.share(of: index), 2), 8)
      let score = left(decimal(segmentation.meanScores[index], 3), 9)
      lines.append(
        "\(number)  \(padded(names[index].visible, to: width))\(share) %   mean score\(score)")
    }
    let written = [job.labels, job.overlay].compactMap(\.self)
    if !written.isEmpty { lines.append("  written: \(written.joined(separator: ", ").visible)") }
    if let folder = job.heatmaps {
      lines.append("  \(heatmaps.count) heat maps in \(folder.visible)")
    }
    return lines.joined(separator: "\n")
  }

  var json: JSON {
    let labels = segmentation.labels
    let classes = names.indices.map { index in
      JSON.object([
        ("class", .integer(index)), ("name", .string(names[index])),
        ("pixels", .integer(segmentation.counts.pixels[index])),
        ("share", .number(segmentation.counts.share(of: index))),
        ("meanScore", .number(segmentation.meanScores[index])),
      ])
    }
    return .object([
      ("picture", .string(job.picture)), ("height", .integer(labels.height)),
      ("width", .integer(labels.width)),
      ("output", job.labels.map(JSON.string) ?? .null),
      ("overlay", job.overlay.map(JSON.string) ?? .null),
      ("heatmaps", .array(heatmaps.map(JSON.string))), ("classes", .array(classes)),
    ])
  }

  private func left(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}

/// How many pixels of a label map each class has.
struct LabelCounts: Equatable {
  /// For each class, its pixels.
  let pixels: [Int]
  /// All pixels of the map.
  private let all: Int

  /// The pixels of each of so many classes; other labels are left out.
  init(_ map: LabelMap, classes: Int) {
    pixels = Array(map.pixelsOfLabels.prefix(classes))
    all = map.labels.count
  }

  /// The part of the picture that a class has, from 0 to 1.
  func share(of index: Int) -> Double {
    Double(pixels[index]) / Double(all)
  }

  /// The classes that occur, those with the most pixels first.
  var present: [Int] {
    pixels.indices.filter { pixels[$0] > 0 }
      .sorted { (pixels[$1], $0) < (pixels[$0], $1) }
  }
}
