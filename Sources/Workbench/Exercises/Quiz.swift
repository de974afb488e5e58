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

/// A question with one whole number as its answer.
struct QuizQuestion: Equatable, Sendable {
  /// What it is about.
  let topic: String
  /// The question.
  let question: String
  /// The right answer.
  let answer: Int
  /// How it is found, line by line.
  let working: [String]
}

/// What a quiz can be about.
enum QuizTopic: String, CaseIterable, Sendable {
  /// The output size of a convolution.
  case convolution
  /// The size that a transposed convolution gives.
  case transposed
  /// The output size of a pooling, floor or ceil.
  case pooling
  /// The receptive field of two or three layers.
  case receptiveField = "receptive-field"
}

/// An endless row of questions, the same for the same seed.
struct Quiz: Sequence, IteratorProtocol {
  private var random: SplitMix64
  private let topics: [QuizTopic]

  /// Questions on a topic, or on all in turn as the seed has it.
  init(seed: UInt64, topic: QuizTopic? = nil) {
    random = SplitMix64(seed: seed)
    topics = topic.map { [$0] } ?? QuizTopic.allCases
  }

  /// The next question; there is always one.
  mutating func next() -> QuizQuestion? {
    let topic = topics[random.integer(in: 0...topics.count - 1)]
    // Some drawings are impossible, such as a padding that leaves nothing; draw again then.
    while true {
      let drawn: QuizQuestion? =
        switch topic {
        case .convolution: convolution()
        case .transposed: transposed()
        case .pooling: pooling()
        case .receptiveField: receptiveField()
        }
      if let drawn { return drawn }
    }
  }

  private mutating func convolution() -> QuizQuestion? {
    let (k, s) = (random.integer(in: 1...7), random.integer(in: 1...4))
    let (p, d) = (random.integer(in: 0...k / 2), random.integer(in: 0...3) == 0 ? 2 : 1)
    let i = random.integer(in: 1...64)
    guard let window = try? Window(kernelSize: k, stride: s, dilation: d, padding: p),
      let output = try? window.outputSize(input: i)
    else { return nil }
    let span = window.effectiveKernelSize
    return QuizQuestion(
      topic: QuizTopic.convolution.rawValue,
      question: "A convolution: input i = \(i), kernel \(k), stride \(s), padding \(p)"
        + (d > 1 ? ", dilation \(d)" : "") + ". How many outputs?",
      answer: output,
      working: (d > 1 ? ["the kernel spans d(k−1) + 1 = \(d)·\(k - 1) + 1 = \(span)"] : []) + [
        "o = ⌊(i + 2p − \(d > 1 ? "\(span)" : "k"))/s⌋ + 1 = ⌊(\(i) + \(2 * p) − \(span))/\(s)⌋ + 1 = "
          + "⌊\(i + 2 * p - span)/\(s)⌋ + 1 = \(output)"
      ])
  }

  private mutating func transposed() -> QuizQuestion? {
    let (k, s) = (random.integer(in: 2...8), random.integer(in: 1...4))
    let (p, a) = (random.integer(in: 0...k / 2), random.integer(in: 0...s - 1))
    let i = random.integer(in: 1...32)
    guard
      let window = try? Window(kernelSize: k, stride: s, padding: p).transposed(outputPadding: a),
      let output = try? window.outputSize(input: i)
    else { return nil }
    return QuizQuestion(
      topic: QuizTopic.transposed.rawValue,
      question:
        "A transposed convolution: input i′ = \(i), kernel \(k), stride \(s), padding \(p), "
        + "output padding \(a). How many outputs?",
      answer: output,
      working: [
        "o′ = s(i′ − 1) + k − 2p + a = \(s)·\(i - 1) + \(k) − \(2 * p) + \(a) = \(output)"
      ])
  }

  private mutating func pooling() -> QuizQuestion? {
    let (k, s) = (random.integer(in: 2...4), random.integer(in: 1...4))
    let (p, ceil) = (random.integer(in: 0...k / 2), random.integer(in: 0...1) == 1)
    let i = random.integer(in: 2...64)
    guard let window = try? Window(kernelSize: k, stride: s, padding: p),
      let output = try? window.rounding(ceil ? .ceil : .floor).outputSize(input: i)
    else { return nil }
    let room = i + 2 * p - k
    guard room >= 0 else { return nil }
    let (open, close) = ceil ? ("⌈", "⌉") : ("⌊", "⌋")
    let raw = (room + (ceil ? s - 1 : 0)) / s + 1
    return QuizQuestion(
      topic: QuizTopic.pooling.rawValue,
      question:
        "A pooling with \(ceil ? "ceil" : "floor"): input i = \(i), kernel \(k), stride \(s), "
        + "padding \(p). How many outputs?",
      answer: output,
      working: [
        "o = \(open)(i + 2p − k)/s\(close) + 1 = \(open)(\(i) + \(2 * p) − \(k))/\(s)\(close) + 1 = \(raw)"
      ]
        + (ceil
          ? [
            "the last window begins at (\(raw) − 1)·\(s) = \((raw - 1) * s); input and padding "
              + "before it end at \(i + p): " + (raw == output ? "it stays" : "it is dropped")
          ] : []))
  }

  private mutating func receptiveField() -> QuizQuestion? {
    let count = random.integer(in: 2...3)
    var (field, jump) = (1, 1)
    var (layers, working): ([String], [String]) = ([], [])
    for _ in 0..<count {
      let (k, s) = (random.integer(in: 1...5), random.integer(in: 1...3))
      guard k > 1 || s > 1 else { return nil }
      let next = field + (k - 1) * jump
      working.append(
        "k=\(k): \(field) + \(k - 1)·\(jump) = \(next); the step becomes \(jump)·\(s) = \(jump * s)"
      )
      layers.append("kernel \(k) stride \(s)")
      (field, jump) = (next, jump * s)
    }
    return QuizQuestion(
      topic: QuizTopic.receptiveField.rawValue,
      question: "Layers: \(layers.joined(separator: ", then ")). How many input cells does one "
        + "output cell see?",
      answer: field, working: working)
  }
}
