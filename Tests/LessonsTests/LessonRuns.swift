import LessonKit
import Lessons

/// The steps of every lesson, run once for all the tests that only read them: the lessons on the
/// networks compute at full size.
enum LessonRuns {
  private static let all: [Int: Result<[Step], any Error>] = LessonIndex.all.reduce(into: [:]) {
    runs, lesson in runs[lesson.number] = Result { try lesson.steps() }
  }

  /// The steps of lesson `number`.
  static func steps(_ number: Int) throws -> [Step] {
    try all[number]!.get()
  }
}
