internal import ConvolutionArithmetic
public import Interchange
public import Tensors
public import WeightFiles

/// The one input of a graph that is no weight.
struct ONNXPicture {
  let name: String
  private let extents: [ONNXGraph.Extent]
  /// Whether the channels come last, as in files that were made of TensorFlow's: all that reads the
  /// picture puts them first.
  private let isChannelsLast: Bool
  var isLine: Bool { extents.count == 3 }
  /// Whether rows or columns are left open.
  var isOpen: Bool {
    let spatial = extents.count < 3 ? [] : isChannelsLast ? extents[1...2] : extents[2...]
    return spatial.contains { if case .open = $0 { true } else { false } }
  }

  init(_ graph: ONNXGraph, _ nodes: [ONNXNode]) throws(InterchangeError) {
    let read = Set(nodes.flatMap(\.inputs) + graph.outputs.map(\.name))
    let pictures = graph.inputs.filter { read.contains($0.name) }
    guard let picture = pictures.first else {
      throw InterchangeError("it has no input that anything reads; a network reads a picture")
    }
    guard pictures.count == 1 else {
      let names = pictures.prefix(4).map(\.name.printable).joined(separator: ", ")
      throw InterchangeError(
        "it has \(pictures.count) inputs, \(names)\(pictures.count > 4 ? ", …" : ""); networks with one "
          + "picture are read")
    }
    name = picture.name
    guard let extents = picture.extents else {
      throw InterchangeError("the shape of its input \(name.printable) is not stated")
    }
    self.extents = extents
    let readers = nodes.filter { $0.inputs.contains(picture.name) }
    var isChannelsLast =
      extents.count == 4 && !readers.isEmpty
      && !graph.outputs.contains { $0.name == picture.name }
    for node in readers {
      let order = node.type == "Transpose" ? try node.ints("perm") : nil
      isChannelsLast = isChannelsLast && order == [0, 3, 1, 2]
    }
    self.isChannelsLast = isChannelsLast
    guard (2...4).contains(extents.count) else {
      throw InterchangeError(
        "its input \(name.printable) is \(text); (batch, channels, height, width), (batch, channels, "
          + "length) and (batch, channels) are read")
    }
  }

  /// `(N, 3, 224, 224)`
  private var text: String {
    let shown = extents.prefix(8).map { extent in
      switch extent {
      case .fixed(let number): "\(number)"
      case .open(let name): name.isEmpty ? "?" : name.printable
      }
    }
    return "(" + shown.joined(separator: ", ") + (extents.count > 8 ? ", …" : "") + ")"
  }

  private func fixed(_ index: Int) -> Int? {
    guard extents.indices.contains(index), case .fixed(let number) = extents[index] else {
      return nil
    }
    return number
  }

  /// The picture as maps.
  ///
  /// - Throws: `InterchangeError` where channels or size are left open and are not given, or are
  ///   others than the file says.
  func maps(channels: Int?, size: Size?, usual: Size?) throws(InterchangeError) -> ONNXMaps {
    // A batch that is left open is 1.
    let batch = fixed(0) ?? 1
    let count = isChannelsLast ? fixed(3) : fixed(1)
    guard let count = count ?? channels else {
      throw InterchangeError(
        "its input \(name.printable) is \(text), and leaves its channels open; say them with the size, as "
          + "in --input 3x224x224")
    }
    guard channels == nil || channels == count else {
      throw InterchangeError("it reads \(counted(count, "channel")), and --input has \(channels!)")
    }
    let (rows, columns) = isChannelsLast ? (1, 2) : isLine ? (1, 2) : (2, 3)
    let height = isLine || extents.count == 2 ? 1 : fixed(rows)
    let width = extents.count == 2 ? 1 : fixed(columns)
    let stated = height.flatMap { h in width.map { Size(height: h, width: $0) } }
    let usual = usual.map { isLine ? Size(height: 1, width: $0.width) : $0 }
    guard let size = size ?? stated ?? usual else {
      throw InterchangeError(
        "its input \(name.printable) is \(text), and leaves its \(isLine ? "length" : "size") open; say it "
          + "with --input, as in --input \(isLine ? "16000" : "224x224")")
    }
    guard max(count, batch) <= Network.mostChannels,
      max(size.height, size.width) <= Network.mostExtent
    else {
      throw InterchangeError(
        "its input \(name.printable) is \(text); extents of up to 1,000,000 are read")
    }
    let all =
      isChannelsLast
      ? [batch, size.height, size.width, count]
      : [batch, count]
        + (extents.count == 2 ? [] : isLine ? [size.width] : [size.height, size.width])
    return ONNXMaps(
      layer: "input", shape: MapShape(channels: count, size: size), batch: batch, extents: all,
      isChannelsLast: isChannelsLast)
  }
}

/// A network read from an ONNX model, for one size of picture.
///
/// The size matters: a fully connected layer becomes a convolution whose kernel is the whole map, and
/// what a file computes from the sizes of its maps is computed for this picture.
public struct ONNXNetwork: Sendable {
  public let network: Network
  /// The size of the picture.
  public let size: Size
  /// The file's tensors under the network's names; numbers are read when they are asked for.
  public let weights: [WeightEntry]
  /// What a person should know who looks at it, a sentence each.
  public let notes: [String]

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - usual: the size that is taken where neither the file nor `input` says one.
  ///   - input: what is known of the picture, its channels and its size; it is asked when it is
  ///     known whether the network reads lines, one cell high. nil means what the file says.
  /// - Throws: `FileProblem` if it cannot be opened, `InterchangeError` if it is malformed, or its
  ///   picture's size is left open and not given, `GeometryError` if the picture does not go through.
  public init(
    path: String, usual: Size? = nil,
    input: (_ isLine: Bool) throws -> (channels: Int?, size: Size?) = { _ in (nil, nil) }
  ) throws {
    try self.init(FileContents(mapping: path), usual: usual, input: input)
  }

  /// Reads a model whose bytes are at hand.
  public init(
    _ file: FileContents, usual: Size? = nil,
    input: (_ isLine: Bool) throws -> (channels: Int?, size: Size?) = { _ in (nil, nil) }
  ) throws {
    let model = try ONNXModel(file)
    var importer = try Self.naming(file.path) {
      guard model.opset >= 7 else {
        throw InterchangeError(
          "it is of the operators' version \(model.opset), and those from 7 on are read; in Python, "
            + "onnx.version_converter.convert_version(onnx.load(path), 13) makes it newer")
      }
      return try ONNXImporter(model, usual: usual, input: input)
    }
    try Self.naming(file.path) { try importer.run() }
    let network = importer.network
    (self.network, size, notes) = (network, importer.size, importer.notes)
    weights = network.parameters.compactMap { importer.weights[$0.name] }
  }

  /// What `body` returns; its error with the file's name before it.
  private static func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try InterchangeError.naming(path, body)
    } catch let error as GeometryError where !error.description.contains(path) {
      throw GeometryError("\(path): \(error)")
    }
  }
}
