import LessonKit
import Testing

@testable import Workbench

/// What `lesson N --step` shows to someone who types.
struct StepReaderTests {
  private let lesson = Lesson(
    number: 1, slug: "a", title: "A", part: .slidingWindow, question: "What?"
  ) { _ in [] }
  private let steps: [Step] = [
    .heading("Title"), .prose("first"), .prose("second"), .heading("Another"),
    .prediction(Prediction(question: "How many?", answer: "3", why: "so")),
  ]

  /// The text shown to someone who types these lines, and whether the end was reached.
  private func shown(_ typed: String..., fromPage page: Int = 1) -> (text: String, end: Bool) {
    var (lines, text) = (typed[...], "")
    let reader = StepReader(
      lesson: lesson, steps: steps, renderer: .plain(width: 80), next: nil,
      read: { lines.popFirst() }, write: { text += $0 })
    let end = reader.run(fromPage: page)
    return (text, end)
  }

  @Test func `a title is shown and counted with what follows it`() {
    let (text, end) = shown("", "", "3", "")
    #expect(end)
    let counts = text.split(separator: "-- ").dropFirst().map { $0.prefix { $0 != ";" } }
    #expect(counts == ["1 of 3", "2 of 3", "3 of 3"])
  }

  @Test func `back shows the page before, from any page and from a question`() {
    let (text, end) = shown("", "b", "", "", "b", "q")
    #expect(!end)
    #expect(text.split(separator: "first").count == 3 && text.split(separator: "second").count == 4)
  }

  @Test func `behind an answer back shows its question once more`() {
    let (text, _) = shown("3", "b", "b", "q", fromPage: 3)
    #expect(text.split(separator: "How many?").count == 3)
    #expect(text.split(separator: "second").count == 2)
  }

  @Test func `before the first step there is none, and it is said`() {
    let (text, end) = shown("b", "", "q")
    #expect(!end)
    #expect(text.split(separator: "This is the first step").count == 2)
    #expect(text.split(separator: "first\n").count == 2 && text.contains("second"))
  }

  @Test func `words typed where nothing is asked are answered, and nothing is passed over`() {
    let (text, end) = shown("37", "", "", "3", "done?", "")
    #expect(end)
    #expect(text.split(separator: "Nothing is asked here").count == 3)
    #expect(text.split(separator: "second").count == 2)
  }

  @Test func `what says no number, where one is asked, does not use up the question`() {
    let (text, end) = shown("abc", "what?", "3", "", fromPage: 3)
    #expect(end && text.contains("Right.") && !text.contains("Not quite."))
    #expect(text.split(separator: "A number, please").count == 3)
    #expect(!shown("abc", "q", fromPage: 3).end)
  }

  @Test func `an answer is judged, an empty one is not, and the input may end anywhere`() {
    #expect(shown("3", "", fromPage: 3).text.contains("Right."))
    #expect(shown("4", "", fromPage: 3).text.contains("Not quite."))
    let (text, end) = shown("", "", fromPage: 3)
    #expect(end && !text.contains("Right.") && !text.contains("Not quite."))
    #expect(!shown("").end && !shown(fromPage: 3).end)
  }
}
