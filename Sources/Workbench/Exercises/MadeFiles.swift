import ExerciseKit

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
        lines.append("\(name) is new")
      }
    }
    return lines + ["\(lines.count) of \(files.count) files differed"]
  }
}
