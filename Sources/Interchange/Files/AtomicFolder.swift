/// A folder that appears whole or not at all: it is filled beside its target and then renamed.
///
///     let folder = try AtomicFolder(creating: "scenes")
///     try folder.makeFolder("labels")
///     try folder.write(bytes, to: "labels/a.png")
///     try folder.commit()
///
/// Without `commit()` nothing of it remains.
public final class AtomicFolder {
  private let path: String
  private let target: String
  private let temporary: String
  private var files: [String] = []
  private var folders: [String] = []
  private var isOpen = true

  /// Makes a temporary folder beside the target.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)`` if there is a file at `path` or a folder that is not
  ///   empty, so that nothing is ever replaced, or if the folder around it isn't there or may not be
  ///   written.
  public init(creating path: String) throws(FileProblem) {
    var trimmed = path
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    self.path = trimmed
    switch SystemCalls.kind(of: trimmed) {
    case .missing: try FilePlace.checkOutput(trimmed)
    case .folder:
      guard let names = SystemCalls.names(in: trimmed), Set(names) == [".", ".."] else {
        throw .cannotWrite(
          "the folder \(trimmed) is not empty; give a folder that is not there yet")
      }
    case .file, .device:
      throw .cannotWrite("\(trimmed) cannot be made a folder: it is a file")
    }
    target = SystemCalls.resolved(trimmed)
    temporary = "\(target).\(SystemCalls.processIdentifier).partial"
    try make(temporary)
  }

  deinit {
    if isOpen { abandon() }
  }

  /// Makes a folder in it.
  public func makeFolder(_ name: String) throws(FileProblem) {
    try make("\(temporary)/\(name)")
  }

  /// Writes a whole file into it.
  public func write(_ bytes: [UInt8], to name: String) throws(FileProblem) {
    precondition(isOpen, "the folder has been committed")
    files.append("\(temporary)/\(name)")
    try AtomicFile.write(bytes, to: "\(temporary)/\(name)")
  }

  /// Lets the folder take its target's place.
  public func commit() throws(FileProblem) {
    precondition(isOpen, "the folder has been committed")
    guard SystemCalls.move(temporary, to: target) else {
      throw .cannotWrite("\(path) cannot be written: \(SystemCalls.reason)")
    }
    isOpen = false
  }

  private func make(_ folder: String) throws(FileProblem) {
    guard SystemCalls.makeFolder(folder) else {
      throw .cannotWrite("the folder \(folder) cannot be made: \(SystemCalls.reason)")
    }
    folders.append(folder)
  }

  private func abandon() {
    for file in files { SystemCalls.remove(file) }
    for folder in folders.reversed() { SystemCalls.removeFolder(folder) }
  }
}
