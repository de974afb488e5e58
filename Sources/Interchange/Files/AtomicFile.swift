internal import Platform
internal import Synchronization

/// A file that appears whole or not at all: it is written beside its target, stored, and then renamed.
///
///     let file = try AtomicFile(replacing: "labels.png")
///     try file.append(bytes)
///     try file.commit()
///
/// Without `commit()` nothing of it remains. After it the file is there also when the power fails.
/// What a killed program left is removed by the next that writes the same file. A device or a pipe
/// (`/dev/stdout`) is written directly.
public final class AtomicFile {
  private let path: String
  private let target: String
  /// The name while it is written; nil for what is written directly, and for a file without a name.
  private var temporary: String?
  private let isDirect: Bool
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
    case .device, .pipe:
      target = path
      isDirect = true
      descriptor = SystemCalls.openForWriting(path)
      guard descriptor >= 0 || kind == .device else {
        throw .cannotWrite(
          "\(path) cannot be written: it is a pipe from which nobody reads; give a file, or start "
            + "what reads it")
      }
    case .file, .missing:
      if kind == .file, access(path, W_OK) != 0 {
        throw .cannotWrite("\(path) cannot be written: \(reasonOfFailure)")
      }
      target = SystemCalls.resolved(path)
      isDirect = false
      Leftovers.remove(of: target)
      // Without a name nothing can be left by a program that is killed.
      descriptor = SystemCalls.createNameless(in: FilePlace.folder(of: target))
      if descriptor < 0 {
        (temporary, descriptor) =
          Leftovers.firstFree(for: target) { name in
            let made = SystemCalls.create(name)
            return made >= 0 ? made : nil
          } ?? (nil, -1)
      }
    }
    guard descriptor >= 0 else {
      throw .cannotWrite("\(path) cannot be written: \(reasonOfFailure)")
    }
    // Who may read the file is not for its next content to decide.
    if kind == .file { SystemCalls.copyPermissions(of: target, to: descriptor) }
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
    guard SystemCalls.write(bytes, to: descriptor) else { throw failure() }
  }

  /// Ends the file and lets it take its target's place.
  ///
  /// The bytes are stored before the name leads to them: the other way round, a power cut would leave
  /// the name with a file of nothing.
  public func commit() throws(FileProblem) {
    precondition(descriptor >= 0, "the file has been committed")
    if !isDirect {
      guard SystemCalls.store(descriptor) else { throw failure() }
      if temporary == nil {
        temporary =
          Leftovers.firstFree(for: target) { name in
            SystemCalls.name(descriptor, name) ? () : nil
          }?.name
      }
      // Renamed while it is open and locked, so that nobody takes it for a leftover.
      guard let temporary, rename(temporary, target) == 0 else { throw failure() }
    }
    let closed = close(descriptor) == 0
    descriptor = -1
    temporary = nil
    guard closed else { throw failure() }
    if !isDirect { SystemCalls.storeNames(in: FilePlace.folder(of: target)) }
  }

  /// Writes a whole file in one step.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileProblem) {
    let file = try AtomicFile(replacing: path)
    try file.append(bytes)
    try file.commit()
  }

  private func failure() -> FileProblem {
    let reason = reasonOfFailure
    abandon()
    return .cannotWrite("\(path) cannot be written: \(reason)")
  }

  private func abandon() {
    guard descriptor >= 0 else { return }
    if let temporary { unlink(temporary) }
    close(descriptor)
    descriptor = -1
  }
}

/// The half-written files and folders of programs that were killed.
///
/// A writer holds a lock on what it writes, which the system takes away when the process ends, however
/// it ends: what can be locked by another belongs to nobody.
enum Leftovers {
  /// The name under which a file or folder is written: beside its target, on the same disk.
  static func name(for target: String, _ number: Int) -> String {
    "\(target).\(getpid())-\(number).partial"
  }

  /// The first such name that `make` makes something of; it returns nil where it cannot.
  static func firstFree<Made>(
    for target: String, make: (String) -> Made?
  ) -> (name: String, made: Made)? {
    for number in 0..<1000 {
      let name = name(for: target, number)
      if let made = make(name) { return (name, made) }
      guard errno == EEXIST else { return nil }
    }
    return nil
  }

  /// The names of what was half-written in a folder when this program first wrote there. A folder of ten
  /// thousand outputs is not listed for each of them.
  private static let listed = Mutex<[String: [String]]>([:])

  /// Removes what others left of this target.
  static func remove(of target: String) {
    let folder = FilePlace.folder(of: target)
    guard let name = target.split(separator: "/").last else { return }
    let names = listed.withLock { listed in
      if let names = listed[folder] { return names }
      let names = (SystemCalls.names(in: folder) ?? []).filter { $0.hasSuffix(".partial") }
      listed[folder] = names
      return names
    }
    for other in names where isName(other, of: name) {
      let path = "\(folder)/\(other)"
      let kind = SystemCalls.kind(of: path)
      guard kind == .file || kind == .folder else { continue }
      let descriptor =
        kind == .folder ? SystemCalls.openFolder(path) : SystemCalls.openForReading(path)
      guard descriptor >= 0 else { continue }
      if SystemCalls.lock(descriptor) {
        if kind == .folder { SystemCalls.removeFolder(path) } else { unlink(path) }
      }
      close(descriptor)
    }
  }

  /// Whether a name is `TARGET.PROCESS-NUMBER.partial`.
  static func isName(_ name: String, of target: some StringProtocol) -> Bool {
    guard name.hasPrefix("\(target)."), name.hasSuffix(".partial") else { return false }
    let middle = name.dropFirst(target.count + 1).dropLast(".partial".count)
    let numbers = middle.split(separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2 && numbers.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
  }
}
