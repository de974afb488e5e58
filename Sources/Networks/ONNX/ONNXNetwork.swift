internal import ConvolutionArithmetic
public import Interchange
public import Tensors

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
