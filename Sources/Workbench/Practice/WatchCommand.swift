import ExerciseKit

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
  let desk = try openDesk()
  let first = arguments.operands.isEmpty ? nil : try operandExercise(arguments, desk)
  var interval = 0.2
  if let typed = arguments["poll"] {
    guard let value = Double(typed), (0.05...60).contains(value) else {
      throw ExitStatus.usage("--poll is \"\(typed)\"; it must be a number from 0.05 to 60")
    }
    interval = value
  }
  let terminal = Terminal.current
  let text = VerdictText(desk.workspace, width: terminal.width, color: terminal.allowsColor)
  try Watch(desk, interval: interval, width: terminal.width, show: text.lines).run(first: first)
}
