import ExerciseKit
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

/// The text of a file that names every exercise's function, one line each, so that a line number names
/// the exercise. The compiler holds each function to the type that its exercise asks for.
struct CandidateList {
  /// What stands above the first exercise and below the last.
  let header: [String]
  let footer: [String]

  /// The program that runs attempts.
  static let runner = CandidateList(
    header: [
      "// Made by \(command).",
      "// swift-format-ignore-file", "import Attempts", "import ExerciseKit", "import Tensors", "",
      "ExerciseKit.runAttempt(", "  of: [",
    ], footer: ["  ], arguments: CommandLine.arguments)"])

  /// The solutions, for the test that judges them.
  static let solutions = CandidateList(
    header: [
      "// Made by \(command).",
      "// swift-format-ignore-file", "import ExerciseKit", "import Solutions", "import Tensors", "",
      "/// Every solution as it would be run in a process of its own.",
      "var solutions: [Candidate] {", "  [",
    ], footer: ["  ]", "}"])

  /// The command that makes these files.
  static let command = "swift run convbook exercises --write"

  func text(for exercises: [any AnyExercise]) -> String {
    (header
      + exercises.map { "    Candidate(\"\($0.name)\", \($0.name) as \($0.signature))," } + footer)
      .map { $0 + "\n" }.joined()
  }

  /// The exercise that stands on a line of that text, counted from 1.
  func exercise(onLine line: Int, of exercises: [any AnyExercise]) -> (any AnyExercise)? {
    let position = line - header.count - 1
    return exercises.indices.contains(position) ? exercises[position] : nil
  }
}

/// The files that follow from the list of exercises, their solutions and the lessons: nobody edits them.
extension BookFolder {
  struct MadeFile {
    let path: String
    let text: String
    /// Whether it is a learner's to edit: one that is no stub any more is left as it is.
    let isAttempt: Bool
  }

  func madeFiles() throws(ExerciseError) -> [MadeFile] {
    var files = [
      MadeFile(
        path: "\(root)/Exercises/Runner/main.swift",
        text: CandidateList.runner.text(for: exercises),
        isAttempt: false),
      MadeFile(
        path: "\(root)/Tests/ExercisesTests/Solutions.swift",
        text: CandidateList.solutions.text(for: exercises), isAttempt: false),
    ]
    for exercise in exercises {
      files.append(
        MadeFile(path: attemptPath(exercise), text: try stub(exercise), isAttempt: true))
    }
    return files
  }

  /// Makes anew what is not as it should be, and says so, a line for each file.
  func writeMadeFiles() throws(ExerciseError) -> [String] {
    let files = try madeFiles()
    var lines: [String] = []
    for file in files {
      let name = String(file.path.dropFirst(root.count + 1))
      let old = try? Files.read(file.path)
      if old == file.text { continue }
      if file.isAttempt, let old, !Stub.isStub(old) {
        lines.append("\(name) is no stub any more, and stays as it is")
      } else {
        try Files.write(file.text, to: file.path)
        lines.append("\(name) is \(old == nil ? "new" : "written anew")")
      }
    }
    return lines + ["\(lines.count) of \(files.count) files differed"]
  }
}
