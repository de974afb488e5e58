import Interchange
import Platform

/// Reading and writing the small files of the learner's loop, with its errors.
enum Files {
  static func exists(_ path: String) -> Bool { FilePlace.exists(path) }

  /// The text of a file; bytes that are not UTF-8 are replaced.
  static func read(_ path: String) throws(ExerciseError) -> String {
    guard exists(path) else { throw .cannotOpen("\(path) is not there") }
    do {
      return String(decoding: try FileBytes.read(path), as: UTF8.self)
    } catch {
      throw .cannotOpen("\(error)")
    }
  }

  /// Writes a file whole or not at all.
  static func write(_ text: String, to path: String) throws(ExerciseError) {
    do {
      try AtomicFile.write(Array(text.utf8), to: path)
    } catch {
      throw .cannotWrite("\(error)")
    }
  }

  /// Makes a folder, and those above it that are missing.
  static func makeFolder(_ path: String) throws(ExerciseError) {
    do {
      try FilePlace.makeFolders(path)
    } catch {
      throw .cannotWrite("\(error)")
    }
  }

  static func move(_ path: String, to other: String) throws(ExerciseError) {
    guard rename(path, other) == 0 else {
      throw .cannotWrite("\(other) cannot be written: \(reasonOfFailure)")
    }
  }

  /// Removes a file or a folder with all it holds; nothing happens if it is not there.
  static func remove(_ path: String) { FilePlace.removeAll(path) }

  /// The names in a folder, sorted; none if it cannot be read.
  static func names(in folder: String) -> [String] { (try? FilePlace.names(in: folder)) ?? [] }

  /// Something that changes whenever the file at `path` is saved; nil if there is no file.
  static func stamp(_ path: String) -> [Int]? {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    let time = facts.modified
    return [Int(facts.st_ino), Int(facts.st_size), Int(time.tv_sec), Int(time.tv_nsec)]
  }
}

/// The process's surroundings.
enum Environment {
  /// All variables.
  static var all: [String: String] { environmentVariables }

  /// The folder for files that nobody keeps.
  static var temporaryFolder: String { all["TMPDIR"] ?? "/tmp" }

  /// The folder of the program that runs, symbolic links followed.
  static var programFolder: String { parent(of: resolved(programPath)) }

  static func resolved(_ path: String) -> String { FilePlace.resolved(path) }

  /// The path of a program on `PATH`, or nil.
  static func program(_ name: String) -> String? {
    (all["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }.first {
      access($0, X_OK) == 0
    }
  }

  static func parent(of path: String) -> String { FilePlace.folder(of: path) }
}

/// Why a command of the learner's loop cannot do its work: one sentence.
enum ExerciseError: Error, Equatable, CustomStringConvertible {
  /// What was asked for does not exist.
  case unknown(String)
  /// A file or folder of the book is missing or cannot be read.
  case cannotOpen(String)
  /// A file cannot be written.
  case cannotWrite(String)
  /// The toolchain or the built modules are missing, or a process cannot be started.
  case cannotRun(String)

  /// One sentence: what is missing, and what to do.
  var description: String {
    switch self {
    case .unknown(let text), .cannotOpen(let text), .cannotWrite(let text), .cannotRun(let text):
      text
    }
  }

  var status: ExitStatus {
    switch self {
    case .unknown(let text): .usage(text)
    case .cannotOpen(let text), .cannotRun(let text): .cannotOpen(text)
    case .cannotWrite(let text): .cannotWrite(text)
    }
  }
}
