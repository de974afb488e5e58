import ConvolutionArithmetic
import Exercises
import Interchange
import LessonKit
import Lessons
import Tensors

let quizCommand: Command = Command(
  "quiz", in: .practise, "endless questions with worked answers; what was missed comes again",
  options: [
    Option("topic", "T", listed(QuizTopic.allCases.map(\.rawValue)) + "; all if not given"),
    Option("lesson", "N", "questions of this lesson alone"),
    Option("seed", "S", "a row of its own, always the same, without what was missed before"),
    Option("count", "N", "how many questions; with --show 5 if not given"),
    .flag("show", "print questions and answers without asking"), formatOption,
  ],
  details: [
    "Answer with a number, a decimal rounded to two digits or more; of a choice with that of its line. An "
      + "empty line shows the answer, q ends the "
      + "quiz. What was missed is asked again after \(QuizMemory.distances[0]) questions, and, once it is "
      + "known, after \(QuizMemory.distances[1]) and \(QuizMemory.distances[2]) more; it is kept in "
      + ".convbook/quiz in the book's folder."
  ],
  examples: [
    Command.Example("quiz", "ask until q"),
    Command.Example("quiz --lesson 33", "gradients of convolutions"),
    Command.Example("quiz --show --count 2", "two questions with their answers"),
  ]
) { arguments in
  let topic = try arguments.choice("topic", of: QuizTopic.allCases.map(\.rawValue))
    .flatMap(QuizTopic.init(rawValue:))
  let lesson = try arguments.integer("lesson", in: 1...LessonIndex.all.count)
  if let lesson, !(topic?.lessons ?? Quiz.lessons).contains(lesson) {
    throw ExitStatus.data(
      "the quiz has no questions\(topic.map { " on \($0.rawValue)" } ?? "") of lesson \(lesson); it has of "
        + listed((topic?.lessons ?? Quiz.lessons).map(String.init)))
  }
  let typedSeed = try arguments.seed("seed")
  let count = try arguments.integer("count", in: 1...1_000_000)
  let json = try wantsJSON(arguments)
  guard arguments.has("show") || json else {
    let file = typedSeed == nil ? QuizFile.here : nil
    // Each time it begins where the questions ended that were answered before.
    let seed = typedSeed ?? UInt64(file?.read().asked ?? 0) + 1
    var session = QuizSession(Quiz(seed: seed, topic: topic, lesson: lesson), topic, lesson, file)
    return ask(&session, count: count)
  }
  let questions = Array(Quiz(seed: typedSeed ?? 1, topic: topic, lesson: lesson).prefix(count ?? 5))
  if json {
    let answer = questions.map { question in
      JSON.object([
        ("topic", .string(question.topic.rawValue)), ("lesson", .integer(question.lesson)),
        ("question", .string(question.question)),
        (
          "answer",
          question.answer.isInteger
            ? .integer(question.answer.numerator) : .string(Fraction.plain("\(question.answer)"))
        ), ("working", .strings(question.working)),
      ])
    }
    return printOut(JSON.array(answer).text)
  }
  for (index, question) in questions.enumerated() {
    printLines(
      lines(index + 1, question) + working(question) + ["   answer: \(question.answer)", ""])
  }
}

extension QuizFile {
  /// That of the book in this folder; nil outside of one.
  static var here: QuizFile? {
    let place = FilePlace.resolved(".")
    return (try? BookFolder.find(from: place, exercises: Exercises.all)).map { QuizFile($0) }
  }
}

/// New questions, and between them those that were missed.
struct QuizSession {
  private var quiz: Quiz
  private let topic: QuizTopic?
  private let lesson: Int?
  private let file: QuizFile?
  private(set) var memory: QuizMemory
  /// Whether the next session knows what was missed in this one.
  var isKept: Bool { file != nil && remark == nil }
  /// A sentence if nothing can be kept; it is said once.
  private(set) var remark: String?

  /// - Parameter file: where it is kept what was missed; without one it is forgotten at the end.
  init(_ quiz: Quiz, _ topic: QuizTopic? = nil, _ lesson: Int? = nil, _ file: QuizFile? = nil) {
    (self.quiz, self.topic, self.lesson, self.file) = (quiz, topic, lesson, file)
    memory = file?.read() ?? QuizMemory()
  }

  /// The next question, and whether it was missed before.
  mutating func next() -> (question: QuizQuestion, isAgain: Bool)? {
    let again = memory.due { missed in
      (topic == nil || missed.topic == topic)
        && (lesson == nil || Quiz.question(missed.topic, key: missed.key).lesson == lesson)
    }
    if let again { return (Quiz.question(again.topic, key: again.key), true) }
    return quiz.next().map { ($0, memory.has($0)) }
  }

  mutating func note(_ question: QuizQuestion, isRight: Bool) {
    guard let file, remark == nil else { return memory.note(question, isRight: isRight) }
    (memory, remark) = file.update { $0.note(question, isRight: isRight) }
  }
}

/// Asks until the questions, the input or the patience are at their end.
func ask(
  _ session: inout QuizSession, count: Int?, read: () -> String? = { readLine() },
  say: (String) -> Void = { printOut($0) }
) {
  var (right, asked) = (0, 0)
  while count.map({ asked < $0 }) ?? true, let (question, isAgain) = session.next() {
    lines(asked + 1, question).forEach(say)
    if isAgain { say("   (missed before)") }
    var reply = read()?.split(separator: " ").joined(separator: " ")
    while let text = reply, !text.isEmpty, !leaves(text),
      Prediction.says(text, question.answer) == nil
    {
      say("   a number, please; an empty line shows the answer, q ends the quiz")
      reply = read()?.split(separator: " ").joined(separator: " ")
    }
    guard let reply, !leaves(reply) else { break }
    asked += 1
    let isRight = Prediction.says(reply, question.answer) == true
    if isRight {
      right += 1
      say("   right")
    } else {
      working(question).forEach(say)
      say(reply.isEmpty ? "   it is \(question.answer)" : "   no, it is \(question.answer)")
      say("   convbook lesson \(question.lesson) explains it")
    }
    session.note(question, isRight: isRight)
    say("   \(right) of \(asked)\n")
  }
  let again = session.isKept ? session.memory.missed.count : 0
  say("\(right) of \(asked) right" + (again > 0 ? "; \(again) to be asked again" : ""))
  if let remark = session.remark { say(remark) }
}

private func leaves(_ reply: String) -> Bool { ["q", "quit", "exit"].contains(reply.lowercased()) }

/// The question behind its number, broken at spaces.
private func lines(_ number: Int, _ question: QuizQuestion) -> [String] {
  let parts = "\(number). \(question.question)".split(separator: "\n").map(String.init)
  return parts.flatMap { wrapped($0, to: Terminal.current.width - 3) }.enumerated().map {
    $0 == 0 ? $1 : "   " + $1
  }
}

private func working(_ question: QuizQuestion) -> [String] {
  question.working.flatMap { wrapped($0, to: Terminal.current.width - 3) }.map { "   " + $0 }
}
