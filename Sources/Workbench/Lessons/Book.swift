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
