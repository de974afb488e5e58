import Exercises
import ExerciseKit
import Interchange
import Tensors

let exercisesCommand: Command = Command(
  "exercises", in: .practise, "the list of exercises and how each stands",
  operands: "[WORD ...]", mostOperands: Int.max,
  options: [
    .flag(
      "write", "make the stubs and the lists anew that follow from the exercises (maintainers)"),
    formatOption,
  ],
  details: [
    "Words narrow the list to the exercises whose name, title or state contains them all; a number "
      + "is an exercise's own, and after the word lesson a lesson's."
  ],
  examples: [
    Command.Example("exercises", "all of them"),
    Command.Example("exercises padding", "those that are about padding"),
    Command.Example("exercises lesson 5", "those that go with lesson 5"),
  ]
) { arguments in
  let course = try openCourse()
  if arguments.has("write") { return printLines(try course.book.writeMadeFiles()) }
  let rows = course.list(search: arguments.operands)
  if try wantsJSON(arguments) {
    let answer = rows.map { row in
      JSON.object([
        ("number", .integer(row.number)), ("name", .string(row.name)),
        ("title", .string(row.title)), ("lesson", .integer(row.lesson)),
        ("state", .string(row.state.rawValue)), ("hints", .integer(row.hints)),
        ("file", .string(row.file)),
      ])
    }
    return printOut(JSON.array(answer).text)
  }
  guard !rows.isEmpty else {
    throw ExitStatus.usage(
      "no exercise matches \"\(arguments.operands.joined(separator: " "))\"; "
        + "convbook exercises lists them all")
  }
  printLines(course.listLines(rows, width: Terminal.current.width))
}

let nextCommand: Command = Command(
  "next", in: .practise, "the next exercise that is still to be done", operands: "[N]",
  mostOperands: 1,
  options: [.flag("skip", "put this one off and show the one after it")],
  details: ["With N, the task of exercise N, as convbook task N shows it."],
  examples: [Command.Example("next", "its task, its file and the commands for it")]
) { arguments in
  let course = try openCourse()
  if !arguments.operands.isEmpty {
    guard !arguments.has("skip") else {
      throw ExitStatus.usage("next --skip puts off the next exercise; it takes no N")
    }
    return printSpelled(try course.taskLines(try operandExercise(arguments, course)))
  }
  var next = course.next()
  if arguments.has("skip"), let current = next {
    course.skip(current)
    printOut("skipped: exercise \(course.book.number(of: current)), \(current.name)\n")
    next = course.next(after: current)
  }
  printSpelled(try next.map(course.taskLines) ?? course.doneLines())
}

let taskCommand: Command = Command(
  "task", in: .practise, "the task of one exercise", operands: "N", mostOperands: 1,
  details: ["N is the exercise's number or name."],
  examples: [Command.Example("task 7", "what exercise 7 asks for, its file and its commands")]
) { arguments in
  let course = try openCourse()
  printSpelled(try course.taskLines(try operandExercise(arguments, course)))
}

let checkCommand: Command = Command(
  "check", in: .practise, "compile and check an exercise, and explain what is wrong",
  operands: "[N]", mostOperands: 1,
  options: [.flag("all", "every exercise, one line each"), formatOption],
  details: [
    "N is an exercise's number or name. Without it the files edited since their last check are "
      + "checked, or else the next exercise to be done. The exit code is 0 if everything asked for "
      + "is passed; with --all, exercises that are not solved yet do not count."
  ],
  examples: [
    Command.Example("check 1", "the verdict on exercise 1"),
    Command.Example("check --all", "a line for each exercise"),
  ]
) { arguments in
  let course = try openCourse()
  let all = arguments.has("all")
  guard !(all && arguments.operands.count > 0) else {
    throw ExitStatus.usage("check takes N or --all, not both")
  }
  let exercises =
    all
    ? course.book.exercises
    : arguments.operands.isEmpty ? course.toCheck() : [try operandExercise(arguments, course)]
  let verdicts = try course.check(exercises)
  if try wantsJSON(arguments) {
    printOut(JSON.array(verdicts.map(\.json)).text)
  } else {
    show(verdicts, course, brief: all)
  }
  let failed = verdicts.contains { all ? $0.isFailure : $0.outcome != .passed }
  if failed { throw ExitStatus.failed("") }
}

private func show(_ verdicts: [Verdict], _ course: Course, brief: Bool) {
  let terminal = Terminal.current
  let text = VerdictText(course.book, width: terminal.width, color: terminal.allowsColor)
  guard brief else {
    for verdict in verdicts { printLines(text.lines(verdict) + [""]) }
    // With several, what comes next is said once.
    if let last = verdicts.last(where: { $0.outcome == .passed }),
      let exercise = try? course.book.exercise(last.exercise)
    {
      printLines(course.passedLines(exercise))
    }
    if verdicts.isEmpty { printLines(course.doneLines()) }
    return
  }
  printLines(verdicts.map(text.summary))
  let passed = verdicts.count { $0.outcome == .passed }
  let failed = verdicts.count { $0.isFailure }
  let unsolved = verdicts.count - passed - failed
  printOut("\n\(passed) passed, \(failed) failed, \(unsolved) not solved yet")
}

extension Verdict {
  fileprivate var json: JSON {
    .present([
      ("exercise", .string(exercise)), ("outcome", .string(outcome.rawValue)),
      ("lesson", .integer(lesson)), ("caseNumber", caseNumber.map(JSON.integer)),
      ("caseCount", caseCount.map(JSON.integer)), ("arguments", .array(arguments.map(\.json))),
      ("expected", expected?.json), ("got", got?.json), ("detail", .string(detail)),
      ("arithmetic", .strings(arithmetic)), ("diagnosis", diagnosis.map(JSON.string)),
      ("explanation", explanation.map(JSON.string)), ("tolerance", tolerance.map(JSON.number)),
      ("replay", replay.map(JSON.string)), ("output", .strings(output)),
    ])
  }
}

extension Shown {
  fileprivate var json: JSON {
    .object([("name", .string(name)), ("shape", .string(shape)), ("lines", .strings(lines))])
  }
}

let watchCommand: Command = Command(
  "watch", in: .practise, "check again whenever a file is saved",
  operands: "[N]", mostOperands: 1,
  options: [Option("poll", "SECONDS", "how often to look, from 0.05 to 60 (0.2 if not given)")],
  details: [
    "In a terminal the keys h, n, l and q give a hint, go to the next exercise, list them and quit. "
      + "Without a terminal only verdicts are printed, until the process is stopped."
  ],
  examples: [Command.Example("watch 1", "begin with exercise 1")]
) { arguments in
  let course = try openCourse()
  let first = arguments.operands.isEmpty ? nil : try operandExercise(arguments, course)
  var interval = 0.2
  if let typed = arguments["poll"] {
    guard let value = Double(typed), (0.05...60).contains(value) else {
      throw ExitStatus.usage("--poll is \"\(typed)\"; it must be a number from 0.05 to 60")
    }
    interval = value
  }
  let terminal = Terminal.current
  let text = VerdictText(course.book, width: terminal.width, color: terminal.allowsColor)
  try Watch(course, interval: interval, width: terminal.width, show: text.lines).run(first: first)
}

let hintCommand: Command = Command(
  "hint", in: .practise, "a hint for an exercise: a question, the formula, nearly the code",
  operands: "[N] [LEVEL]", mostOperands: 2,
  details: [
    "Without N it is a hint for the next exercise that is still to be done. In place of N, tensor shows on one page how the numbers of a map are read and written."
  ],
  examples: [
    Command.Example("hint", "a hint for the exercise you are at"),
    Command.Example("hint 3", "the first hint that you have not read yet"),
    Command.Example("hint 3 2", "the second hint"),
    Command.Example("hint tensor", "how to use a Tensor"),
  ]
) { arguments in
  if arguments.operands.map({ $0.lowercased() }) == ["tensor"] { return printOut(tensorPage) }
  let course = try openCourse()
  guard
    let exercise = try arguments.operands.isEmpty
      ? course.next() : operandExercise(arguments, course)
  else { return printLines(course.doneLines()) }
  let level = try arguments.integer(operand: 1, named: "LEVEL", in: 1...exercise.hints.count)
  printLines(course.hintLines(exercise, level: level, width: Terminal.current.width))
}

let resetCommand: Command = Command(
  "reset", in: .practise, "make an exercise's file new; the old one is kept",
  operands: "N", mostOperands: 1,
  examples: [Command.Example("reset 3", "exercise 3 from the beginning")]
) { arguments in
  let course = try openCourse()
  let exercise = try operandExercise(arguments, course)
  let kept = try course.reset(exercise)
  printOut("Exercises/Attempts/\(exercise.stem).swift is as it was at first")
  if let kept { printOut("your version is kept as \(kept)") }
}

let solutionCommand: Command = Command(
  "solution", in: .practise, "the book's solution of an exercise, once you have passed it",
  operands: "N", mostOperands: 1,
  options: [.flag("give-up", "show it although you have not passed; this is recorded")],
  examples: [Command.Example("solution 3 --give-up", "the solution, come what may")]
) { arguments in
  let course = try openCourse()
  let exercise = try operandExercise(arguments, course)
  guard let lines = try course.solution(exercise, giveUp: arguments.has("give-up")) else {
    let number = course.book.number(of: exercise)
    throw ExitStatus.failed(
      "exercise \(number) is not passed yet; convbook hint \(number) helps, and "
        + "convbook solution \(number) --give-up shows the solution and records that it did")
  }
  printLines(lines)
}

/// The learner's course in the book's folder, found from here or from the program.
func openCourse() throws -> Course {
  let book = try BookFolder.find(
    from: FilePlace.resolved("."), exercises: Exercises.all)
  return Course(book) { printError("convbook: \($0)") }
}

/// The exercise of the first operand.
func operandExercise(_ arguments: Arguments, _ course: Course) throws -> any AnyExercise {
  guard let typed = arguments.operands.first else {
    let current = course.next().map {
      let number = course.book.number(of: $0)
      return "; next to be done is \(number), \($0.name): convbook \(arguments.command) \(number)"
    }
    throw ExitStatus.usage(
      "no exercise is given; give its number from 1 to \(Exercises.all.count) or its name"
        + (current ?? ""))
  }
  return try course.book.exercise(typed)
}

let formatOption = Option("format", "F", "text (the usual) or json")

/// Whether JSON is asked for.
func wantsJSON(_ arguments: Arguments) throws -> Bool {
  try arguments.choice("format", of: ["text", "json"]) == "json"
}

extension JSON {
  /// An object of those members that have a value.
  static func present(_ members: [(String, JSON?)]) -> JSON {
    .object(members.compactMap { name, value in value.map { (name, $0) } })
  }

  static func strings(_ texts: [String]) -> JSON { .array(texts.map(JSON.string)) }
}

func printLines(_ lines: [String]) {
  for line in lines { printOut(line) }
}
