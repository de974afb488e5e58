import Exercises
import ExerciseKit
import Foundation
import Tensors
import Testing

@testable import Workbench

struct CourseTests {
  func exercise(_ name: String, _ course: Course) throws -> any AnyExercise {
    try course.book.exercise(name)
  }

  @Test func `passed, skipped, revealed, started and missing stay distinct`() throws {
    let book = try TemporaryBook()
    let course = Course(book.folder) { _ in }
    try book.solve("correlate1D")
    #expect(try course.check([exercise("correlate1D", course)])[0].outcome == .passed)
    course.skip(try exercise("flipped", course))
    #expect(try course.solution(exercise("convolve2D", course), giveUp: false) == nil)
    #expect(try course.solution(exercise("convolve2D", course), giveUp: true)?.isEmpty == false)
    try book.write("// begun\n", "samePadding")
    try FileManager.default.removeItem(
      atPath: course.book.attemptPath(exercise("outputSize", course)))
    #expect(
      course.list().prefix(6).map(\.state)
        == [.passed, .skipped, .revealed, .started, .missing, .unsolved])
    #expect(course.next()?.name == "samePadding")
    #expect(course.list(search: ["padding", "lesson 4"]).map(\.name) == ["samePadding"])
  }

  @Test func `reset keeps the old attempt, and makes a deleted one again`() throws {
    let book = try TemporaryBook()
    let course = Course(book.folder) { _ in }
    let flipped = try exercise("flipped", course)
    #expect(try course.reset(flipped) == nil)
    try book.write("// mine\n", "flipped")
    let kept = try #require(try course.reset(flipped))
    #expect(try Files.read(kept) == "// mine\n")
    try book.write("// mine again\n", "flipped")
    #expect(try course.reset(flipped) != kept)
    try FileManager.default.removeItem(atPath: course.book.attemptPath(flipped))
    #expect(try course.reset(flipped) == nil)
    #expect(try course.book.attempt(flipped) == course.book.stub(flipped))
  }

  @Test func `hints come one after another, and any of them when asked for`() throws {
    let book = try TemporaryBook()
    let course = Course(book.folder) { _ in }
    let flipped = try exercise("flipped", course)
    #expect(course.hintLines(flipped)[0].hasSuffix("hint 1 of 3"))
    #expect(course.hintLines(flipped)[0].hasSuffix("hint 2 of 3"))
    #expect(course.hintLines(flipped, level: 1)[0].hasSuffix("hint 1 of 3"))
    #expect(course.hintLines(flipped)[0].hasSuffix("hint 3 of 3"))
    #expect(course.hintLines(flipped)[0].hasSuffix("hint 3 of 3"))
  }

  @Test func `hints and their lines fit the width, broken at spaces`() throws {
    let book = try TemporaryBook()
    let course = Course(book.folder) { _ in }
    for exercise in book.folder.exercises {
      for level in 1...exercise.hints.count {
        let lines = course.hintLines(exercise, level: level, width: 60)
        #expect(lines.allSatisfy { $0.count <= 60 }, "\(lines)")
        #expect(
          lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
            .contains(exercise.hints[level - 1]))
      }
    }
  }

  @Test func `the page on tensors says what is true, in the guide as in the command`() throws {
    let x = Tensor<Int>([[1, 2, 3], [4, 5, 6]])
    #expect(x[0, 0, 1, 2] == 6 && x.shape == [1, 1, 2, 3])
    #expect(x.batch == 1 && x.channels == 1 && x.height == 2 && x.width == 3)
    #expect(x.size == Size(height: 2, width: 3) && x.size.area == 6)
    #expect(x.shape[2] == 2 && x.shape.count == 6 && x.elements == [1, 2, 3, 4, 5, 6])
    #expect(x.reshaped([1, 1, 3, 2]) == Tensor([[1, 2], [3, 4], [5, 6]]))
    #expect(Fraction(3, 4) + Fraction(1, 4) == 1 && Tensor(row: [1, 2, 3]).height == 1)
    #expect(tensorPage.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let guide = try Files.read("\(packageFolder)/Docs/Exercises.md")
    #expect(guide.contains("```swift\n\(tensorPage)\n```"))
  }

  @Test func `check without a number means the edited files, or else the next exercise`() throws {
    let book = try TemporaryBook()
    let course = Course(book.folder) { _ in }
    #expect(course.toCheck().map(\.name) == ["correlate1D"])
    try book.write(body: "return w", "flipped")
    #expect(course.toCheck().map(\.name) == ["flipped"])
    #expect(try course.check(course.toCheck())[0].isFailure)
    #expect(course.toCheck().map(\.name) == ["correlate1D"])
  }

  @Test func `a number narrows the list to that exercise, after lesson to that lesson's`() throws {
    let course = Course(try TemporaryBook().folder) { _ in }
    #expect(course.list(search: ["7"]).map(\.number) == [7])
    #expect(course.list(search: ["lesson", "29"]).allSatisfy { $0.lesson == 29 })
    #expect(!course.list(search: ["lesson", "29"]).isEmpty)
    #expect(course.list(search: ["99"]).isEmpty)
  }

  @Test func `no line of the list is longer than the terminal is wide`() throws {
    let course = Course(try TemporaryBook().folder) { _ in }
    course.skip(try exercise("flipped", course))
    for width in [44, 60, 80] {
      let lines = course.listLines(course.list(), width: width)
      #expect(lines.allSatisfy { $0.count <= width })
      #expect(lines.filter { $0.first?.isNumber == true }.count == Exercises.all.count + 1)
    }
  }

  @Test func `after a pass the task that next shows is named, and the book's own solution`() throws
  {
    let course = Course(try TemporaryBook().folder) { _ in }
    #expect(course.next()?.name == "correlate1D")
    #expect(
      course.passedLines(try exercise("flipped", course)) == [
        "  convbook solution 2 shows the book's own solution, to compare with yours",
        "  next is exercise 1, correlate1D: convbook task 1",
      ])
  }
}
