import Tensors

/// One command of the program: its name, what its help says, its options and what it does.
///
/// ```swift
/// let hint = Command(
///   "hint", in: .practise, "the next hint for an exercise", operands: "N", mostOperands: 1,
///   options: [.flag("plain", "no colour and no box drawing")],
///   examples: [Command.Example("hint 3", "the first hint for exercise 3")]
/// ) { arguments in
///   let number = try arguments.integer(operand: 0, named: "N", in: 1...38)
///   …
/// }
/// ```
struct Command: Sendable {
  /// Where the command stands on the cover page and in the help.
  enum Group: String, CaseIterable, Sendable {
    /// Lessons, traces and sizes.
    case read
    /// Exercises and quizzes.
    case practise
    /// Operations on arrays and pictures.
    case run
    /// Having the program at hand.
    case install
  }

  /// A line to type, and what it does.
  struct Example: Equatable, Sendable {
    /// What to type after the program's name.
    let line: String
    /// What it does.
    let meaning: String

    init(_ line: String, _ meaning: String) {
      (self.line, self.meaning) = (line, meaning)
    }
  }

  /// What is typed: `size`.
  let name: String
  /// Its group.
  let group: Group
  /// What it does, in one line that begins with a small letter and has no full stop.
  let summary: String
  /// What stands for the operands in the help: `OP`, `[N]`; empty if there are none.
  let operands: String
  /// The most operands it takes; `Int.max` for any number.
  let mostOperands: Int
  /// The options it understands, beside `--help`.
  let options: [Option]
  /// Further paragraphs of its help, each a string.
  let details: [String]
  /// Lines that work as they stand.
  let examples: [Example]
  /// What it does. Throw ``ExitStatus`` (or an error that the program knows) to end with its code.
  let run: @Sendable (Arguments) throws -> Void

  init(
    _ name: String, in group: Group, _ summary: String, operands: String = "",
    mostOperands: Int = 0, options: [Option] = [], details: [String] = [], examples: [Example],
    run: @escaping @Sendable (Arguments) throws -> Void
  ) {
    self.name = name
    self.group = group
    self.summary = summary
    self.operands = operands
    self.mostOperands = mostOperands
    self.options = options
    self.details = details
    self.examples = examples
    self.run = run
  }
}

/// One `--name` that a command understands.
struct Option: Sendable {
  /// The name without its dashes: `kernel`.
  let name: String
  /// What stands for the value in the help, `K`; nil for an option that takes none.
  let value: String?
  /// What it does, in a few words.
  var help: String { saying() }
  private let saying: @Sendable () -> String

  /// An option that takes a value: `--kernel K`.
  init(_ name: String, _ value: String, _ help: String) {
    self.init(name, value, saying: { help })
  }

  /// An option whose help is computed when somebody asks for it.
  init(_ name: String, _ value: String?, saying: @escaping @Sendable () -> String) {
    (self.name, self.value, self.saying) = (name, value, saying)
  }

  /// An option that is there or not: `--ceil-mode`.
  static func flag(_ name: String, _ help: String) -> Option {
    Option(name, nil, saying: { help })
  }

  /// `--kernel K` or `--ceil-mode`.
  var usage: String {
    value.map { "--\(name) \($0)" } ?? "--\(name)"
  }
}
