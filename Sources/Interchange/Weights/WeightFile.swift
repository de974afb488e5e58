public import Interchange

/// A file of named tensors, in any of the formats that networks are published in.
///
/// ```swift
/// let file = try WeightFile.open("fcn8s.pth")
/// for entry in file.entries { print(entry.name, entry.shape, entry.type) }
/// ```
///
/// Opening reads names, shapes and places; values are read from the file when they are asked for.
public struct WeightFile: Sendable {
  public enum Format: String, Sendable, CaseIterable {
    /// A header in JSON and plain data.
    case safetensors
    case npz
    /// What `torch.save` writes since PyTorch 1.6: a zip of a pickle and plain data.
    case pytorchZip = "PyTorch zip"
    /// What `torch.save` wrote before: pickles, then plain data.
    case pytorchLegacy = "PyTorch legacy"
    /// A Caffe `NetParameter` in protocol-buffer encoding.
    case caffemodel
    /// An ONNX model, whose graph keeps tensors.
    case onnx
  }

  public let path: String
  public let format: Format
  /// The tensors, in the file's order (`.safetensors`: in the order of their data).
  public let entries: [WeightEntry]
  /// The tensors of a kind that is not read, such as complex ones; they harm only who needs them.
  public let unread: [UnreadTensor]
  /// Free text by name; only `.safetensors` has it.
  public let metadata: [(key: String, value: String)]

  /// What the file's text says under a name.
  package func stated(_ key: String) -> String? {
    metadata.first { $0.key == key }?.value
  }

  init(
    path: String, format: Format, entries: [WeightEntry], unread: [UnreadTensor] = [],
    metadata: [(key: String, value: String)] = []
  ) throws(InterchangeError) {
    if entries.isEmpty, let first = unread.first {
      throw InterchangeError("\(first.name.printable) \(first.reason)")
    }
    self.path = path
    self.format = format
    self.entries = entries
    self.unread = unread
    self.metadata = metadata
  }

  private init(_ file: WeightFile, keeping isKept: (WeightEntry) -> Bool) {
    path = file.path
    format = file.format
    entries = file.entries.filter(isKept)
    unread = file.unread
    metadata = file.metadata
  }

  public subscript(name: String) -> WeightEntry? {
    entries.first { $0.name == name }
  }

  /// The same file with some of its tensors left out.
  public func keeping(_ isKept: (WeightEntry) -> Bool) -> WeightFile {
    WeightFile(self, keeping: isKept)
  }

  /// Refuses a file that has one of these tensors, under torchfcn's names, but of a kind that is not
  /// read.
  public func checkThatNoneIsUnread(_ needed: Set<String>) throws(InterchangeError) {
    let canonical = WeightNames.translation(of: entries.map(\.name))
    guard let first = unread.first(where: { needed.contains(canonical($0.name)) }) else { return }
    throw InterchangeError("\(path): \(first.name.printable) \(first.reason)")
  }

  /// Opens a weight file; its content decides what it is, not its name.
  ///
  /// - Throws: ``FileProblem/cannotOpen(_:)``, or ``InterchangeError`` if it is no weight file or
  ///   is malformed.
  public static func open(_ path: String) throws -> WeightFile {
    try open(FileContents(mapping: path))
  }

  /// Opens a weight file whose bytes are at hand.
  ///
  /// - Throws: ``InterchangeError``
  public static func open(_ file: FileContents) throws -> WeightFile {
    try InterchangeError.naming(file.path) { try read(file) }
  }

  private static func read(_ file: FileContents) throws -> WeightFile {
    switch try file.withBytes({ (bytes) throws in try WeightContent(of: bytes, path: file.path) }) {
    case .zip:
      let zip = try ZipReader(file)
      if let error = ForeignFormat.error(zip: zip.members.map(\.name)) { throw error }
      if let pickle = PyTorchZipReader.pickle(of: zip) {
        return try PyTorchZipReader.read(zip, pickle: pickle)
      }
      return try NPZReader.read(zip)
    case .pickle: return try PyTorchLegacyReader.read(file)
    case .safetensors: return try SafetensorsHeader.read(file)
    case .protobuf: return try CaffeModelReader.read(file)
    case .onnx:
      let model = try ONNXModel(file)
      // Whole numbers are shapes and places.
      return try WeightFile(
        path: file.path, format: .onnx, entries: model.graph.tensors.filter { !$0.isWhole },
        metadata: model.metadata)
    }
  }
}

/// A tensor of a file that is not read.
public struct UnreadTensor: Equatable, Sendable {
  public let name: String
  /// The sentence of which it is the subject: `is a tensor of torch.ComplexFloatStorage, which …`
  public let reason: String
}

/// What a weight file is, by its first bytes.
enum WeightContent {
  case zip, pickle, safetensors, protobuf, onnx

  /// - Parameter path: the file's name decides nothing, but some formats have no beginning of their own
  ///   by which they could be named.
  init(of bytes: UnsafeRawBufferPointer, path: String) throws {
    if bytes.isEmpty { throw InterchangeError("it is empty") }
    // First of all: a header may have any length, so that the eight bytes which state it may look like
    // the beginning of any other format.
    let isHeader = bytes.count > 8 && bytes[8] == 0x7B
    if isHeader, bytes[..<8].dropFirst(4).allSatisfy({ $0 == 0 }) {
      self = .safetensors
    } else if bytes.starts(with: ZipReader.magic) || bytes.starts(with: [0x50, 0x4B, 5, 6]) {
      self = .zip
    } else if bytes[0] == PickleOpcode.proto.rawValue {
      self = .pickle
    } else if ONNXModel.describes(bytes) {
      self = .onnx
    } else if let error = ForeignFormat.error(of: bytes, path: path) {
      throw error
    } else if isHeader {
      self = .safetensors
    } else if bytes.starts(with: [0x0A]) || bytes.starts(with: [0x12])
      || bytes.starts(with: [0xA2, 0x06])
    {
      // The keys of a NetParameter's name, of its V1 layers and of its V2 layers.
      self = .protobuf
    } else {
      throw InterchangeError(
        "it is no weight file; .safetensors, .pth, .npz, .caffemodel and .onnx are read")
    }
  }
}
