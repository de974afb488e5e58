import CommandLineKit
import ExerciseKit
import Practice

let nextCommand = Command(
  "next", in: .practise, "the next exercise that is still to be done",
  options: [.flag("skip", "put this one off and show the one after it")],
  examples: [Command.Example("next", "its task, its file and the commands for it")]
) { arguments in
  let desk = try openDesk()
  var next = desk.next()
  if arguments.has("skip"), let current = next {
    desk.skip(current)
    print("skipped: exercise \(desk.workspace.number(of: current)), \(current.name)\n")
    next = desk.next(after: current)
  }
  printLines(try next.map(desk.taskLines) ?? desk.doneLines())
}
