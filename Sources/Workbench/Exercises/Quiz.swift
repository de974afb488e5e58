import ConvolutionArithmetic
import LessonKit
import Tensors

let quizCommand: Command = Command(
  "quiz", in: .practise, "endless questions on sizes and receptive fields, with worked answers",
  options: [
    Option("topic", "T", listed(QuizTopic.allCases.map(\.rawValue)) + "; all if not given"),
    Option("seed", "S", "another row of questions (1 if not given)"),
    Option("count", "N", "how many questions; with --show 5 if not given"),
    .flag("show", "print questions and answers without asking"), formatOption,
  ],
  details: ["Answer with a whole number. An empty line shows the answer, q ends the quiz."],
  examples: [
    Command.Example("quiz", "ask until q"),
    Command.Example("quiz --show --count 2", "two questions with their answers"),
  ]
) { arguments in
  let name = try arguments.choice("topic", of: QuizTopic.allCases.map(\.rawValue))
  let seed = try arguments.seed("seed") ?? 1
  let count = try arguments.integer("count", in: 1...1_000_000)
  let quiz = Quiz(seed: seed, topic: name.flatMap(QuizTopic.init(rawValue:)))
  let json = try wantsJSON(arguments)
  guard arguments.has("show") || json else { return ask(quiz, count: count) }
  let questions = Array(quiz.prefix(count ?? 5))
  if json {
    let answer = questions.map { question in
      JSON.object([
        ("topic", .string(question.topic)), ("question", .string(question.question)),
        ("answer", .integer(question.answer)), ("working", .strings(question.working)),
      ])
    }
    return printOut(JSON.array(answer).text)
  }
  for (index, question) in questions.enumerated() {
    printLines(
      lines(index + 1, question) + working(question) + ["   answer: \(question.answer)", ""])
  }
}

/// Asks until the questions, the input or the patience are at their end.
func ask(
  _ quiz: Quiz, count: Int?, read: () -> String? = { readLine() },
  say: (String) -> Void = { printOut($0) }
) {
  var (right, asked) = (0, 0)
  for question in quiz {
    if let count, asked == count { break }
    lines(asked + 1, question).forEach(say)
    var reply = read()?.split(separator: " ").joined(separator: " ")
    while let text = reply, !["", "q"].contains(text), Prediction.number(saidIn: text) == nil {
      say("   a number, please; an empty line shows the answer, q ends the quiz")
      reply = read()?.split(separator: " ").joined(separator: " ")
    }
    guard let reply, reply != "q" else { break }
    asked += 1
    if Prediction.number(saidIn: reply) == Fraction(question.answer) {
      right += 1
      say("   right")
    } else {
      working(question).forEach(say)
      say(reply.isEmpty ? "   it is \(question.answer)" : "   no, it is \(question.answer)")
    }
    say("   \(right) of \(asked)\n")
  }
  say("\(right) of \(asked) right")
}

/// The question behind its number, broken at spaces.
private func lines(_ number: Int, _ question: QuizQuestion) -> [String] {
  wrapped("\(number). \(question.question)", to: Terminal.current.width - 3).enumerated().map {
    $0 == 0 ? $1 : "   " + $1
  }
}

private func working(_ question: QuizQuestion) -> [String] {
  question.working.flatMap { wrapped($0, to: Terminal.current.width - 3) }.map { "   " + $0 }
}
