/// The program that binds attempts to their exercises: one line each, so that a line number names
/// the exercise.
public enum RunnerSource {
  /// The text of `main.swift` for these exercises.
  public static func text(for names: [String]) -> String {
    (header + names.map { "    Candidate(Exercises.\($0), \($0))," } + footer)
      .map { $0 + "\n" }.joined()
  }

  /// The exercise that stands on a line of that text, counted from 1.
  static func name(onLine line: Int, of names: [String]) -> String? {
    let position = line - header.count - 1
    return names.indices.contains(position) ? names[position] : nil
  }

  private static let header = [
    "import Attempts", "import Checks", "import ExerciseKit", "", "runAttempt(", "  of: [",
  ]
  private static let footer = ["  ], arguments: CommandLine.arguments)"]
}
