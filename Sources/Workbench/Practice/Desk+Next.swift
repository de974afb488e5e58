import ExerciseKit
import Tensors

extension Desk {
  /// The task of an exercise, with the file to edit and the commands for it.
  func taskLines(_ exercise: any AnyExercise) throws(PracticeError) -> [String] {
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

  /// What may be done once the check of an exercise has passed.
  func passedLines(_ exercise: any AnyExercise) -> [String] {
    let number = workspace.number(of: exercise)
    let onward =
      next().map { next in
        let number = workspace.number(of: next)
        return ["  next is exercise \(number), \(next.name): convbook task \(number)"]
      } ?? doneLines().map { "  " + $0 }
    return ["  convbook solution \(number) shows the book's own solution, to compare with yours"]
      + onward
  }

  /// Puts an exercise off: `next` passes over it.
  func skip(_ exercise: any AnyExercise) {
    update { $0[exercise.name].skipped = true }
  }

  /// What is said when nothing is left to do.
  func doneLines() -> [String] {
    let rows = list()
    let put = rows.filter { $0.state == .skipped }.map { "\($0.number)" }
    return ["Every exercise is passed, skipped or revealed."]
      + (put.isEmpty ? [] : ["Skipped, and still to be done: " + put.joined(separator: ", ")])
  }
}
