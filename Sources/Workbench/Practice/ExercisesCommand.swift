import Tensors

let exercisesCommand: Command = Command(
  "exercises", in: .practise, "the list of exercises and how each stands",
  operands: "[WORD ...]", mostOperands: Int.max, options: [formatOption],
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
  let desk = try openDesk()
  let rows = desk.list(search: arguments.operands)
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
  printLines(desk.listLines(rows, width: Terminal.current.width))
}
