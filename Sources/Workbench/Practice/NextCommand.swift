import ExerciseKit
import Tensors

let nextCommand: Command = Command(
  "next", in: .practise, "the next exercise that is still to be done", operands: "[N]",
  mostOperands: 1,
  options: [.flag("skip", "put this one off and show the one after it")],
  details: ["With N, the task of exercise N, as convbook task N shows it."],
  examples: [Command.Example("next", "its task, its file and the commands for it")]
) { arguments in
  let desk = try openDesk()
  if !arguments.operands.isEmpty {
    guard !arguments.has("skip") else {
      throw ExitStatus.usage("next --skip puts off the next exercise; it takes no N")
    }
    return printLines(try desk.taskLines(try operandExercise(arguments, desk)))
  }
  var next = desk.next()
  if arguments.has("skip"), let current = next {
    desk.skip(current)
    printOut("skipped: exercise \(desk.workspace.number(of: current)), \(current.name)\n")
    next = desk.next(after: current)
  }
  printLines(try next.map(desk.taskLines) ?? desk.doneLines())
}

let taskCommand: Command = Command(
  "task", in: .practise, "the task of one exercise", operands: "N", mostOperands: 1,
  details: ["N is the exercise's number or name."],
  examples: [Command.Example("task 7", "what exercise 7 asks for, its file and its commands")]
) { arguments in
  let desk = try openDesk()
  printLines(try desk.taskLines(try operandExercise(arguments, desk)))
}
