#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The file in which progress is kept: `.convbook/progress` in the package folder.
///
/// It is replaced whole, under a lock, so that neither a crash half-way nor a second process can
/// spoil it. A file that cannot be read is set aside beside it, never thrown away.
public struct ProgressFile: Sendable {
  let folder: String
  var path: String { "\(folder)/progress" }

  /// The progress kept in this folder.
  public init(_ workspace: Workspace) {
    folder = workspace.ownFolder
  }

  /// What is kept, and a sentence if the file could not be read and was set aside.
  public func read() -> (progress: Progress, remark: String?) {
    guard Files.exists(path) else { return (Progress(), nil) }
    let reason: String
    do {
      return (try Progress(text: try Files.read(path)), nil)
    } catch Progress.Trouble.newer(let version) {
      reason = "is of version \(version), and this book knows version \(Progress.version)"
    } catch Progress.Trouble.unreadable(let line) {
      reason = "cannot be understood at line \(line)"
    } catch {
      return (Progress(), "\(error)")
    }
    let other = freeName()
    guard (try? Files.move(path, to: other)) != nil else {
      return (Progress(), "\(path) \(reason); it is left as it is and progress is not kept")
    }
    return (Progress(), "\(path) \(reason); it was set aside as \(other) and a new one is begun")
  }

  /// Changes what is kept. Returns sentences for the learner if something was in the way; nothing
  /// else depends on the file.
  public func update(_ change: (inout Progress) -> Void) -> [String] {
    do {
      try Files.makeFolder(folder)
      let lock = try lock()
      defer { unlock(lock) }
      let (before, remark) = read()
      var after = before
      change(&after)
      let left = remark != nil && Files.exists(path)
      if after != before, !left { try Files.write(after.text, to: path) }
      return remark.map { [$0] } ?? []
    } catch {
      return ["progress is not kept: \(error)"]
    }
  }

  private func lock() throws(PracticeError) -> Int32 {
    let name = "\(folder)/lock"
    let descriptor = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .cannotWrite("\(name) cannot be opened: \(String(cString: strerror(errno)))")
    }
    let start = seconds()
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard seconds() - start < 5 else {
        close(descriptor)
        throw .cannotWrite("another convbook holds \(name) for more than 5 seconds")
      }
      usleep(10_000)
    }
    return descriptor
  }

  private func unlock(_ descriptor: Int32) { close(descriptor) }

  private func freeName() -> String {
    for number in 1... where !Files.exists("\(path).set-aside-\(number)") {
      return "\(path).set-aside-\(number)"
    }
    preconditionFailure("more files than numbers")
  }
}
