import Exercises
import ExerciseKit
import Foundation
import LessonKit
import Lessons
import Testing

/// A word is explained before it is used.
@Suite struct GlossaryTests {
  private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func words(_ texts: String..., lesson: Int) -> [String] {
    Glossary.early(in: texts, of: lesson).map(\.term.word)
  }

  @Test func `a word is early in any form, unless the text says where it is explained`() {
    #expect(words("a pooling", lesson: 7) == ["pooling"])
    #expect(words("a pooling", lesson: 8) == [])
    #expect(words("Poolings, pooled:", lesson: 1) == ["pooling"])
    #expect(words("poolings (lesson 8)", lesson: 1) == [])
    #expect(words("poolings (lesson 28)", lesson: 1) == ["pooling"])
    #expect(words("poolings are the next lesson", lesson: 7) == [])
    #expect(words("lessons 7 and 8 are on pooling", lesson: 1) == [])
    #expect(words("lessons 7 to 9 are on pooling", lesson: 1) == [])
    #expect(words("poolings (lesson 8)", "pooled", lesson: 1) == [])
    #expect(words("pooled", "poolings (lesson 8)", lesson: 1) == ["pooling"])
    #expect(words("the IUs of two shapes", lesson: 1) == ["intersection over union"])
    #expect(words("mean\n  IU", lesson: 30) == [])
    #expect(words("the layer `score_fr`, a spool", lesson: 1) == [])
  }

  @Test(arguments: LessonIndex.all.map(\.number))
  func `no lesson uses a word that a later one explains`(number: Int) throws {
    let lesson = try #require(LessonIndex.lesson(number))
    let renderer = TextRenderer(width: 400)
    let texts =
      [lesson.title, lesson.question, lesson.corrects ?? ""]
      + (try LessonRuns.steps(number).map { renderer.text(of: $0) })
    for (term, text) in Glossary.early(in: texts, of: number) {
      Issue.record("lesson \(number): \(term.word), explained in lesson \(term.lesson): \(text)")
    }
  }

  @Test func `no exercise's task uses a word that a later lesson explains`() throws {
    for exercise in Exercises.all {
      let file = root.appendingPathComponent("Exercises/Solutions/\(exercise.stem).swift")
      // The prose alone: not the example, which is indented, and not the names in backquotes.
      let prose = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        .filter { $0.hasPrefix("///") && !$0.hasPrefix("///     ") }.joined(separator: "\n")
        .split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset.isMultiple(of: 2) }.map { String($0.element) }
      for (term, _) in Glossary.early(in: [prose.joined()], of: exercise.lesson) {
        Issue.record(
          "\(exercise.name), lesson \(exercise.lesson): \(term.word) of lesson \(term.lesson)")
      }
    }
  }

  @Test func `the lesson that is to explain a word has it`() throws {
    for term in Glossary.all {
      let lesson = try #require(LessonIndex.lesson(term.lesson), "\(term.word)")
      let text = TextRenderer(width: 400).text(of: lesson, steps: try LessonRuns.steps(term.lesson))
      #expect(Glossary.uses(term, in: text), "lesson \(term.lesson) does not say \(term.word)")
    }
  }

  @Test func `every word stands once, and its meaning is one sentence`() {
    let words = Glossary.all.map { $0.word.lowercased() }
    #expect(Set(words).count == words.count && words == words.sorted())
    for term in Glossary.all {
      #expect(
        term.meaning.hasSuffix(".") && !term.meaning.dropLast().contains(". "), "\(term.word)")
      #expect(Glossary.terms(named: term.word).map(\.word) == [term.word])
    }
    #expect(Glossary.terms(named: "Receptive Fields").map(\.word) == ["receptive field"])
  }

  @Test func `the page is what the glossary says`() {
    let file = root.appendingPathComponent("Docs/Glossary.md")
    #expect(
      (try? String(contentsOf: file, encoding: .utf8)) == Glossary.page(),
      "Docs/Glossary.md is stale; run: \(Glossary.command)")
  }
}
