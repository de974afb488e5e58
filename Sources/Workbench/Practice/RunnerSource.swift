import ExerciseKit

/// The program that runs attempts: one line each, so that a line number names the exercise. The compiler
/// holds each function to the type that its exercise asks for.
enum RunnerSource {
  /// The text of `main.swift` for these exercises.
  static func text(for exercises: [any AnyExercise]) -> String {
    (header
      + exercises.map { "    Candidate(\"\($0.name)\", \($0.name) as \($0.signature))," } + footer)
      .map { $0 + "\n" }.joined()
  }

  /// The exercise that stands on a line of that text, counted from 1.
  static func exercise(
    onLine line: Int, of exercises: [any AnyExercise]
  ) -> (any AnyExercise)? {
    let position = line - header.count - 1
    return exercises.indices.contains(position) ? exercises[position] : nil
  }

  private static let header = [
    "// Made by CONVBOOK_MAINTAINER=write swift test --filter MaintainerTests.",
    "// swift-format-ignore-file", "import Attempts", "import ExerciseKit", "import Tensors", "",
    "ExerciseKit.runAttempt(", "  of: [",
  ]
  private static let footer = ["  ], arguments: CommandLine.arguments)"]
}
