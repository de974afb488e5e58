internal import Interchange
internal import Synchronization

/// A file beside a model in which it keeps the numbers of tensors: what PyTorch's exporter writes as
/// `model.onnx.data`. It is opened when the first of its numbers are asked for; shapes need none.
final class ONNXCompanion: Sendable {
  /// The path of the model.
  private let model: String
  /// What the model calls the file.
  private let location: String
  private let contents = Mutex<FileContents?>(nil)

  /// - Throws: `InterchangeError` if the name leads anywhere but into the model's folder.
  init(of model: String, location: String, for subject: String) throws(InterchangeError) {
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(where: { $0.isEmpty || $0 == ".." }),
      location.utf8.allSatisfy({ $0 != 0 }), location.utf8.count <= 1024
    else {
      throw InterchangeError(
        "\(subject) keeps its numbers in \"\(String(location.prefix(200)).printable)\"; only files in the model's "
          + "own folder are read, by a name without .. and without / at its beginning")
    }
    (self.model, self.location) = (model, location)
  }

  private var folder: String { FilePlace.folder(of: model) }

  /// Where the file is looked for.
  private var path: String { FilePlace.joined(folder, location) }

  /// The file, opened once.
  private func file() throws -> FileContents {
    try contents.withLock { contents in
      if let contents { return contents }
      let opened = try open()
      contents = opened
      return opened
    }
  }

  private func open() throws -> FileContents {
    guard FilePlace.exists(path) else {
      throw FileProblem.cannotOpen(
        "\(model) keeps its numbers in a second file, \(location.printable), which is not in the folder "
          + "\(folder), where it is looked for; put it beside the model, or write both into one file "
          + "with onnx.save(onnx.load(path), 'whole.onnx') in Python")
    }
    guard FilePlace.isFile(path) else {
      throw FileProblem.cannotOpen(
        "\(model) keeps its numbers in \(location.printable), which is no file")
    }
    let inside = FilePlace.resolved(folder)
    guard FilePlace.resolved(path).hasPrefix(inside.hasSuffix("/") ? inside : inside + "/") else {
      throw FileProblem.cannotOpen(
        "\(model) keeps its numbers in \(location.printable), which is a link that leads out of the folder "
          + "\(folder); put the file itself there")
    }
    return try FileContents(mapping: path)
  }

  /// The stamp of the file; nil if it cannot be opened.
  var stamp: FileStamp? { (try? file())?.stamp }

  /// What `body` returns for some of its bytes.
  func withBytes<Result>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let file = try file()
    guard range.upperBound <= file.count else {
      throw InterchangeError(
        "\(model) has numbers in the bytes \(range.lowerBound) to below \(range.upperBound) of \(path), "
          + "which has \(file.count); it is cut off, or belongs to another model")
    }
    return try file.withBytes { (all) throws in
      try body(UnsafeRawBufferPointer(rebasing: all[range]))
    }
  }

  /// Tells the system that some of its bytes are not needed in memory now.
  func release(_ range: Range<Int>) {
    contents.withLock { $0 }?.release(range)
  }
}

/// What a tensor says of the file that keeps its numbers.
struct ONNXPlace {
  private var texts: [String: String] = [:]
  /// Whether the tensor says that its numbers lie elsewhere.
  var isStated = false

  var isEmpty: Bool { !isStated && texts["location"] == nil }

  /// Reads one of the texts by name: location, offset, length.
  mutating func read(
    _ bytes: UnsafeRawBufferPointer, in range: Range<Int>, of subject: String
  ) throws(InterchangeError) {
    let (key, value) = try ONNXModel.entry(bytes, range)
    guard texts.count < 16 else {
      throw InterchangeError("\(subject) says more than 16 things of where its numbers are")
    }
    texts[key] = value
  }

  /// The block of so many bytes.
  func content(
    byteCount: Int, model: String, _ budget: inout ONNXModel.Budget, of subject: String
  ) throws(InterchangeError) -> ByteBlock.Content {
    guard let location = texts["location"] else {
      throw InterchangeError(
        "\(subject) keeps its numbers in another file, and does not say in which")
    }
    func number(_ key: String) throws(InterchangeError) -> Int? {
      guard let text = texts[key] else { return nil }
      guard let number = Int(text), (0...1 << 60).contains(number) else {
        throw InterchangeError(
          "\(subject) has \(String(text.prefix(40)).printable) as the \(key) of its numbers in another file"
        )
      }
      return number
    }
    let start = try number("offset") ?? 0
    if let length = try number("length"), length != byteCount {
      throw InterchangeError(
        "\(subject) has \(length) bytes in \(location.printable), and its shape needs \(byteCount)")
    }
    let companion = try budget.companion(of: model, location: location, for: subject)
    return .beside(companion, start..<start + byteCount)
  }
}
