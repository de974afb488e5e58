import Checks
import ExerciseKit
import Foundation
import Tensors
import Testing

@testable import Workbench

struct DeskTests {
  func exercise(_ name: String, _ desk: Desk) throws -> any AnyExercise {
    try desk.workspace.exercise(name)
  }

  @Test func `passed, skipped, revealed, started and missing stay distinct`() throws {
    let book = try Book()
    let desk = Desk(book.workspace) { _ in }
    try book.solve("correlate1D")
    #expect(try desk.check([exercise("correlate1D", desk)])[0].outcome == .passed)
    desk.skip(try exercise("flipped", desk))
    #expect(try desk.solution(exercise("convolve2D", desk), giveUp: false) == nil)
    #expect(try desk.solution(exercise("convolve2D", desk), giveUp: true)?.isEmpty == false)
    try book.write("// begun\n", "samePadding")
    try FileManager.default.removeItem(
      atPath: desk.workspace.attemptPath(exercise("outputSize", desk)))
    #expect(
      desk.list().prefix(6).map(\.state)
        == [.passed, .skipped, .revealed, .started, .missing, .unsolved])
    #expect(desk.next()?.name == "samePadding")
    #expect(desk.list(search: ["padding", "lesson 4"]).map(\.name) == ["samePadding"])
  }

  @Test func `reset keeps the old attempt, and makes a deleted one again`() throws {
    let book = try Book()
    let desk = Desk(book.workspace) { _ in }
    let flipped = try exercise("flipped", desk)
    #expect(try desk.reset(flipped) == nil)
    try book.write("// mine\n", "flipped")
    let kept = try #require(try desk.reset(flipped))
    #expect(try Files.read(kept) == "// mine\n")
    try book.write("// mine again\n", "flipped")
    #expect(try desk.reset(flipped) != kept)
    try FileManager.default.removeItem(atPath: desk.workspace.attemptPath(flipped))
    #expect(try desk.reset(flipped) == nil)
    #expect(try desk.workspace.attempt(flipped) == desk.workspace.stub(flipped))
  }

  @Test func `hints come one after another, and any of them when asked for`() throws {
    let book = try Book()
    let desk = Desk(book.workspace) { _ in }
    let flipped = try exercise("flipped", desk)
    #expect(desk.hintLines(flipped)[0].hasSuffix("hint 1 of 3"))
    #expect(desk.hintLines(flipped)[0].hasSuffix("hint 2 of 3"))
    #expect(desk.hintLines(flipped, level: 1)[0].hasSuffix("hint 1 of 3"))
    #expect(desk.hintLines(flipped)[0].hasSuffix("hint 3 of 3"))
    #expect(desk.hintLines(flipped)[0].hasSuffix("hint 3 of 3"))
  }

  @Test func `hints and their lines fit the width, broken at spaces`() throws {
    let book = try Book()
    let desk = Desk(book.workspace) { _ in }
    for exercise in book.workspace.exercises {
      for level in 1...exercise.hints.count {
        let lines = desk.hintLines(exercise, level: level, width: 60)
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
    let guide = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Docs/Exercises.md")
    #expect(
      try String(contentsOf: guide, encoding: .utf8).contains("```swift\n\(tensorPage)\n```"))
  }

  @Test func `check without a number means the edited files, or else the next exercise`() throws {
    let book = try Book()
    let desk = Desk(book.workspace) { _ in }
    #expect(desk.toCheck().map(\.name) == ["correlate1D"])
    try book.write(body: "return w", "flipped")
    #expect(desk.toCheck().map(\.name) == ["flipped"])
    #expect(try desk.check(desk.toCheck())[0].isFailure)
    #expect(desk.toCheck().map(\.name) == ["correlate1D"])
  }

  @Test func `a number narrows the list to that exercise, after lesson to that lesson's`() throws {
    let desk = Desk(try Book().workspace) { _ in }
    #expect(desk.list(search: ["7"]).map(\.number) == [7])
    #expect(desk.list(search: ["lesson", "29"]).allSatisfy { $0.lesson == 29 })
    #expect(!desk.list(search: ["lesson", "29"]).isEmpty)
    #expect(desk.list(search: ["99"]).isEmpty)
  }

  @Test func `no line of the list is longer than the terminal is wide`() throws {
    let desk = Desk(try Book().workspace) { _ in }
    desk.skip(try exercise("flipped", desk))
    let lines = desk.listLines(desk.list(), width: 80)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.filter { $0.first?.isNumber == true }.count == Exercises.all.count + 1)
  }

  @Test func `after a pass the task that next shows is named, and the book's own solution`() throws
  {
    let desk = Desk(try Book().workspace) { _ in }
    #expect(desk.next()?.name == "correlate1D")
    #expect(
      desk.passedLines(try exercise("flipped", desk)) == [
        "  convbook solution 2 shows the book's own solution, to compare with yours",
        "  next is exercise 1, correlate1D: convbook task 1",
      ])
  }
}
