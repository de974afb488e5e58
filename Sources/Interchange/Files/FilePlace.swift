/// What can be said of a path before the file is opened.
public enum FilePlace {
  /// Whether a folder is there.
  public static func isFolder(_ path: String) -> Bool {
    SystemCalls.kind(of: path) == .folder
  }

  /// Whether a file is there, and no folder, pipe or device.
  public static func isFile(_ path: String) -> Bool {
    SystemCalls.kind(of: path) == .file
  }

  /// Whether anything is there: a file, a folder, a device.
  public static func exists(_ path: String) -> Bool {
    SystemCalls.kind(of: path) != .missing
  }

  /// The folder in which a file lies: `out` of `out/a.png`, `.` of `a.png`.
  public static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The name without folder and ending: `a` of `out/a.png`, `.a` of `.a`.
  public static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return String(name) }
    return String(name[..<dot])
  }

  /// The ending in small letters: `png` of `out/a.PNG`, empty if there is none.
  public static func ending(of path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  /// Where a path leads, to be compared: two paths to one file have one location, whatever links are
  /// between, and also if the file is not there yet.
  public static func location(of path: String) -> String {
    if let identity = SystemCalls.identity(of: path) { return identity }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return "\(SystemCalls.identity(of: folder(of: path)) ?? folder(of: path))/\(name)"
  }

  /// The names of all that lies in a folder, in alphabetical order, without hidden files.
  ///
  /// - Throws: ``FileProblem/cannotOpen(_:)``
  public static func names(in folder: String) throws(FileProblem) -> [String] {
    guard let names = SystemCalls.names(in: folder) else {
      throw .cannotOpen("the folder \(folder) cannot be read: \(SystemCalls.reason)")
    }
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  /// Checks that a file can be created: its folder is there, and it is no folder itself.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public static func checkOutput(_ path: String) throws(FileProblem) {
    guard !isFolder(path) else {
      throw .cannotWrite("\(path) cannot be written: it is a folder")
    }
    let folder = Self.folder(of: path)
    guard exists(folder) else {
      throw .cannotWrite(
        "\(path) cannot be written: the folder \(folder) doesn't exist; make it with mkdir")
    }
    guard isFolder(folder) else {
      throw .cannotWrite("\(path) cannot be written: \(folder) is no folder")
    }
    let kind = SystemCalls.kind(of: path)
    // A device or a pipe is written itself; a file is made beside its target.
    guard
      kind == .device || kind == .pipe
        || SystemCalls.mayWrite(Self.folder(of: SystemCalls.resolved(path))),
      kind == .missing || SystemCalls.mayWrite(path)
    else { throw .cannotWrite("\(path) cannot be written: \(SystemCalls.reason)") }
  }

  /// Checks that the folder is there that `purpose` needs.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public static func checkFolder(_ folder: String, for purpose: String) throws(FileProblem) {
    guard exists(folder) else {
      throw .cannotWrite(
        "\(purpose) needs a folder: the folder \(folder) doesn't exist; make it with mkdir")
    }
    guard isFolder(folder) else {
      throw .cannotWrite("\(purpose) needs a folder: \(folder) is no folder")
    }
  }

  /// Makes a folder, unless one is there.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public static func makeFolder(_ path: String) throws(FileProblem) {
    guard !isFolder(path) else { return }
    try checkOutput(path)
    guard SystemCalls.makeFolder(path) else {
      throw .cannotWrite("the folder \(path) cannot be made: \(SystemCalls.reason)")
    }
  }

  /// Removes a file, if it is there.
  public static func remove(_ path: String) {
    SystemCalls.remove(path)
  }
}

/// Paths as text.
package enum FilePath {
  /// A name in a folder.
  package static func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}
