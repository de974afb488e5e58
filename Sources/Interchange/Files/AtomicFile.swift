/// A file that appears whole or not at all: it is written beside its target and then renamed.
///
///     let file = try AtomicFile(replacing: "labels.png")
///     try file.append(bytes)
///     try file.commit()
///
/// Without `commit()` nothing of it remains. A device or a pipe (`/dev/stdout`) is written directly.
public final class AtomicFile {
  private let path: String
  private let target: String
  private let temporary: String?
  private var descriptor: Int32

  /// Opens a temporary file in the target's folder.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)`` if the folder doesn't exist or may not be written,
  ///   or if the target is a folder or a protected file.
  public init(replacing path: String) throws(FileProblem) {
    self.path = path
    let kind = SystemCalls.kind(of: path)
    switch kind {
    case .folder:
      throw .cannotWrite("\(path) cannot be written: it is a folder")
    case .device:
      target = path
      temporary = nil
      descriptor = SystemCalls.openForWriting(path)
    case .file, .missing:
      if kind == .file, !SystemCalls.mayWrite(path) {
        throw .cannotWrite("\(path) cannot be written: \(SystemCalls.reason)")
      }
      target = SystemCalls.resolved(path)
      var number = 0
      var name = ""
      repeat {
        name = "\(target).\(SystemCalls.processIdentifier)-\(number).partial"
        number += 1
      } while number < 1000 && SystemCalls.kind(of: name) != .missing
      descriptor = SystemCalls.create(name)
      temporary = name
    }
    guard descriptor >= 0 else {
      throw .cannotWrite("\(path) cannot be written: \(SystemCalls.reason)")
    }
  }

  deinit {
    abandon()
  }

  /// Writes `bytes` after what is there.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(FileProblem) {
    precondition(descriptor >= 0, "the file has been committed")
    guard SystemCalls.write(bytes, to: descriptor) else { throw failure() }
  }

  /// Writes `bytes` after what is there.
  public func append(_ bytes: [UInt8]) throws(FileProblem) {
    precondition(descriptor >= 0, "the file has been committed")
    guard bytes.withUnsafeBytes({ SystemCalls.write($0, to: descriptor) }) else { throw failure() }
  }

  /// Ends the file and lets it take its target's place.
  public func commit() throws(FileProblem) {
    precondition(descriptor >= 0, "the file has been committed")
    let closed = SystemCalls.closing(descriptor)
    descriptor = -1
    guard closed else { throw failure() }
    if let temporary, !SystemCalls.move(temporary, to: target) { throw failure() }
  }

  /// Writes a whole file in one step.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileProblem) {
    let file = try AtomicFile(replacing: path)
    try file.append(bytes)
    try file.commit()
  }

  private func failure() -> FileProblem {
    let reason = SystemCalls.reason
    if let temporary { SystemCalls.remove(temporary) }
    return .cannotWrite("\(path) cannot be written: \(reason)")
  }

  private func abandon() {
    guard descriptor >= 0 else { return }
    _ = SystemCalls.closing(descriptor)
    if let temporary { SystemCalls.remove(temporary) }
  }
}
