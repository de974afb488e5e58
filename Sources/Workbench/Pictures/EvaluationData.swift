import Interchange
import Networks
import Primitives
import Tensors
import Training

/// The pictures on which a network is judged, as the options name them.
enum EvaluationData: Equatable {
  /// Synthetic scenes.
  case scenes(count: Int, seed: UInt64)
  /// One list of a folder in PASCAL VOC's layout.
  case voc(folder: String, set: String)

  /// What `--voc` and `--set`, or `--scenes` and `--seed`, name.
  ///
  /// - Throws: `ExitStatus` 64 if options of both are given, or numbers are out of range.
  init(_ arguments: Arguments) throws(ExitStatus) {
    let count = try arguments.integer("scenes", in: 1...1_000_000)
    let seed = try arguments.seed("seed")
    guard let folder = arguments["voc"] else {
      if arguments.has("set") { throw .usage("--set names a list of --voc, which is not given") }
      self = .scenes(count: count ?? 100, seed: seed ?? 0)
      return
    }
    if let option = ["scenes", "seed"].first(where: arguments.has) {
      throw .usage("--\(option) names synthetic scenes, and --voc other pictures; leave out one")
    }
    self = .voc(folder: folder, set: arguments["set"] ?? "val")
  }

  /// The pictures for a network.
  ///
  /// - Throws: `ExitStatus` 65 if the network has other classes than the scenes; what
  ///   `PictureSet.voc` throws.
  func pictures(
    for loaded: LoadedNetwork, of weights: String, ignored: UInt8?
  ) throws -> PictureSet {
    switch self {
    case .voc(let folder, let set):
      return try .voc(folder, set: set, classNames: loaded.classNames, ignored: ignored)
    case .scenes(let count, let seed):
      let classes = ClassNames.scenes.count
      guard loaded.classes == classes else {
        throw ExitStatus.data(
          "\(weights) has \(loaded.classes) classes, and synthetic scenes have \(classes); name "
            + "pictures with --voc DIR")
      }
      return .scenes(count: count, seed: seed)
    }
  }

  /// The same in JSON.
  var facts: [(String, JSON)] {
    switch self {
    case .scenes(let count, let seed):
      [("data", "scenes"), ("scenes", .integer(count)), ("seed", .unsigned(seed))]
    case .voc(let folder, let set):
      [("data", "voc"), ("folder", .string(folder)), ("set", .string(set))]
    }
  }
}

extension PictureSet {
  /// The pictures of one list of a folder in PASCAL VOC's layout.
  ///
  /// All files must be there; they are opened only when a picture is read.
  ///
  /// - Parameters:
  ///   - folder: the folder that holds JPEGImages, SegmentationClass and ImageSets/Segmentation.
  ///   - set: the list, such as `train` or `val`.
  ///   - classNames: what the labels mean; a label beyond them is an error when it is read.
  ///   - ignored: the label that stands for no class; nil for none.
  /// - Throws: `FileProblem` or `InterchangeError`, as ``Interchange/VOCFolder/entries(of:)``.
  static func voc(
    _ folder: String, set: String, classNames: [String] = ClassNames.voc, ignored: UInt8? = 255
  ) throws -> PictureSet {
    let entries = try VOCFolder(folder).entries(of: set)
    return PictureSet(
      count: entries.count, classNames: classNames, name: { entries[$0].picture }
    ) { index in
      let (picture, labels) = try entries[index].read(classes: classNames.count, ignored: ignored)
      return LabeledPicture(picture, labels)
    }
  }

  /// What looks like masks whose foreground is ignored, by some of the labels; nil if nothing does.
  static func maskWarning(_ folder: String, set: String, classes: Int) throws -> String? {
    let entries = try VOCFolder(folder).entries(of: set)
    var tally = Tally(classes: classes, ignoring: 255)
    for index in stride(from: 0, to: entries.count, by: max(1, entries.count / 16)) {
      let labels = try entries[index].readLabels(classes: classes).labels
      try tally.add(truth: labels, labels: labels.map { $0 == 255 ? 0 : $0 })
    }
    return tally.warning(
      way: "write them with labels from 0 to \(classes - 1), for 255 is never learned")
  }
}

extension LabeledPicture {
  /// The picture and its labels as files hold them; there must be a label for each pixel.
  var files: (picture: Picture, labels: LabelMap) {
    precondition(labelSize == size, "\(labelSize) labels do not label \(size) pixels")
    return (
      Picture(width: size.width, height: size.height, pixels: pixels),
      LabelMap(width: size.width, height: size.height, labels: labels)
    )
  }

  /// A picture and its labels, of one size, as they were read from files.
  init(_ picture: Picture, _ labels: LabelMap) {
    self.init(
      size: Size(height: picture.height, width: picture.width), pixels: picture.pixels,
      labels: labels.labels, labelSize: Size(height: labels.height, width: labels.width))
  }
}
