/// A program made of commands: finds the one that was typed, runs it, and turns what happens into an
/// exit code.
struct Program: Sendable {
  /// What is typed: `convbook`.
  let name: String
  /// What it is, in one line.
  let summary: String
  /// What `--version` prints after the name.
  let version: String
  /// Its commands, in the order of the help.
  let commands: [Command]
  /// What is printed when nothing is typed after the name.
  let cover: @Sendable () throws -> Void
  /// The exit status of an error that is not an ``ExitStatus``, or nil if it is not known.
  let status: @Sendable (any Error) -> ExitStatus?

  /// A program.
  init(
    name: String, summary: String, version: String, commands: [Command],
    cover: @escaping @Sendable () throws -> Void,
    status: @escaping @Sendable (any Error) -> ExitStatus?
  ) {
    self.name = name
    self.summary = summary
    self.version = version
    self.commands = commands
    self.cover = cover
    self.status = status
  }

  /// Runs what was typed and returns the exit code. A failure prints its sentence to standard error.
  func run(_ words: [String]) -> Int32 {
    var code: Int32 = 0
    do {
      try dispatch(words)
    } catch {
      let failure = error as? ExitStatus ?? status(error) ?? .data("\(error)")
      if !failure.description.isEmpty { printError("\(name): \(failure.description)") }
      code = failure.code
    }
    switch PrintedOutput.finish() {
    case .written, .readerLeft: return code
    case .failed(let reason):
      printError("\(name): standard output cannot be written: \(reason)")
      return code == 0 ? 73 : code
    }
  }

  private func dispatch(_ words: [String]) throws {
    guard let first = words.first else { return try cover() }
    let rest = words.dropFirst()
    switch first {
    case "--help", "-h":
      printOut(help)
    case "--version":
      printOut("\(name) \(version)")
    case "help":
      guard let asked = rest.first else { return printOut(help) }
      printOut(help(of: try command(named: asked)))
    default:
      let command = try command(named: first)
      let beforeOperandsOnly = rest.prefix { $0 != "--" }
      if beforeOperandsOnly.contains("--help") || beforeOperandsOnly.contains("-h") {
        return printOut(help(of: command))
      }
      try command.run(Arguments(rest, for: command))
    }
  }

  private func command(named typed: String) throws(ExitStatus) -> Command {
    if let command = commands.first(where: { $0.name == typed }) { return command }
    let kind = typed.hasPrefix("-") ? "option" : "command"
    let suggestion =
      nearest(to: typed, among: commands.map(\.name) + ["help"])
      .map { "did you mean \($0)?" } ?? "see \(name) --help"
    throw .usage("there is no \(kind) \"\(typed)\"; \(suggestion)")
  }
}
