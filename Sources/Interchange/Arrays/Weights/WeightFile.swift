/// A file of named tensors, in any of the formats that networks are published in.
///
/// ```swift
/// let file = try WeightFile.open("fcn8s.pth")
/// for entry in file.entries { print(entry.name, entry.shape, entry.type) }
/// ```
///
/// Opening reads names, shapes and places; values are read from the file when they are asked for.
public struct WeightFile: Sendable {
  /// The formats, told apart by content.
  public enum Format: String, Sendable, CaseIterable {
    /// A header in JSON and plain data.
    case safetensors
    /// A zip of `.npy` arrays.
    case npz
    /// What `torch.save` writes since PyTorch 1.6: a zip of a pickle and plain data.
    case pytorchZip = "PyTorch zip"
    /// What `torch.save` wrote before: pickles, then plain data.
    case pytorchLegacy = "PyTorch legacy"
    /// A Caffe `NetParameter` in protocol-buffer encoding.
    case caffemodel
  }

  /// The path as it was given.
  public let path: String
  /// What the content is.
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

  /// The entry with this name.
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
    do {
      return try read(file)
    } catch let error as InterchangeError {
      throw error.located(in: file.path)
    }
  }

  private static func read(_ file: FileContents) throws -> WeightFile {
    switch try file.withBytes({ (bytes) throws in try WeightContent(of: bytes, path: file.path) }) {
    case .zip:
      let zip = try ZipReader(file)
      if let foreign = ForeignFormat(zip: zip.members.map(\.name)) { throw foreign.error }
      if let pickle = PyTorchZipReader.pickle(of: zip) {
        return try PyTorchZipReader.read(zip, pickle: pickle)
      }
      return try NPZReader.read(zip)
    case .pickle: return try PyTorchLegacyReader.read(file)
    case .safetensors: return try SafetensorsReader.read(file)
    case .protobuf: return try CaffeModelReader.read(file)
    }
  }
}

/// A tensor of a file that is not read.
public struct UnreadTensor: Equatable, Sendable {
  public let name: String
  /// The sentence of which it is the subject: `is a tensor of torch.ComplexFloatStorage, which …`
  public let reason: String
}
