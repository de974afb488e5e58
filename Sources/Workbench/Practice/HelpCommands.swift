import ExerciseKit
import Tensors

let hintCommand: Command = Command(
  "hint", in: .practise, "a hint for an exercise: a question, the formula, nearly the code",
  operands: "N [LEVEL]", mostOperands: 2,
  details: [
    "In place of N, tensor shows on one page how the numbers of a map are read and written."
  ],
  examples: [
    Command.Example("hint 3", "the first hint that you have not read yet"),
    Command.Example("hint 3 2", "the second hint"),
    Command.Example("hint tensor", "how to use a Tensor"),
  ]
) { arguments in
  if arguments.operands.map({ $0.lowercased() }) == ["tensor"] { return printOut(tensorPage) }
  let desk = try openDesk()
  let exercise = try operandExercise(arguments, desk)
  let level = try arguments.integer(operand: 1, named: "LEVEL", in: 1...exercise.hints.count)
  printLines(desk.hintLines(exercise, level: level, width: Terminal.current.width))
}

let resetCommand: Command = Command(
  "reset", in: .practise, "make an exercise's file new; the old one is kept",
  operands: "N", mostOperands: 1,
  examples: [Command.Example("reset 3", "exercise 3 from the beginning")]
) { arguments in
  let desk = try openDesk()
  let exercise = try operandExercise(arguments, desk)
  let kept = try desk.reset(exercise)
  printOut("Exercises/Attempts/\(exercise.stem).swift is as it was at first")
  if let kept { printOut("your version is kept as \(kept)") }
}

let solutionCommand: Command = Command(
  "solution", in: .practise, "the book's solution of an exercise, once you have passed it",
  operands: "N", mostOperands: 1,
  options: [.flag("give-up", "show it although you have not passed; this is recorded")],
  examples: [Command.Example("solution 3 --give-up", "the solution, come what may")]
) { arguments in
  let desk = try openDesk()
  let exercise = try operandExercise(arguments, desk)
  guard let lines = try desk.solution(exercise, giveUp: arguments.has("give-up")) else {
    let number = desk.workspace.number(of: exercise)
    throw ExitStatus.failed(
      "exercise \(number) is not passed yet; convbook hint \(number) helps, and "
        + "convbook solution \(number) --give-up shows the solution and records that it did")
  }
  printLines(lines)
}
