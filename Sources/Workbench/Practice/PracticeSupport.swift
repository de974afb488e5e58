import Checks
import ExerciseKit
import Interchange
import Tensors

/// The learner's desk in the book's folder, found from here or from the program.
func openDesk() throws -> Desk {
  let workspace = try Workspace.find(
    from: FilePlace.resolved("."), exercises: Exercises.all)
  return Desk(workspace) { printError("convbook: \($0)") }
}

/// The exercise of the first operand.
func operandExercise(_ arguments: Arguments, _ desk: Desk) throws -> any AnyExercise {
  guard let typed = arguments.operands.first else {
    throw ExitStatus.usage(
      "no exercise is given; give its number from 1 to \(Exercises.all.count) or its name")
  }
  return try desk.workspace.exercise(typed)
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

/// Prints lines.
func printLines(_ lines: [String]) {
  for line in lines { printOut(line) }
}

/// The exit status of an error of the learner's loop.
func practiceStatus(_ error: PracticeError) -> ExitStatus {
  switch error {
  case .unknown(let text): .usage(text)
  case .cannotOpen(let text), .cannotRun(let text): .cannotOpen(text)
  case .cannotWrite(let text): .cannotWrite(text)
  }
}
