internal import Platform

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
  /// What was written, to be stored before the folder appears; one by one it would cost ten times more.
  private var files: [String] = []
  private var folders: [String] = []
  /// Held open and locked, so that nobody takes it for a leftover.
  private var descriptor: Int32 = -1
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
    case .file, .device, .pipe:
      throw .cannotWrite("\(trimmed) cannot be made a folder: it is a file")
    }
    target = SystemCalls.resolved(trimmed)
    Leftovers.remove(of: target)
    temporary = Leftovers.name(for: target, 0)
    try make(temporary)
    descriptor = SystemCalls.openFolder(temporary)
    if descriptor >= 0 { _ = SystemCalls.lock(descriptor) }
  }

  deinit {
    if isOpen { SystemCalls.removeFolder(temporary) }
    if descriptor >= 0 { close(descriptor) }
  }

  public func makeFolder(_ name: String) throws(FileProblem) {
    try make("\(temporary)/\(name)")
  }

  public func write(_ bytes: [UInt8], to name: String) throws(FileProblem) {
    precondition(isOpen, "the folder has been committed")
    let file = "\(temporary)/\(name)"
    let descriptor = SystemCalls.create(file)
    guard descriptor >= 0 else { throw failure(name) }
    files.append(file)
    guard SystemCalls.write(bytes, to: descriptor) else {
      let failure = failure(name)
      close(descriptor)
      throw failure
    }
    guard close(descriptor) == 0 else { throw failure(name) }
  }

  /// Lets the folder take its target's place, when all of it is on the disk.
  public func commit() throws(FileProblem) {
    precondition(isOpen, "the folder has been committed")
    for file in files {
      let descriptor = SystemCalls.openForReading(file)
      guard descriptor >= 0 else { throw failure() }
      defer { close(descriptor) }
      guard SystemCalls.store(descriptor) else { throw failure() }
    }
    for folder in folders.reversed() { SystemCalls.storeNames(in: folder) }
    guard rename(temporary, target) == 0 else { throw failure() }
    isOpen = false
    SystemCalls.storeNames(in: FilePlace.folder(of: target))
  }

  private func failure(_ name: String? = nil) -> FileProblem {
    let place = name.map { "\(path)/\($0)" } ?? path
    return .cannotWrite("\(place) cannot be written: \(reasonOfFailure)")
  }

  private func make(_ folder: String) throws(FileProblem) {
    guard mkdir(folder, 0o777) == 0 else {
      throw .cannotWrite("the folder \(folder) cannot be made: \(reasonOfFailure)")
    }
    folders.append(folder)
  }
}

/// The right to work in a folder, which one process has at a time.
///
///     let lock = try FolderLock("training")   // as long as it lives
///
/// The system takes it back when the process ends, however that ends; the hidden file `.lock` that stays
/// behind then keeps nobody out.
public final class FolderLock {
  private let path: String
  private let descriptor: Int32

  /// - Parameter patience: for how many seconds another one is waited for.
  /// - Throws: ``FileProblem/cannotWrite(_:)`` that names the process that has the folder, or the reason
  ///   why nobody can have it.
  public init(_ folder: String, patience: Int = 0) throws(FileProblem) {
    var triesLeft = 100 * patience
    path = folder.hasSuffix("/") ? "\(folder).lock" : "\(folder)/.lock"
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else {
        throw .cannotWrite("the folder \(folder) cannot be written: \(reasonOfFailure)")
      }
      guard SystemCalls.lock(descriptor) else {
        if triesLeft > 0 {
          close(descriptor)
          usleep(10_000)
          triesLeft -= 1
          continue
        }
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = bytes.withUnsafeMutableBytes { SystemCalls.read(descriptor, into: $0) }
        close(descriptor)
        let other = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        throw .cannotWrite(
          "\(other.isEmpty ? "another process" : "process \(other)") works in the folder \(folder) "
            + "already; wait for its end, or give another folder")
      }
      // Whoever had it may have removed the file between the two calls.
      if SystemCalls.identity(of: descriptor) == SystemCalls.identity(of: path) {
        self.descriptor = descriptor
        break
      }
      close(descriptor)
    }
    _ = ftruncate(descriptor, 0)
    let process = Array(String(getpid()).utf8)
    _ = SystemCalls.write(process, to: descriptor)
  }

  deinit {
    unlink(path)
    close(descriptor)
  }
}
