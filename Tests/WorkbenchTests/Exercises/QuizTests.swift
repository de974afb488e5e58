import LessonKit
import Testing

@testable import Workbench

struct QuizTests {
  @Test func `the same seed asks the same, another seed something else`() {
    #expect(Array(Quiz(seed: 7).prefix(20)) == Array(Quiz(seed: 7).prefix(20)))
    #expect(Array(Quiz(seed: 7).prefix(20)) != Array(Quiz(seed: 8).prefix(20)))
  }

  @Test func `a topic is kept to`() {
    for topic in QuizTopic.allCases {
      #expect(Quiz(seed: 1, topic: topic).prefix(30).allSatisfy { $0.topic == topic.rawValue })
    }
  }

  @Test func `the question names the input as its formula does`() {
    for question in Quiz(seed: 4).prefix(200) where question.topic != "receptive-field" {
      let isTransposed = question.topic == "transposed"
      let text = question.question + question.working.joined()
      #expect(text.contains("i′") == isTransposed && text.contains("o′") == isTransposed, "\(text)")
      #expect(isTransposed || text.contains("input i = "), "\(text)")
    }
  }

  @Test func `the worked answer comes to the answer`() throws {
    for question in Quiz(seed: 3).prefix(300) {
      #expect(question.answer >= 1)
      let last = try #require(question.working.last)
      switch question.topic {
      case "receptive-field":
        // k=3: 1 + 2·1 = 3; the step becomes …
        #expect(last.prefix { $0 != ";" }.hasSuffix("= \(question.answer)"), "\(last)")
      case "pooling" where last.hasSuffix("it stays"):
        #expect(question.working[0].hasSuffix("= \(question.answer)"), "\(question.working)")
      case "pooling" where last.hasSuffix("it is dropped"):
        #expect(question.working[0].hasSuffix("= \(question.answer + 1)"), "\(question.working)")
      default: #expect(last.hasSuffix("= \(question.answer)"), "\(last)")
      }
    }
  }

  @Test func `an answer may have its unit, be spelled or worked out; words are asked for again`() {
    for (seed, typed) in [(1, { "\($0) cells" }), (2, { "it is \($0)" }), (3, { "\($0 - 1) + 1" })]
      as [(UInt64, (Int) -> String)]
    {
      let quiz = Quiz(seed: seed)
      let answers = quiz.prefix(3).map(\.answer)
      var lines = ["help"] + answers.map(typed)
      var said: [String] = []
      ask(quiz, count: 3, read: { lines.isEmpty ? nil : lines.removeFirst() }) { said.append($0) }
      #expect(said.last == "3 of 3 right", "\(said)")
      #expect(said.count { $0.contains("a number, please") } == 1)
    }
  }

  @Test func `a wrong answer is worked out, an empty one too, and q ends`() throws {
    let quiz = Quiz(seed: 1)
    let questions = Array(quiz.prefix(2))
    var lines = ["\(questions[0].answer + 1)", "", "q"]
    var said: [String] = []
    ask(quiz, count: nil, read: { lines.removeFirst() }) { said.append($0) }
    #expect(said.contains("   no, it is \(questions[0].answer)"))
    #expect(said.contains("   it is \(questions[1].answer)"))
    #expect(said.last == "0 of 2 right")
  }
}
