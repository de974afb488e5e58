import LessonKit
import Tensors
import Testing

@testable import Workbench

struct QuizTests {
  @Test func `the same seed asks the same, another seed something else`() {
    #expect(Array(Quiz(seed: 7).prefix(20)) == Array(Quiz(seed: 7).prefix(20)))
    #expect(Array(Quiz(seed: 7).prefix(20)) != Array(Quiz(seed: 8).prefix(20)))
  }

  @Test func `a question is made anew by its topic and key`() {
    for question in Quiz(seed: 9).prefix(200) {
      #expect(Quiz.question(question.topic, key: question.key) == question)
    }
  }

  @Test func `a topic is kept to, and a lesson; each topic has all of its lessons`() {
    for topic in QuizTopic.allCases {
      let questions = Array(Quiz(seed: 1, topic: topic).prefix(200))
      #expect(questions.allSatisfy { $0.topic == topic })
      #expect(Set(questions.map(\.lesson)) == Set(topic.lessons), "\(topic)")
    }
    for lesson in Quiz.lessons {
      #expect(Quiz(seed: 1, lesson: lesson).prefix(10).allSatisfy { $0.lesson == lesson })
    }
    #expect(Array(Quiz(seed: 1, topic: .pooling, lesson: 33).prefix(3)).isEmpty)
  }

  @Test func `the question names the input as its formula does`() {
    for topic in [QuizTopic.convolution, .transposed, .pooling] {
      for question in Quiz(seed: 4, topic: topic).prefix(60) {
        let isTransposed = topic == .transposed
        let text = question.question + question.working.joined()
        #expect(
          text.contains("i′") == isTransposed && text.contains("o′") == isTransposed, "\(text)")
        #expect(isTransposed || text.contains("input i = "), "\(text)")
      }
    }
  }

  @Test func `the worked answer comes to the answer`() throws {
    for question in Quiz(seed: 3).prefix(600) {
      let last = try #require(question.working.last)
      switch question.topic {
      case .receptiveField:
        // k=3: 1 + 2·1 = 3; the step becomes 1·2 = 2
        let ends = ["= \(question.answer);", "= \(question.answer)", "\(question.answer)"]
        #expect(ends.contains { last.contains($0) }, "\(last)")
      case .gradients where last.hasPrefix("times 1"):
        #expect(question.working[0].hasSuffix("= \(question.answer)"), "\(question.working)")
      case .crop: #expect(last.hasPrefix("cropping \(question.answer) "), "\(last)")
      case .weights where question.lesson == 16:
        let axis = last.split(separator: "; ").last ?? ""
        #expect(axis.hasPrefix("axis "), "\(last)")
      case .framework:
        let size = try #require(question.question.split(separator: " ").first { $0.contains("×") })
        let right = question.working.filter { $0.hasSuffix(" = \(size.split(separator: "×")[0])") }
        #expect(right.count == 1 && right[0].hasPrefix("\(question.answer): o"), "\(question)")
      case .weights, .costs, .convolution, .transposed, .pooling, .gradients, .kernels,
        .upsampling, .learning:
        #expect(
          last.hasSuffix("= \(question.answer)") || last.hasSuffix(": \(question.answer)"),
          "\(last)")
      }
    }
  }

  @Test func `an answer may have its unit, be spelled or worked out; words are asked for again`() {
    for (seed, typed) in [(1, { "\($0) cells" }), (2, { "it is \($0)" }), (3, { "\($0 - 1) + 1" })]
      as [(UInt64, (Fraction) -> String)]
    {
      let quiz = Quiz(seed: seed, topic: .convolution)
      let answers = quiz.prefix(3).map(\.answer)
      let said = asked(quiz, count: 3, ["help"] + answers.map(typed)).said
      #expect(said.last == "3 of 3 right", "\(said)")
      #expect(said.count { $0.contains("a number, please") } == 1)
    }
  }

  @Test func `a wrong answer is worked out, an empty one too, and q ends`() throws {
    let quiz = Quiz(seed: 1)
    let questions = Array(quiz.prefix(2))
    let said = asked(quiz, count: nil, ["\(questions[0].answer + 1)", "", "Quit"]).said
    #expect(said.contains("   no, it is \(questions[0].answer)"))
    #expect(said.contains("   it is \(questions[1].answer)"))
    #expect(said.contains("   convbook lesson \(questions[0].lesson) explains it"))
    // Nothing is kept where there is no file: then nothing is asked again.
    #expect(said.last == "0 of 2 right")
  }

  @Test
  func `what was missed comes after three others, then nine, then twenty-seven, then no more`()
    throws
  {
    let quiz = Quiz(seed: 5)
    let first = try #require(Array(quiz.prefix(1)).first)
    var session = QuizSession(quiz)
    var places: [Int] = []
    for number in 0..<60 {
      let next = session.next()
      let (question, isAgain) = try #require(next)
      #expect(isAgain == (question == first && number > 0))
      if question == first { places.append(number) }
      session.note(question, isRight: number > 0)
    }
    // Missed as number 0: three others, nine, twenty-seven between.
    #expect(places == [0, 0 + 4, 4 + 10, 14 + 28])
    #expect(session.memory.missed.isEmpty && session.memory.asked == 60)
  }

  @Test func `it is kept from one quiz to the next, with lines it does not know`() throws {
    let book = try TemporaryBook()
    let file = QuizFile(book.folder)
    let question = try #require(Array(Quiz(seed: 1, topic: .costs).prefix(1)).first)
    var session = QuizSession(Quiz(seed: 1, topic: .costs), .costs, nil, file)
    session.note(question, isRight: false)
    #expect(session.isKept)
    try Files.write(try Files.read(file.path) + "streak 5 days\n", to: file.path)
    for number in 2...4 {
      let other = try #require(Array(Quiz(seed: UInt64(number), topic: .crop).prefix(1)).first)
      session.note(other, isRight: true)
    }
    let kept = try Files.read(file.path).split(separator: "\n")
    #expect(
      kept == [
        "convbook quiz 1", "# Questions to be asked again. Delete this file to forget them.",
        "asked 4", "costs \(question.key) right=0 due=4", "streak 5 days",
      ])
    var later = QuizSession(Quiz(seed: 8, topic: .costs), .costs, nil, file)
    #expect(later.next()?.question == question)
    var elsewhere = QuizSession(Quiz(seed: 8, topic: .crop), .crop, nil, file)
    #expect(elsewhere.next()?.question != question)
  }

  @Test func `a memory that nobody wrote is no harm`() {
    let memory = QuizMemory(
      text:
        "asked -3\nasked x\ncosts 1 right=9 due=1\nnothing 1 right=0 due=1\ncosts x right=0 due=1\n"
    )
    #expect(memory.asked == 0 && memory.missed.isEmpty)
    #expect(QuizMemory(text: memory.text) == memory)
  }

  private func asked(
    _ quiz: Quiz, count: Int?, _ replies: [String]
  ) -> (said: [String], session: QuizSession) {
    var (replies, said, session) = (replies, [String](), QuizSession(quiz))
    ask(&session, count: count, read: { replies.isEmpty ? nil : replies.removeFirst() }) {
      said.append($0)
    }
    return (said, session)
  }
}
