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

  @Test func `the last number of the worked answer is the answer, or it is dropped to it`() {
    for question in Quiz(seed: 3).prefix(300) {
      let last = question.working.last ?? ""
      #expect(
        last.hasSuffix("= \(question.answer)") || last.hasSuffix("it stays")
          || last.hasSuffix("it is dropped") || question.topic == "receptive-field")
      #expect(question.answer >= 1)
    }
  }
}
