import Tensors

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

extension Program {
  /// The help of the whole program: every command with its one line.
  var help: String { help(width: Self.helpWidth) }

  /// Help is no wider than the terminal, and never wider than 80 columns.
  private static var helpWidth: Int { min(80, max(20, Terminal.current.width)) }

  func help(width: Int) -> String {
    var lines = wrapped("\(name): \(summary)", to: width) + [""]
    let column = commands.map { heading($0).count }.max() ?? 0
    for group in Command.Group.allCases {
      let members = commands.filter { $0.group == group }
      guard !members.isEmpty else { continue }
      lines.append(group.rawValue)
      for command in members {
        lines += entry(heading(command), command.summary, column: column, width: width)
      }
      lines.append("")
    }
    lines += wrapped(
      "\(name) COMMAND --help shows a command's options with an example.", to: width)
    if let example = commands.first?.examples.first {
      lines.append("Try: \(name) \(example.line)")
    }
    return lines.joined(separator: "\n")
  }

  /// The help of one command: usage, options, examples.
  func help(of command: Command) -> String { help(of: command, width: Self.helpWidth) }

  func help(of command: Command, width: Int) -> String {
    var usage = "\(name) \(heading(command))"
    if !command.options.isEmpty { usage += " [options]" }
    var lines =
      wrapped("\(name) \(command.name): \(command.summary)", to: width) + [""]
      + wrapped("usage: \(usage)", to: width)
    for paragraph in command.details {
      lines += [""] + wrapped(paragraph, to: width - 2)
    }
    let options = command.options + [.flag("help", "this page")]
    let column = min(24, options.map(\.usage.count).max() ?? 0)
    lines += ["", "options"]
    for option in options {
      lines += entry(option.usage, option.help, column: column, width: width - 2)
    }
    lines += ["", command.examples.count == 1 ? "example" : "examples"]
    for example in command.examples {
      lines += shellLines("\(name) \(example.line)", to: width - 2).map { "  " + $0 }
      lines += wrapped(example.meaning, to: width - 8).map { "      " + $0 }
    }
    return lines.joined(separator: "\n")
  }

  /// A word with what it means beside it; below it where there is no room.
  private func entry(_ word: String, _ meaning: String, column: Int, width: Int) -> [String] {
    let room = width - column - 4
    guard room >= 24 else {
      return ["  " + word] + wrapped(meaning, to: width - 6).map { "      " + $0 }
    }
    return wrapped(meaning, to: room).enumerated().map { index, text in
      "  " + padded(index == 0 ? word : "", to: column) + "  " + text
    }
  }

  private func heading(_ command: Command) -> String {
    command.operands.isEmpty ? command.name : "\(command.name) \(command.operands)"
  }
}

/// `text` with spaces after it up to `width` characters.
func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// `text` broken between words into lines of at most `width` characters; a longer word stands alone.
func wrapped(_ text: String, to width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    if line.isEmpty {
      line = String(word)
    } else if line.count + 1 + word.count <= width {
      line += " " + word
    } else {
      lines.append(line)
      line = String(word)
    }
  }
  return line.isEmpty ? lines : lines + [line]
}

/// A command in lines of at most `width` characters, which a shell takes as one: each but the last ends
/// with a backslash. An option stays with its value, and what is quoted is whole.
func shellLines(_ command: String, to width: Int) -> [String] {
  guard command.count > width else { return [command] }
  var parts: [String] = []
  for word in command.split(separator: " ") {
    if parts.isEmpty || word.hasPrefix("--") || word.hasPrefix("\"") {
      parts.append(String(word))
    } else {
      parts[parts.count - 1] += " " + word
    }
  }
  var lines = [parts[0]]
  for part in parts.dropFirst() {
    if lines[lines.count - 1].count + part.count + 3 <= width {
      lines[lines.count - 1] += " " + part
    } else {
      lines[lines.count - 1] += " \\"
      lines.append("    " + part)
    }
  }
  return lines
}

/// The line, broken at spaces to a width. What goes on stands below the text that follows a label and
/// three spaces, or two columns in; a word wider than the line stays whole.
///
/// ```swift
/// brokenAtSpaces("label   one two three", to: 16)   // ["label   one two", "        three"]
/// ```
func brokenAtSpaces(_ line: String, to width: Int) -> [String] {
  guard line.count > width else { return [line] }
  let margin = line.prefix { $0 == " " }.count
  let text = line.dropFirst(margin).firstRange(of: "   ").flatMap { gap in
    line[gap.lowerBound...].firstIndex { $0 != " " }
  }
  let label = text.map { line.distance(from: line.startIndex, to: $0) } ?? margin + 2
  let indent = String(repeating: " ", count: label <= width / 2 ? label : margin + 2)
  var lines: [String] = []
  var current = ""
  for (index, word) in line.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
    let longer = index == 0 ? String(word) : current + " " + word
    if longer.count > width, current.contains(where: { $0 != " " }) {
      lines.append(current)
      current = indent + word
    } else {
      current = longer
    }
  }
  return lines + [current]
}
