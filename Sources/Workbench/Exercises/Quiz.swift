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

/// What was missed in quizzes and is to be asked again: soon after it was missed, and farther apart each
/// time it is known. It counts in questions, not in days.
struct QuizMemory: Equatable, Sendable {
  struct Missed: Equatable, Sendable {
    let topic: QuizTopic
    let key: UInt64
    /// How many times in a row it was right since.
    var right = 0
    /// After how many questions in all it is asked again.
    var due: Int
  }

  /// How many questions were answered in all.
  private(set) var asked = 0
  private(set) var missed: [Missed] = []
  /// Lines that are none of these, as they stood.
  private var otherLines: [String] = []

  /// How many questions lie between two times that one is asked: after it was missed, known once, twice.
  /// Known three times it is not asked any more.
  static let distances = [3, 9, 27]

  /// Nothing missed.
  init() {}

  /// The question that has waited longest, of those that are due.
  func due(where isMeant: (Missed) -> Bool = { _ in true }) -> Missed? {
    missed.filter { $0.due <= asked && isMeant($0) }.min { $0.due < $1.due }
  }

  func has(_ question: QuizQuestion) -> Bool { place(of: question) != nil }

  private func place(of question: QuizQuestion) -> Int? {
    missed.firstIndex { $0.topic == question.topic && $0.key == question.key }
  }

  /// Notes an answer.
  mutating func note(_ question: QuizQuestion, isRight: Bool) {
    asked += 1
    let place = place(of: question)
    guard isRight else {
      let again = Missed(
        topic: question.topic, key: question.key, due: asked + Self.distances[0])
      if let place { missed[place] = again } else { missed.append(again) }
      return
    }
    guard let place else { return }
    missed[place].right += 1
    let right = missed[place].right
    if right < Self.distances.count {
      missed[place].due = asked + Self.distances[right]
    } else {
      missed.remove(at: place)
    }
  }
}

extension QuizMemory {
  private static let firstLine = "convbook quiz 1"
  private static let comment = "# Questions to be asked again. Delete this file to forget them."

  /// The file's text.
  var text: String {
    ([Self.firstLine, Self.comment, "asked \(asked)"]
      + missed.map { "\($0.topic.rawValue) \($0.key) right=\($0.right) due=\($0.due)" } + otherLines)
      .map { $0 + "\n" }.joined()
  }

  /// Reads a file's text; a line that cannot be understood stays as it is.
  init(text: String) {
    for line in text.split(whereSeparator: \.isNewline).map(String.init)
    where line != Self.firstLine && line != Self.comment {
      let words = line.split(separator: " ").map(String.init)
      func number(_ word: Int, _ name: String) -> Int? {
        guard word < words.count, words[word].hasPrefix(name) else { return nil }
        return Int(words[word].dropFirst(name.count)).flatMap {
          (0..<1 << 40).contains($0) ? $0 : nil
        }
      }
      if words.count == 2, words[0] == "asked", let count = number(1, "") {
        asked = count
      } else if words.count == 4, let topic = QuizTopic(rawValue: words[0]),
        let key = UInt64(words[1]),
        let right = number(2, "right="), right < Self.distances.count, let due = number(3, "due=")
      {
        missed.append(Missed(topic: topic, key: key, right: right, due: due))
      } else {
        otherLines.append(line)
      }
    }
  }
}

/// The file in which it is kept: `.convbook/quiz` in the package folder, beside the progress.
struct QuizFile: Sendable {
  let folder: String
  var path: String { "\(folder)/quiz" }

  init(_ book: BookFolder) { folder = book.ownFolder }

  /// What is kept; nothing where the file is not there or cannot be read.
  func read() -> QuizMemory {
    (try? Files.read(path)).map { QuizMemory(text: $0) } ?? QuizMemory()
  }

  /// Changes what is kept, under a lock, so that a second quiz loses nothing; a sentence where it cannot.
  func update(_ change: (inout QuizMemory) -> Void) -> (memory: QuizMemory, remark: String?) {
    var memory = read()
    do {
      try Files.makeFolder(folder)
      let lock = try FolderLock(folder, patience: 5)
      defer { withExtendedLifetime(lock) {} }
      memory = read()
      change(&memory)
      try Files.write(memory.text, to: path)
      return (memory, nil)
    } catch {
      change(&memory)
      return (memory, "what was missed is not kept: \(error)")
    }
  }
}
