import ConvolutionArithmetic
import Interchange
import Networks
import Tensors
import WeightFiles

/// The network that a command was given: one of the book's by its name, a text in quotes, or a file.
///
/// Whatever it came from, the commands see the same: `network` shows it, `forward`, `segment` and
/// `benchmark` run it.
struct GivenNetwork {
  let network: Network
  /// The size of its picture: what was asked for, else what the text or the file says, else the usual.
  let size: Size
  /// Which of the book's networks it is; the weights of those go by many names.
  var name: NetworkName?
  /// The weights that came with it, under the network's names, and the file that has them: an ONNX model.
  var weights: (path: String, entries: [WeightEntry])?
  /// What a person should know about the file, a sentence each.
  var notes: [String] = []
  /// The file that it is from, if it is from one.
  var path: String?

  init(_ network: Network, size: Size) {
    (self.network, self.size) = (network, size)
  }

  /// What else than a name a command takes, for its messages.
  static let others = ", a file, or a text such as \"conv 64 k3 p1 relu; max k2\""
  /// The same for a command's help.
  static let help =
    "NET is one of \(listed(NetworkName.allCases.map(\.rawValue))); or your own, as a text in quotes or "
    + "in a file: the same text, a .prototxt of Caffe, an .onnx"

  /// The network that a word of the command line means.
  ///
  /// - Parameters:
  ///   - shape: the channels and the size of the picture, if they were told.
  ///   - classes: of a network of the book.
  ///   - phase: which net of a Caffe file.
  ///   - usual: the size that is taken where neither the shape nor an ONNX model says one.
  /// - Throws: `ExitStatus` 64 for a word that means nothing, 65 for a text or file that is wrong;
  ///   ``FileProblem/cannotOpen(_:)``.
  init(
    _ word: String, shape: InputShape?, classes: Int? = nil, phase: CaffePhase? = nil,
    usual: Size? = nil
  ) throws {
    if let known = NetworkName(rawValue: word) {
      self.init(known.network(classes: classes), size: try shape?.axes(isLine: false).size ?? 500)
      name = known
      try check(shape)
    } else if Self.isText(word) {
      try self.init(text: word, shape: shape)
    } else if FilePlace.exists(word) || Self.isPath(word) {
      try self.init(file: word, shape: shape, phase: phase, usual: usual)
      path = word
    } else {
      _ = try NetworkName(typed: word, or: Self.others)
      preconditionFailure("the name was no name before")
    }
    guard phase == nil || FilePlace.ending(of: word) == "prototxt" else {
      throw ExitStatus.usage("--phase is for .prototxt files, which may hold several nets")
    }
    guard classes == nil || name != nil else {
      throw ExitStatus.usage(
        "--classes is for the book's networks; others tell their channels themselves")
    }
  }

  /// The network that a word means, for a command to which the size of its picture does not matter.
  ///
  /// A model whose size is left open is read for one that goes through, if one is found, for what it says of
  /// others holds from there.
  ///
  /// - Throws: as ``init(_:shape:classes:phase:usual:)``.
  static func ofAnySize(
    _ word: String, shape: InputShape? = nil, classes: Int? = nil
  ) throws -> GivenNetwork {
    do {
      return try GivenNetwork(word, shape: shape, classes: classes, usual: 256)
    } catch let error as GeometryError where FilePlace.ending(of: word) == "onnx" {
      let numbers = shape?.numbers ?? []
      for isLine in [false, true] {
        let channels = numbers.count == (isLine ? 2 : 3) ? numbers[0] : nil
        for extent in 256..<320 {
          let size = Size(height: isLine ? 1 : extent, width: extent)
          let trial = InputShape(trying: size, channels: channels, isLine: isLine)
          do {
            return try GivenNetwork(word, shape: trial, classes: classes)
          } catch is GeometryError {
            continue
          } catch {
            break
          }
        }
      }
      throw error
    }
  }

  /// Whether a word means a text or a file, and no network of the book.
  static func isOwn(_ word: String) -> Bool {
    NetworkName(rawValue: word) == nil
      && (isText(word) || isPath(word) || FilePlace.exists(word))
  }

  private static func isText(_ word: String) -> Bool {
    word.contains { $0.isWhitespace || $0 == ";" || $0 == "=" } && !FilePlace.exists(word)
  }

  /// Whether a word can only mean a file, so that one that is not there is told to be missing.
  private static func isPath(_ word: String) -> Bool {
    word.contains("/") || ["prototxt", "onnx", "txt"].contains(FilePlace.ending(of: word))
  }

  /// Each kind of file is read in one line.
  private init(
    file path: String, shape: InputShape?, phase: CaffePhase?, usual: Size?
  ) throws {
    switch FilePlace.ending(of: path) {
    case "onnx":
      let model = try ONNXNetwork(path: path, usual: usual) { isLine in
        let axes = try shape?.axes(isLine: isLine)
        return (axes?.channels, axes?.size)
      }
      self.init(model.network, size: model.size)
      (weights, notes) = ((path, model.weights), model.notes)
    case "prototxt": try self.init(caffe: path, shape: shape, phase: phase)
    default:
      let text = try Self.text(of: path)
      if text.contains(#/(?m)^\s*layers?\s*\{/#) {
        throw ExitStatus.data(
          "\(path) looks like a net of Caffe's, which is read if its name ends in .prototxt")
      }
      try self.init(text: text, path: path, shape: shape)
    }
  }

  /// A net of Caffe's. Pictures that are at hand may be larger than those that the file speaks of: its
  /// fully connected layers slide over them.
  private init(caffe path: String, shape: InputShape?, phase: CaffePhase?) throws {
    let axes = try shape?.axes(isLine: false)
    let isAsked = shape?.origin == "--input"
    do {
      let net = try CaffeNet(
        text: FileBytes.read(path, limit: CaffeNet.longest), name: path, phase: phase,
        channels: isAsked ? axes?.channels : nil, size: isAsked ? axes?.size : nil,
        usual: (axes?.channels, axes?.size))
      self.init(net.network, size: net.size)
      notes = net.notes
    } catch let error as NetworkTextError {
      throw ExitStatus.data("\(path), \(error)")
    } catch let error as GeometryError {
      throw ExitStatus.data("\(path): \(error)")
    }
  }

  /// The text of a file.
  ///
  /// - Throws: `ExitStatus` 65 if it is none, or longer than a million letters.
  static func text(of path: String) throws -> String {
    let bytes = try FileBytes.read(path, limit: 1 << 20)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ExitStatus.data(
        "\(path) is no text in UTF-8; an ONNX model is read if its name ends in .onnx")
    }
    return text
  }

  /// A network in the book's own language.
  private init(text: String, path: String? = nil, shape: InputShape?) throws {
    let axes = try shape?.axes(isLine: Network.isOneDimensional(text: text))
    do {
      let (network, size) = try Network.described(
        by: text, name: path ?? "network", channels: axes?.channels, size: axes?.size)
      self.init(network, size: size)
    } catch {
      throw ExitStatus.data(path.map { "\($0), \(error)" } ?? "\(error)")
    }
  }

  /// Refuses channels that the network does not read.
  func check(_ shape: InputShape?) throws(ExitStatus) {
    let channels = try shape?.axes(isLine: network.isOneDimensional).channels
    guard channels == nil || channels == network.inputChannels else {
      throw .usage(
        "\(network.name) reads \(counted(network.inputChannels, "channel")), and \(shape!.origin) has "
          + "\(channels!)")
    }
  }

  /// Its weights: those of a file, else those that came with it; nil if there are none, and some layer needs
  /// them. Upsampling is bilinear without any.
  ///
  /// - Throws: as ``NetworkFile``.
  func file(_ path: String?) throws -> NetworkFile? {
    if let path, let name { return try NetworkFile(path, for: name) }
    if let path { return try NetworkFile(WeightFile.open(path), for: network) }
    if let weights { return try NetworkFile(weights.entries, of: weights.path, for: network) }
    let needsWeights = network.parameters.contains { !network.isUpsampling($0.name) }
    return needsWeights ? nil : try NetworkFile([], of: network.name, for: network)
  }

  /// What `body` gives; where it fails, the sentence names the file that the network is from.
  func naming<Result>(_ body: () throws -> Result) throws -> Result {
    guard let path else { return try body() }
    do {
      return try body()
    } catch let error as GeometryError {
      throw ExitStatus.data(error.description).naming(path)
    }
  }

  /// Tells on stderr what a person should know.
  func tellNotes() {
    for note in notes { printError("convbook: \(note)") }
  }
}

/// The channels and the size of a picture as they are written: `500`, `500x375`, `3x500x375`; along one
/// axis `16000`, `1x16000`.
struct InputShape {
  let numbers: [Int]
  /// Whether they can only be channels and a length.
  private var isLine = false
  /// The array of which it is.
  private var array: Shape?
  /// Where they are written.
  let origin: String

  /// What `--input` says; nil if it says nothing.
  init?(_ arguments: Arguments) throws(ExitStatus) {
    guard let text = arguments["input"] else { return nil }
    numbers = try text.split(separator: "x", omittingEmptySubsequences: false).map {
      (part) throws(ExitStatus) in
      try wholeNumber(part, "a number of --input", in: 1...Network.mostExtent)
    }
    origin = "--input"
  }

  /// A size that somebody tries.
  init(trying size: Size, channels: Int?, isLine: Bool) {
    numbers = (channels.map { [$0] } ?? []) + (isLine ? [size.width] : [size.height, size.width])
    origin = "--input"
  }

  /// The extents of an array behind the first, which counts pictures.
  ///
  /// Three extents are (batch, channels, length), two are (batch, channels): one cell of each channel.
  init(of shape: Shape, _ path: String) {
    let extents = shape.dimensions
    (isLine, origin, array) = (extents.count == 3, path, shape)
    numbers = extents.dropFirst() + (extents.count == 2 ? [1, 1] : [])
  }

  /// - Parameter isLine: whether the network is along one axis.
  func axes(isLine: Bool) throws(ExitStatus) -> (channels: Int?, size: Size) {
    guard isLine || !self.isLine else {
      throw .data(
        "\(origin) has three axes; pictures are (batch, channels, height, width)"
          + onePicture(array!))
    }
    switch (isLine, numbers.count) {
    case (true, 1): return (nil, Size(height: 1, width: numbers[0]))
    case (true, 2): return (numbers[0], Size(height: 1, width: numbers[1]))
    case (true, 3) where numbers[1] == 1:
      return (numbers[0], Size(height: 1, width: numbers[2]))
    case (false, 1): return (nil, Size(numbers[0]))
    case (false, 2): return (nil, Size(height: numbers[0], width: numbers[1]))
    case (false, 3): return (numbers[0], Size(height: numbers[1], width: numbers[2]))
    default:
      throw .usage(
        "\(origin) is \"\(numbers.map(String.init).joined(separator: "x"))\"; it must be "
          + (isLine
            ? "a length such as 16000, or channels and length, 1x16000"
            : "a size such as 500x375, height first, or 3x500x375 with the channels before"))
    }
  }
}

/// The word of a command's first operand that says which network.
func networkWord(_ arguments: Arguments) throws(ExitStatus) -> String {
  guard let word = arguments.operands.first else {
    throw .usage(
      "which network? It must be \(listed(NetworkName.allCases.map(\.rawValue)))"
        + GivenNetwork.others)
  }
  return word
}
