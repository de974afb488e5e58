internal import Platform

/// Why the content of a file is not what it should be: malformed, damaged, or of a kind not read.
public struct InterchangeError: Error, Equatable, CustomStringConvertible {
  /// One sentence: what came, what was expected.
  public let description: String
  /// Whether it is not damaged, only of a kind that is not read.
  package let isUnreadKind: Bool

  public init(_ description: String) {
    self.init(description, isUnreadKind: false)
  }

  package init(_ description: String, isUnreadKind: Bool) {
    self.description = description
    self.isUnreadKind = isUnreadKind
  }

  /// What `body` returns; its error with the file's name before it, unless that is in it already.
  package static func naming<Result>(
    _ path: String, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as InterchangeError where !error.description.contains(path) {
      throw InterchangeError("\(path): \(error.description)", isUnreadKind: error.isUnreadKind)
    }
  }
}

/// Why a file can't be opened, read or written, whatever its content.
public enum FileProblem: Error, Equatable, CustomStringConvertible {
  /// An input can't be opened or read; the sentence names the path and the reason.
  case cannotOpen(String)
  /// An output can't be written; the sentence names the path and the reason.
  case cannotWrite(String)

  public var description: String {
    switch self {
    case .cannotOpen(let sentence), .cannotWrite(let sentence): sentence
    }
  }
}

extension String {
  /// Whether it was read from bytes that are no UTF-8: a file of such a name cannot be found by it.
  var hasUnreadableBytes: Bool { unicodeScalars.contains("\u{FFFD}") }
}

/// What can be said of a path before the file is opened.
public enum FilePlace {
  public static func isFolder(_ path: String) -> Bool {
    SystemCalls.kind(of: path) == .folder
  }

  /// Whether a file is there, and no folder, pipe or device.
  public static func isFile(_ path: String) -> Bool {
    SystemCalls.kind(of: path) == .file
  }

  /// Whether a link is there, wherever it leads.
  public static func isLink(_ path: String) -> Bool { SystemCalls.isLink(path) }

  /// Whether anything is there: a file, a folder, a device.
  public static func exists(_ path: String) -> Bool {
    SystemCalls.kind(of: path) != .missing
  }

  public static func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// The folder in which a file lies: `out` of `out/a.png`, `.` of `a.png`.
  public static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The name without folder and ending: `a` of `out/a.png`, `.a` of `.a`.
  public static func stem(of path: String) -> String { String(parts(of: path).stem) }

  /// The ending in small letters: `png` of `out/a.PNG`, empty if there is none.
  public static func ending(of path: String) -> String { parts(of: path).ending.lowercased() }

  private static func parts(of path: String) -> (stem: Substring, ending: Substring) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return (name, "") }
    return (name[..<dot], name[name.index(after: dot)...])
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
      throw .cannotOpen("the folder \(folder) cannot be read: \(reasonOfFailure)")
    }
    if let odd = names.first(where: \.hasUnreadableBytes) {
      throw .cannotOpen(
        "the folder \(folder) holds a file whose name is no UTF-8, \(odd); rename it")
    }
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  /// Checks that a file can be created: its folder is there, and it is no folder itself.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public static func checkOutput(_ path: String) throws(FileProblem) {
    guard path != "-" else {
      throw .cannotWrite(
        "- is no name of a file here; write /dev/stdout for the standard output, or ./- for a file")
    }
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
        || access(Self.folder(of: SystemCalls.resolved(path)), W_OK) == 0,
      kind == .missing || access(path, W_OK) == 0
    else { throw .cannotWrite("\(path) cannot be written: \(reasonOfFailure)") }
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
    guard mkdir(path, 0o777) == 0 else {
      throw .cannotWrite("the folder \(path) cannot be made: \(reasonOfFailure)")
    }
  }

  /// Makes a folder, and those above it that are missing.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  package static func makeFolders(
    _ path: String, mode: UInt32 = 0o777
  ) throws(FileProblem) {
    guard !isFolder(path) else { return }
    let above = folder(of: path)
    if above != "/", above != "." { try makeFolders(above, mode: mode) }
    guard mkdir(path, mode_t(mode)) == 0 || isFolder(path) else {
      throw .cannotWrite("the folder \(path) cannot be made: \(reasonOfFailure)")
    }
  }

  /// Removes a file or a folder with all that is in it; links are removed, and not followed.
  package static func removeAll(_ path: String) {
    if unlink(path) != 0 { SystemCalls.removeFolder(path) }
  }

  /// The path behind links, or the path itself where nothing exists yet.
  package static func resolved(_ path: String) -> String { SystemCalls.resolved(path) }

  /// Removes a file, if it is there.
  public static func remove(_ path: String) {
    unlink(path)
  }
}

/// A folder that came with the book: the weights of its networks, the scripts of its pages.
public struct ShippedFolder: Sendable {
  private let name: String
  private let path: String
  private let source: String?

  // A program that is given away holds no path of the machine that built it.
  #if DEBUG
    /// A folder of this name beside an installed program, at this path of the book's own folder, and, in
    /// builds for debugging, beside the source that asks for it.
    public init(_ name: String, inBook path: String, source: String = #filePath) {
      (self.name, self.path, self.source) = (name, path, source)
    }
  #else
    /// A folder of this name beside an installed program, and at this path of the book's own folder.
    public init(_ name: String, inBook path: String) {
      (self.name, self.path, source) = (name, path, nil)
    }
  #endif

  /// The path of a file in it; nil if there is none.
  public func file(_ name: String) -> String? {
    candidates(forProgram: FilePlace.resolved(programPath))
      .map { FilePlace.joined($0, name) }.first(where: FilePlace.isFile)
  }

  /// Where it is; nil if it was moved away.
  public var found: String? {
    candidates(forProgram: FilePlace.resolved(programPath)).first(where: FilePlace.isFolder)
  }

  /// The sentence for something of it that is not there, with the way out.
  public func missing(_ what: String) -> String {
    "\(what), which came with the book, cannot be found; put the folder \(name) back beside the program, in "
      + FilePlace.folder(of: FilePlace.resolved(programPath))
  }

  /// Where it may lie: beside an installed program or in the `share` beside its `bin`; in the book's
  /// folder, for a program that was built there; and beside the source.
  package func candidates(forProgram program: String) -> [String] {
    let beside = FilePlace.folder(of: program)
    var places = [
      FilePlace.joined(beside, name),
      FilePlace.joined(FilePlace.folder(of: beside), "share/convbook/\(name)"),
    ]
    var above = beside
    while above != "/", above != "." {
      above = FilePlace.folder(of: above)
      places.append(FilePlace.joined(above, path))
    }
    let last = path.split(separator: "/").last.map(String.init) ?? path
    return places + (source.map { [FilePlace.joined(FilePlace.folder(of: $0), last)] } ?? [])
  }
}
