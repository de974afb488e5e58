import Interchange

/// The file in which progress is kept: `.convbook/progress` in the package folder.
///
/// It is replaced whole, under a lock, so that neither a crash half-way nor a second process can
/// spoil it. Lines that cannot be understood stay in it; a file of which nothing can be understood is
/// set aside beside it, never thrown away.
struct ProgressFile: Sendable {
  let folder: String
  var path: String { "\(folder)/progress" }

  /// The progress kept in this folder.
  init(_ workspace: Workspace) {
    folder = workspace.ownFolder
  }

  /// What is kept, and a sentence if some of the file, or all of it, cannot be read.
  func read() -> (progress: Progress, remark: String?) {
    guard Files.exists(path) else { return (Progress(), nil) }
    let text: String
    do {
      text = try Files.read(path)
    } catch {
      return (Progress(), "\(error), and progress is not kept")
    }
    let progress = Progress(text: text)
    let unknown = progress.unknownLines
    if unknown == 0 || progress.version > Progress.knownVersion { return (progress, nil) }
    guard progress.entries.isEmpty, !text.hasPrefix(Progress.firstLine) else {
      let lines = unknown == 1 ? "one line" : "\(unknown) lines"
      return (
        progress, "\(lines) of \(path) cannot be understood; the rest is, and all stays there"
      )
    }
    let other = freeName()
    guard (try? Files.move(path, to: other)) != nil else {
      return (
        Progress(), "\(path) is no progress file; it is left as it is, and progress is not kept"
      )
    }
    return (
      Progress(), "\(path) is no progress file; it was set aside as \(other), a new one is begun"
    )
  }

  /// Changes what is kept. Returns sentences for the learner if something was in the way; nothing
  /// else depends on the file.
  func update(_ change: (inout Progress) -> Void) -> [String] {
    do {
      try Files.makeFolder(folder)
      let lock = try FolderLock(folder, patience: 5)
      defer { withExtendedLifetime(lock) {} }
      let (before, remark) = read()
      var after = before
      change(&after)
      // One that can neither be read nor set aside is not written over.
      let isLeft = remark != nil && before == Progress() && Files.exists(path)
      if after != before, !isLeft { try Files.write(after.text, to: path) }
      return remark.map { [$0] } ?? []
    } catch {
      return ["progress is not kept: \(error)"]
    }
  }

  private func freeName() -> String {
    for number in 1... where !Files.exists("\(path).set-aside-\(number)") {
      return "\(path).set-aside-\(number)"
    }
    preconditionFailure("more files than numbers")
  }
}
