public import ExerciseKit

extension Desk {
  /// The task of an exercise, with the file to edit and the commands for it.
  public func taskLines(_ exercise: any AnyExercise) throws(PracticeError) -> [String] {
    let number = workspace.number(of: exercise)
    return [
      "Exercise \(number), \(exercise.name): \(exercise.title)", "",
    ] + Stub.task(ofSolution: try workspace.solution(exercise)).map { $0.isEmpty ? "" : "  " + $0 }
      + [
        "",
        "  edit    Exercises/Attempts/\(exercise.stem).swift",
        "  check   convbook check \(number)",
        "  hint    convbook hint \(number)",
        "  lesson  convbook lesson \(exercise.lesson)",
      ]
  }

  /// Puts an exercise off: `next` passes over it.
  public func skip(_ exercise: any AnyExercise) {
    update { $0[exercise.name].skipped = true }
  }

  /// What is said when nothing is left to do.
  public func doneLines() -> [String] {
    let rows = list()
    let put = rows.filter { $0.state == .skipped }.map { "\($0.number)" }
    return ["Every exercise is passed, skipped or revealed."]
      + (put.isEmpty ? [] : ["Skipped, and still to be done: " + put.joined(separator: ", ")])
  }
}
