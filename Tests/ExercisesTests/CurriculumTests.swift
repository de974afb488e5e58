import ExerciseKit
import Exercises
import Foundation
import LessonKit
import Lessons
import Testing

@testable import Workbench

/// The book that these tests stand in.
private let book = BookFolder(
  root: String(#filePath.dropLast("/Tests/ExercisesTests/CurriculumTests.swift".count)),
  exercises: Exercises.all)

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
      let names = exercise.mistakes
      #expect(names.count >= 2 && Set(names).count == names.count, "\(exercise.name)")
    }
  }

  @Test
  func `every exercise belongs to a lesson of the book, and every lesson but these has one`() throws
  {
    // They show what the exercises of other lessons become: whole networks, curves, upsampling.
    let without = [38, 45, 47, 48, 49]
    for exercise in Exercises.all { _ = try #require(LessonIndex.lesson(exercise.lesson)) }
    for lesson in Book.lessons {
      #expect(lesson.exercises.isEmpty == without.contains(lesson.number), "\(lesson.number)")
    }
  }

  @Test func `every solution file states the task with an example, and has a body to cut out`()
    throws
  {
    for exercise in Exercises.all {
      let text = try book.solution(exercise)
      #expect(
        Stub.task(ofSolution: text).contains { $0.hasPrefix("    ") },
        "\(exercise.name) has no example")
      #expect(text.contains("public func \(exercise.name)("), "\(exercise.name)")
      #expect(Stub.text(ofSolution: text) != nil, "\(exercise.name)")
    }
  }

  @Test func `arithmetic ends with the number that is expected, for every case`() throws {
    for exercise in Exercises.all {
      for (number, explained) in try exercise.explained().enumerated() {
        for (text, arithmetic) in explained.cells {
          let last = arithmetic.last ?? ""
          #expect(
            numbers(last).last == text || last.hasSuffix(text),
            "\(exercise.name), case \(number + 1): \(last) does not end with \(text)")
        }
      }
    }
  }

  @Test func `the example of a task is one of the cases that are checked`() throws {
    // These show shapes, one axis of a map, or where an impulse comes out, not an answer's numbers.
    let others = [
      "bilinearKernel", "convertLayout", "fullyConnectedToConvolution", "assemble32s", "assemble8s",
    ]
    for exercise in Exercises.all where !others.contains(exercise.name) {
      let task = Stub.task(ofSolution: try book.stub(exercise))
      let said = Set(task.filter { $0.hasPrefix("    ") }.flatMap(numbers))
      let isShown = try exercise.explained().contains { explained in
        // Of a case that begins with an empty list, the argument behind it.
        let given = explained.arguments.map { $0.lines.flatMap(numbers) }.first { !$0.isEmpty }
        return given != nil && given!.allSatisfy { said.contains($0) }
          && explained.cells.allSatisfy { cell in
            said.contains {
              $0 == cell.text
                || (cell.text.contains(".") && $0.count > 5
                  && cell.text.hasPrefix($0))
            }
          }
      }
      #expect(isShown, "\(exercise.name): \(said)")
    }
  }
}

/// The numbers of a text: `−1`, `3/4`, `0.5`, and `nil`.
private func numbers(_ text: String) -> [String] {
  let plain = text.replacingOccurrences(of: "−", with: "-")
    .replacingOccurrences(of: "½", with: "1/2").replacingOccurrences(of: "nil", with: " nil ")
  return plain.split { !"-/.0123456789nil".contains($0) }.map {
    String($0).trimmingCharacters(in: CharacterSet(charactersIn: "."))
  }.filter { $0 == "nil" || $0.contains { $0.isNumber } }
}
