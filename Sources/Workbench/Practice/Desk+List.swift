import ExerciseKit
import Tensors

/// An exercise in the list.
struct ListedExercise: Equatable, Sendable {
  /// Its position, from 1.
  let number: Int
  /// Its name.
  let name: String
  /// The task in a few words.
  let title: String
  /// The lesson to read.
  let lesson: Int
  /// How it stands.
  let state: Desk.State
  /// How many hints were read.
  let hints: Int
  /// The file to edit, from the book's folder.
  let file: String
}

extension Desk {
  /// The exercises whose name, title, lesson or state contains every word of `search`; a number is an
  /// exercise's own, or after `lesson` a lesson's.
  func list(search: [String] = []) -> [ListedExercise] {
    let progress = progress()
    return workspace.exercises.map { exercise in
      ListedExercise(
        number: workspace.number(of: exercise), name: exercise.name, title: exercise.title,
        lesson: exercise.lesson, state: state(exercise, progress),
        hints: progress[exercise.name].hints,
        file: "Exercises/Attempts/\(exercise.stem).swift")
    }.filter { row in
      let text = "\(row.name) \(row.title) lesson \(row.state.rawValue)".lowercased()
      // "lesson 4" may come as one word of the shell, or as two.
      let words = search.flatMap { $0.lowercased().split(separator: " ") }
      return words.indices.allSatisfy { index in
        guard let number = Int(words[index]) else { return text.contains(words[index]) }
        return number == (index > 0 && words[index - 1] == "lesson" ? row.lesson : row.number)
      }
    }
  }

  /// The list in lines of text, none longer than `width` where a title can be broken, with a count at the
  /// end.
  func listLines(_ rows: [ListedExercise], width: Int) -> [String] {
    let states = rows.map(\.state.rawValue.count).max() ?? 0
    let names = rows.map(\.name.count).max() ?? 0
    let lines = rows.flatMap { row in
      let start =
        padded("\(row.number)", to: 4) + padded("[\(row.state.rawValue)]", to: states + 4)
        + padded(row.name, to: names + 2)
      let rest = wrapped("\(row.title) (lesson \(row.lesson))", to: max(16, width - start.count))
      return rest.enumerated().map { index, text in
        (index == 0 ? start : String(repeating: " ", count: start.count)) + text
      }
    }
    let passed = rows.count { $0.state == .passed || $0.state == .revealedThenPassed }
    return lines + ["", "\(passed) of \(rows.count) passed"]
  }
}
