import ConvolutionArithmetic
import Dispatch
import Exercises
import ExerciseKit
import LessonKit
import Lessons

/// The lessons and the exercises, joined: an exercise says which lesson it belongs to, and what either
/// says of the other follows from that.
enum Book {
  /// The lessons, each with the names of its exercises.
  static let lessons: [Lesson] = LessonIndex.all.map { lesson in
    var lesson = lesson
    lesson.exercises = Exercises.all.filter { $0.lesson == lesson.number }.map(\.name)
    return lesson
  }

  /// All lessons with their steps, computed on all processors at once.
  static func withSteps() throws(GeometryError) -> [(lesson: Lesson, steps: [Step])] {
    typealias Steps = Result<[Step], GeometryError>
    var computed = [Steps?](repeating: nil, count: lessons.count)
    computed.withUnsafeMutableBufferPointer { target in
      // Every iteration writes its own element.
      nonisolated(unsafe) let target = target
      DispatchQueue.concurrentPerform(iterations: target.count) { index in
        target[index] = Steps { () throws(GeometryError) in try lessons[index].steps() }
      }
    }
    var result: [(lesson: Lesson, steps: [Step])] = []
    for (lesson, steps) in zip(lessons, computed) { result.append((lesson, try steps!.get())) }
    return result
  }

  static func lesson(_ number: Int) -> Lesson? {
    lessons.first { $0.number == number }
  }

  static func next(after lesson: Lesson) -> Lesson? {
    lessons.first { $0.number > lesson.number }
  }

  /// The last sentence of an exercise's task: `Lesson 5: Stride and the floor.`
  static func reference(of exercise: any AnyExercise) -> String {
    "Lesson \(exercise.lesson): \(lesson(exercise.lesson)?.title ?? "is not in the book")."
  }
}
