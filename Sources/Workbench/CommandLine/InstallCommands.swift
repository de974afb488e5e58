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
