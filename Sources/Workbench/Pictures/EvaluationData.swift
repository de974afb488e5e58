import Networks
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
