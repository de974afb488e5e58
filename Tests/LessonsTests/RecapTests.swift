import Foundation
import LessonKit
import Testing

@testable import Workbench

@Suite struct RecapTests {
  @Test func `the rule is what stands under its heading, with a claim as the worked line`() {
    let steps: [Step] = [
      prose("Before."), claim("an early claim", 1, equals: 1), heading("The rule"),
      prose("In words."), formula("o = i − k + 1"), heading("The mistake"), formula("o = i − k"),
    ]
    let recap = Recap(of: steps)
    #expect(recap.steps.map(\.kind) == ["formula", "claim"])
    #expect(TextRenderer.plain(width: 60).text(of: recap.steps[0]) == "  o = i - k + 1\n")
  }

  @Test func `prose is the rule where no formula is`() {
    let recap = Recap(of: [heading("The rules"), prose("In words."), table(["a"], rows: [["1"]])])
    #expect(recap.steps.map(\.kind) == ["prose", "table"])
  }

  @Test func `every lesson has a rule and a worked line`() throws {
    for lesson in Book.lessons {
      let kinds = Recap(of: try LessonRuns.steps(lesson.number)).steps.map(\.kind)
      #expect(kinds.count >= 2 && kinds.last == "claim", "lesson \(lesson.number): \(kinds)")
    }
  }

  @Test func `the page is what the lessons say`() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
        "Docs/Recap.md")
    let page = try RecapPage.markdown(of: Part.allCases) { try LessonRuns.steps($0.number) }
    #expect(
      try String(contentsOf: file, encoding: .utf8) == page,
      "Docs/Recap.md is stale; run: \(RecapPage.command)")
  }

  @Test func `a part is called by its numeral or its number`() throws {
    for (index, part) in Part.allCases.enumerated() {
      #expect(try RecapPage.part(named: part.numeral) == part)
      #expect(try RecapPage.part(named: part.numeral.lowercased()) == part)
      #expect(try RecapPage.part(named: "\(index + 1)") == part)
    }
    for wrong in ["0", "X", "10", "-1", "", "learning"] {
      #expect(throws: ExitStatus.self) { try RecapPage.part(named: wrong) }
    }
  }
}
