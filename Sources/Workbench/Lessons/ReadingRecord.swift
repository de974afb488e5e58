import Exercises
import Interchange
import LessonKit

/// Which lessons have been read to the end in a terminal, kept beside the progress of the exercises.
struct ReadingRecord {
  private let file: ProgressFile

  /// The record of the book in this folder; nil outside of one.
  static var here: ReadingRecord? {
    let place = FilePlace.resolved(".")
    guard let folder = try? BookFolder.find(from: place, exercises: Exercises.all) else {
      return nil
    }
    return ReadingRecord(file: ProgressFile(folder))
  }

  /// Notes that a lesson was read. A folder that cannot be written to is no reason to complain.
  func note(_ lesson: Lesson) {
    _ = file.update { $0[key(lesson)].passed = true }
  }

  /// Whether each of these lessons was read.
  func hasRead(_ lessons: [Lesson]) -> [Bool] {
    let progress = file.read().progress
    return lessons.map { progress[key($0)].passed }
  }

  private func key(_ lesson: Lesson) -> String { "lesson\(lesson.number)" }
}
