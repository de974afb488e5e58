import Dispatch
import LessonKit
import Lessons
import Synchronization

/// The steps of every lesson, run once for all the tests that only read them: the lessons on the
/// networks compute at full size.
enum LessonRuns {
  private static let all: [Int: Result<[Step], any Error>] = {
    let runs = Mutex<[Int: Result<[Step], any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: LessonIndex.all.count) { place in
      let lesson = LessonIndex.all[place]
      let run = Result { try lesson.steps() }
      runs.withLock { $0[lesson.number] = run }
    }
    return runs.withLock { $0 }
  }()

  /// The steps of lesson `number`.
  static func steps(_ number: Int) throws -> [Step] {
    try all[number]!.get()
  }
}
