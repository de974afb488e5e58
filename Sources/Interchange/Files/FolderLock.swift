internal import Platform

/// The right to work in a folder, which one process has at a time.
///
///     let lock = try FolderLock("training")   // as long as it lives
///
/// The system takes it back when the process ends, however that ends; the hidden file `.lock` that stays
/// behind then keeps nobody out.
public final class FolderLock {
  private let path: String
  private let descriptor: Int32

  /// - Throws: ``FileProblem/cannotWrite(_:)`` that names the process that has the folder, or the reason
  ///   why nobody can have it.
  public init(_ folder: String) throws(FileProblem) {
    path = folder.hasSuffix("/") ? "\(folder).lock" : "\(folder)/.lock"
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else {
        throw .cannotWrite("the folder \(folder) cannot be written: \(SystemCalls.reason)")
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = bytes.withUnsafeMutableBytes { SystemCalls.read(descriptor, into: $0) }
        _ = SystemCalls.closing(descriptor)
        let other = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        throw .cannotWrite(
          "\(other.isEmpty ? "another process" : "process \(other)") works in the folder \(folder) "
            + "already; wait for its end, or give another folder")
      }
      // Whoever had it may have removed the file between the two calls.
      if Self.isSame(descriptor, path) {
        self.descriptor = descriptor
        break
      }
      _ = SystemCalls.closing(descriptor)
    }
    _ = ftruncate(descriptor, 0)
    let process = Array(String(SystemCalls.processIdentifier).utf8)
    _ = process.withUnsafeBytes { SystemCalls.write($0, to: descriptor) }
  }

  deinit {
    SystemCalls.remove(path)
    _ = SystemCalls.closing(descriptor)
  }

  /// Whether the open file is the one that has this name now.
  private static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var (opened, named) = (stat(), stat())
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0
      && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }
}
