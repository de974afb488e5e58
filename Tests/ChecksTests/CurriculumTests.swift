import Checks
import ExerciseKit
import Lessons
import LessonKit
import Testing

struct CurriculumTests {
  @Test
  func `there are at least 30 exercises, in the order of the lessons, each with its own name`() {
    #expect(Exercises.all.count >= 30)
    #expect(Exercises.all.map(\.lesson) == Exercises.all.map(\.lesson).sorted())
    #expect(Set(Exercises.all.map(\.name)).count == Exercises.all.count)
  }

  @Test func `every exercise has three hints, a title and several cases`() {
    for exercise in Exercises.all {
      #expect(exercise.hints.count == 3, "\(exercise.name)")
      #expect(exercise.hints.allSatisfy { $0.count > 10 }, "\(exercise.name)")
      #expect(Set(exercise.hints).count == 3, "\(exercise.name)")
      #expect(!exercise.title.isEmpty && exercise.caseCount >= 2, "\(exercise.name)")
    }
  }

  @Test func `every exercise knows at least two mistakes, each with another name`() {
    for exercise in Exercises.all {
      let names = exercise.judgeDecoys().map(\.name)
      #expect(names.count >= 2 && Set(names).count == names.count, "\(exercise.name)")
    }
  }

  @Test func `every exercise that a lesson names exists and names the lesson back`() {
    for lesson in LessonIndex.all {
      for name in lesson.exercises {
        let exercise = Exercises.all.first { $0.name == name }
        #expect(exercise?.lesson == lesson.number, "lesson \(lesson.number) names \(name)")
      }
    }
  }

  @Test func `every exercise is named by its lesson, under the lesson's title`() {
    for exercise in Exercises.all {
      guard let lesson = LessonIndex.lesson(exercise.lesson) else { continue }
      #expect(lesson.exercises.contains(exercise.name), "\(exercise.name)")
    }
  }
}
