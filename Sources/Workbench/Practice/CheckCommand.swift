import ExerciseKit
import Tensors

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
  let desk = try openDesk()
  let all = arguments.has("all")
  guard !(all && arguments.operands.count > 0) else {
    throw ExitStatus.usage("check takes N or --all, not both")
  }
  let exercises =
    all
    ? desk.workspace.exercises
    : arguments.operands.isEmpty ? desk.toCheck() : [try operandExercise(arguments, desk)]
  let verdicts = try desk.check(exercises)
  if try wantsJSON(arguments) {
    printOut(JSON.array(verdicts.map(\.json)).text)
  } else {
    show(verdicts, desk, brief: all)
  }
  let failed = verdicts.contains { all ? $0.isFailure : $0.outcome != .passed }
  if failed { throw ExitStatus.failed("") }
}

private func show(_ verdicts: [Verdict], _ desk: Desk, brief: Bool) {
  let terminal = Terminal.current
  let text = VerdictText(desk.workspace, width: terminal.width, color: terminal.allowsColor)
  guard brief else {
    for verdict in verdicts { printLines(text.lines(verdict) + [""]) }
    // With several, what comes next is said once.
    if let last = verdicts.last(where: { $0.outcome == .passed }),
      let exercise = try? desk.workspace.exercise(last.exercise)
    {
      printLines(desk.passedLines(exercise))
    }
    if verdicts.isEmpty { printLines(desk.doneLines()) }
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
