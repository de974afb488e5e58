import FastKernels
import Interchange
import Networks
import Tensors
import WeightFiles

/// A network with its weights.
///
/// ```swift
/// let loaded = try LoadedNetwork(weights: "fcn8s.pth")      // recognised by its tensors' names
/// let ready = try PreparedNetwork(loaded.tensors, FastOutline(loaded.network), usesCache: true)
/// let scores = try ready.network.forward(picture)
/// ```
struct LoadedNetwork {
  /// Which of the book's networks it is; nil for the reader's own.
  let name: NetworkName?
  /// The network's tensors in the file.
  let tensors: NetworkFile
  /// The size of picture that the reader's own network speaks of; nil for the book's.
  let ownSize: Size?
  /// What the file says under a name.
  let stated: (String) -> String?

  /// Finds the tensors of a network in a weight file; nothing but the header is read.
  ///
  /// - Parameter name: the network; if nil it is recognised from what the file says of itself, or
  ///   from the tensors' names.
  /// - Throws: what ``Interchange/WeightFile/open(_:)`` throws; `ExitStatus` 65 with every tensor
  ///   that is missing, unknown or of another shape.
  init(weights path: String, as name: NetworkName? = nil) throws {
    let file = try WeightFile.open(path).withoutTrainingState
    guard !file.entries.isEmpty else {
      throw ExitStatus.data("\(path) holds no tensors, and the weights of a network are expected")
    }
    guard let name = name ?? file.recognizedNetwork else {
      throw ExitStatus.data(
        "\(path) holds \(counted(file.entries.count, "tensor")) whose names are of no known network; "
          + "\(listed(NetworkName.allCases.map(\.rawValue))) are known, and convbook convert "
          + "--list \(path) shows the names"
          + (FilePlace.ending(of: path) == "onnx"
            ? "; a model of one's own is given as --network \(path)" : ""))
    }
    (self.name, stated, ownSize) = (name, file.stated, nil)
    tensors = try NetworkFile(file, for: name)
  }

  /// A network that the command line gave, with the weights of a file, or else its own.
  ///
  /// - Throws: `ExitStatus` 64 if it has none; else as ``init(weights:as:)``.
  init(_ given: GivenNetwork, weights path: String?) throws {
    guard let tensors = try given.file(path) else {
      throw ExitStatus.usage(
        "\(given.network.name) has no weights of its own; --weights must be the file with them")
    }
    self.tensors = tensors
    (name, ownSize) = (given.name, given.name == nil ? given.size : nil)
    // An ONNX model says what it says itself.
    let file = try (path ?? given.weights?.path).map { try WeightFile.open($0) }
    stated = { file?.stated($0) }
  }

  /// What it is called in answers.
  var title: String { name?.rawValue ?? network.name }

  /// The network with the file's number of classes and channels.
  var network: Network { tensors.network }

  /// The number of classes.
  var classes: Int { network.channels[network.layers.last!.name]! }
}

/// Which network a command that labels pictures was given, by `--network` and `--weights`.
struct LabelingNetwork {
  /// The reader's own; else it is one of the book's.
  let own: GivenNetwork?
  /// nil if the names of the weights tell.
  private let name: NetworkName?
  /// The file with the weights; nil if the network has them itself.
  let weights: String?
  /// The file of the reader's own network.
  let file: String?

  /// - Throws: as `GivenNetwork.init`; `ExitStatus` 64 for a network of the book that labels nothing.
  init(_ arguments: Arguments) throws {
    let word = arguments["network"]
    own = try word.flatMap { (word) throws in
      // A size that is left open matters to none of these networks; most go through at this one.
      GivenNetwork.isOwn(word) ? try GivenNetwork.ofAnySize(word) : nil
    }
    name = own == nil ? try word.map { (word) throws in try NetworkName(labeling: word) } : nil
    weights = own == nil ? try weightFile(arguments, for: name) : arguments["weights"]
    file = own == nil ? nil : word
    own?.tellNotes()
  }

  /// Whether some layer is right for one size of picture alone.
  var isMadeForOneSize: Bool { own?.network.isMadeForOneSize ?? false }

  /// The network with its weights.
  ///
  /// - Throws: as ``LoadedNetwork``; `ExitStatus` 65 if it does not label pictures.
  ///
  /// - Parameter picture: the size of the pictures that it is for; its own if nil. A network that is right for one size
  ///   alone is read for it.
  func loaded(for picture: Size? = nil) throws -> LoadedNetwork {
    var own = own
    if let given = own, let file, given.network.isMadeForOneSize {
      let picture = picture ?? given.size
      // Where no rule tells another size, the picture's own will show what is wrong.
      let size = (try? given.network.workableSize(for: picture, comingBack: true)) ?? picture
      own = try GivenNetwork(file, shape: InputShape(trying: size, channels: nil, isLine: false))
    }
    let loaded =
      try own.map { try LoadedNetwork($0, weights: weights) }
      ?? LoadedNetwork(weights: weights!, as: name)
    try loaded.checkLabels(of: loaded.tensors.path)
    return loaded
  }

  /// The preprocessing that nobody asked for: what the weights say or usually need. An ONNX model that says
  /// nothing was most likely trained in PyTorch, which may be wrong and is told.
  func preprocessing(of loaded: LoadedNetwork) throws -> Preprocessing {
    guard own?.weights != nil, weights.map({ FilePlace.ending(of: $0) == "onnx" }) ?? true,
      loaded.stated("preprocess") == nil
    else {
      return loaded.preprocessing
    }
    printError(
      "convbook: \(loaded.tensors.path) does not say how pixels become numbers; torchvision's way is taken "
        + "(red, green, blue from 0 to 1, less the means, divided by the deviations), and --preprocess says "
        + "another")
    return .torchvision
  }
}

extension WeightFile {
  /// The network that the file says it is for, or else whose tensors it has.
  var recognizedNetwork: NetworkName? {
    stated("network").flatMap(NetworkName.init(rawValue:))
      ?? NetworkName(recognizing: WeightNames.canonical(entries).map(\.name))
  }
}

/// A network read from a weight file and packed, or packed by an earlier start.
struct PreparedNetwork {
  /// The network, ready to run.
  let network: FastNetwork
  private let cache: PackedCache?
  private let content: [UInt64]
  private let isSettled: Bool

  /// Reads, checks and packs the weights, showing how far it is.
  ///
  /// - Parameters:
  ///   - outline: of the file's network.
  ///   - usesCache: whether weights packed earlier may be used, and these kept.
  /// - Throws: `ExitStatus` 65 that names all tensors with values that are not finite.
  init(
    _ file: NetworkFile, _ outline: FastOutline, threads: Threads = .all, usesCache: Bool
  ) throws {
    if let note = file.note { printError("convbook: \(note)") }
    let cache = usesCache ? PackedCache(file, outline.packedLayers) : nil
    let note = cache?.note()
    isSettled = note != nil || cache?.settle() ?? false
    content = try note?.content ?? file.scan(threads: threads)
    let packed = cache?.open(content, note: note, isSettled: isSettled, threads: threads)
    let line = ProgressLine()
    defer { line.end() }
    network = try FastNetwork(
      outline, weights: file.weights, packed: packed ?? [:], threads: threads,
      progress: { line.show("packing weights", $0) })
    let slow = network.readableLayers.map { "\($0.name) (\($0.operation.kind))" }
    if !slow.isEmpty {
      line.end()
      printError(
        "convbook: on the readable primitives, for which the fast kernels have nothing: "
          + slow.joined(separator: ", "))
    }
    // A layer that has another size than what was kept for it was packed again.
    let isKept = network.packedWeights.allSatisfy { $0.weights.count == packed?[$0.layer]?.count }
    self.cache = isKept ? nil : cache
  }

  /// Keeps the packed weights for the next start, if they were packed in this one.
  func save() {
    cache?.save(
      network.packedWeights, content: content, isSettled: isSettled, threads: network.threads)
  }
}
