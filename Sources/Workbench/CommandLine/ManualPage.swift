extension Program {
  /// The page of the manual, as `man` reads it: every command with its options and examples.
  var manualPage: String {
    var lines = [
      ".TH \(name.uppercased()) 1 \"\" \"\(name) \(version)\" \"\"",
      ".SH NAME", roff("\(name) - \(summary)"),
      ".SH SYNOPSIS", ".B \(name)", roff("COMMAND [operands] [options]"),
      ".SH DESCRIPTION",
      roff(
        "Alone, \(name) prints its cover page. What follows are its commands; "
          + "\(name) COMMAND --help prints the part of this page that is about one."),
    ]
    for group in Command.Group.allCases {
      let members = commands.filter { $0.group == group }
      if !members.isEmpty { lines.append(".SH COMMANDS: \(group.rawValue.uppercased())") }
      for command in members { lines += manual(command) }
    }
    lines += [".SH EXIT STATUS"]
    for (code, meaning) in ExitStatus.meanings {
      lines += [".TP", ".B \(code)", roff(meaning)]
    }
    lines += [".SH ENVIRONMENT"]
    for (variable, meaning) in environment {
      lines += [".TP", ".B \(variable)", roff(meaning)]
    }
    return lines.joined(separator: "\n")
  }

  private func manual(_ command: Command) -> [String] {
    var heading = "\(name) \(command.name)"
    if !command.operands.isEmpty { heading += " \(command.operands)" }
    if !command.options.isEmpty { heading += " [options]" }
    var lines = [".SS \"\(roff(heading).filter { $0 != "\"" })\"", roff(command.summary)]
    for paragraph in command.details { lines += [".PP", roff(paragraph)] }
    for option in command.options {
      lines += [".TP", ".B \(roff(option.usage))", roff(option.help)]
    }
    for example in command.examples {
      lines += [".PP", ".nf", roff("    \(name) \(example.line)"), ".fi", ".RS 8"]
      lines += [roff(example.meaning), ".RE"]
    }
    return lines
  }

  /// The text with what steers the typesetter written out: backslashes, hyphens that are typed, and a
  /// point or an apostrophe at the beginning of a line.
  private func roff(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "\n": result += " "
      default: result.append(character)
      }
    }
    return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
  }

  /// The variables that change what the program does.
  private var environment: [(String, String)] {
    [
      ("NO_COLOR", "If it is set, no colours are used."),
      ("COLUMNS", "The width of the terminal."),
      ("LC_ALL, LC_CTYPE, LANG", "Whether a terminal shows UTF-8; otherwise ASCII stands for it."),
      ("XDG_CACHE_HOME", "The folder for packed weights, which may be deleted at any time."),
      ("TMPDIR", "The folder for files of a moment."),
      (
        "CONVBOOK_KERNELS",
        "The widest instructions to use: baseline, avx2 or avx512; the widest there are if not set."
      ),
    ]
  }
}

let completionsCommand: Command = Command(
  "completions", in: .install, "what makes your shell complete commands and options",
  operands: Shell.allCases.map(\.rawValue).joined(separator: "|"), mostOperands: 1,
  details: [
    "The script is printed; where it goes depends on the shell. bash: a file that your ~/.bashrc "
      + "sources, or ~/.local/share/bash-completion/completions/convbook. zsh: a file _convbook in a "
      + "folder of $fpath. fish: ~/.config/fish/completions/convbook.fish."
  ],
  examples: [
    Command.Example("completions bash > convbook.bash", "then: source convbook.bash"),
    Command.Example("completions fish > convbook.fish", "for ~/.config/fish/completions"),
  ]
) { arguments in
  let names = Shell.allCases.map(\.rawValue)
  guard let typed = arguments.operands.first else {
    throw ExitStatus.usage("the shell is missing; it is \(listed(names))")
  }
  guard let shell = Shell(rawValue: typed) else {
    throw ExitStatus.usage(
      "there are no completions for \"\(typed)\"; the shell must be \(listed(names))")
  }
  printOut(convbook.completions(for: shell))
}

let manCommand: Command = Command(
  "man", in: .install, "the page of the manual, for man",
  details: ["All commands with their options and examples, in the language of manual pages."],
  examples: [
    Command.Example("man > convbook.1", "then: man ./convbook.1")
  ]
) { _ in
  printOut(convbook.manualPage)
}
