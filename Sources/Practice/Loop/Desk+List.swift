internal import CommandLineKit
internal import ExerciseKit

/// An exercise in the list.
public struct ListedExercise: Codable, Equatable, Sendable {
  /// Its position, from 1.
  public let number: Int
  /// Its name.
  public let name: String
  /// The task in a few words.
  public let title: String
  /// The lesson to read.
  public let lesson: Int
  /// How it stands.
  public let state: Desk.State
  /// How many hints were read.
  public let hints: Int
  /// The file to edit, from the book's folder.
  public let file: String
}

extension Desk {
  /// The exercises whose number, name, title, lesson or state contains every word of `search`.
  public func list(search: [String] = []) -> [ListedExercise] {
    let progress = progress()
    return workspace.exercises.map { exercise in
      ListedExercise(
        number: workspace.number(of: exercise), name: exercise.name, title: exercise.title,
        lesson: exercise.lesson, state: state(exercise, progress),
        hints: progress[exercise.name].hints,
        file: "Exercises/Attempts/\(exercise.stem).swift")
    }.filter { row in
      let text = "\(row.number) \(row.name) \(row.title) lesson \(row.lesson) \(row.state.rawValue)"
        .lowercased()
      return search.allSatisfy { text.contains($0.lowercased()) }
    }
  }

  /// The list in lines of text, with a count at the end.
  public func listLines(_ rows: [ListedExercise]) -> [String] {
    let width = rows.map(\.state.rawValue.count).max() ?? 0
    let names = rows.map(\.name.count).max() ?? 0
    let lines = rows.map { row in
      padded("\(row.number)", to: 4) + padded("[\(row.state.rawValue)]", to: width + 4)
        + padded(row.name, to: names + 2) + "\(row.title) (lesson \(row.lesson))"
    }
    let passed = rows.count { $0.state == .passed || $0.state == .revealedThenPassed }
    return lines + ["", "\(passed) of \(rows.count) passed"]
  }
}
