import ExerciseKit
import Foundation
import Testing

@testable import Practice

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

  @Test func `check without a number means the edited files, or else the next exercise`() throws {
    let book = try Book()
    let desk = Desk(book.workspace) { _ in }
    #expect(desk.toCheck().map(\.name) == ["correlate1D"])
    try book.write(body: "return w", "flipped")
    #expect(desk.toCheck().map(\.name) == ["flipped"])
    #expect(try desk.check(desk.toCheck())[0].isFailure)
    #expect(desk.toCheck().map(\.name) == ["correlate1D"])
  }
}
