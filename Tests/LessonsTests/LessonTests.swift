import LessonKit
import Lessons
import Testing

@Suite struct LessonTests {
  @Test(arguments: LessonIndex.all.map(\.number))
  func `every claim holds`(number: Int) throws {
    for step in try LessonRuns.steps(number) {
      guard case .claim(let claim) = step else { continue }
      #expect(claim.holds, "lesson \(number): \(claim.sentence): \(claim.evidence)")
      #expect(!claim.evidence.isEmpty, "lesson \(number): \(claim.sentence)")
    }
  }

  @Test(arguments: LessonIndex.all.map(\.number))
  func `a lesson asks before it tells, and proves what it claims`(
    number: Int
  ) throws {
    let lesson = try lesson(number)
    let kinds = try LessonRuns.steps(number).map(\.kind)
    #expect(kinds.contains("prediction"))
    #expect(kinds.count { $0 == "claim" } >= 3)
    #expect(lesson.question.hasSuffix("?"))
    #expect(lesson.corrects?.isEmpty == false)
    for step in try LessonRuns.steps(number) {
      guard case .prediction(let prediction) = step else { continue }
      #expect(prediction.question.hasSuffix("?"))
      #expect(prediction.accepts(prediction.answer) && !prediction.why.isEmpty)
    }
  }

  @Test(arguments: LessonIndex.all.map(\.number))
  func `plain text is ASCII and keeps to the width`(number: Int) throws {
    let lesson = try lesson(number)
    let steps = try LessonRuns.steps(number)
    for width in [40, 60, 80, 120] {
      let text = TextRenderer.plain(width: width).text(of: lesson, steps: steps)
      #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
      #expect(!text.contains("?)") && !text.contains("? ?"), "a character has no spelling")
      for line in text.split(separator: "\n") {
        #expect(line.count <= width, "lesson \(number), width \(width): \(line)")
      }
    }
  }

  @Test(arguments: LessonIndex.all.map(\.number))
  func `colour adds escape codes and changes nothing else`(number: Int) throws {
    let lesson = try lesson(number)
    let steps = try LessonRuns.steps(number)
    let colored = TextRenderer(width: 80, color: true).text(of: lesson, steps: steps)
    let bare = TextRenderer(width: 80).text(of: lesson, steps: steps)
    #expect(colored.contains("\u{1B}["))
    #expect(withoutEscapes(colored) == bare)
    for line in bare.split(separator: "\n") {
      #expect(line.count <= 80, "lesson \(number): \(line)")
    }
  }

  @Test(arguments: LessonIndex.all.map(\.number))
  func `a lesson is 60 to 240 lines at width 80`(number: Int) throws {
    let lesson = try lesson(number)
    let text = TextRenderer(width: 80).text(of: lesson, steps: try LessonRuns.steps(number))
    let count = text.split(separator: "\n", omittingEmptySubsequences: false).count
    #expect((60...240).contains(count), "lesson \(number) has \(count) lines")
  }

  @Test func `every character of every lesson has a spelling of its own in ASCII`() throws {
    for lesson in LessonIndex.all {
      let text = TextRenderer(width: 80).text(
        of: lesson, steps: try LessonRuns.steps(lesson.number))
      for character in Set(text) where !character.isASCII && !"─░▒▓█".contains(character) {
        #expect(Glyphs.ascii.spell(String(character)) != "?", "\(character) in \(lesson.number)")
      }
    }
  }

  private func lesson(_ number: Int) throws -> Lesson {
    try #require(LessonIndex.lesson(number))
  }

  private func withoutEscapes(_ text: String) -> String {
    var result = ""
    var isEscape = false
    for character in text {
      if character == "\u{1B}" {
        isEscape = true
      } else if !isEscape {
        result.append(character)
      } else if character == "m" {
        isEscape = false
      }
    }
    return result
  }
}
