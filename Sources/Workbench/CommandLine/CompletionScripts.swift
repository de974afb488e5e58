/// The shells for which there are completions.
enum Shell: String, CaseIterable {
  case bash, zsh, fish
}

extension Program {
  /// What makes a shell complete this program's commands and options.
  func completions(for shell: Shell) -> String {
    switch shell {
    case .bash: bashCompletions
    case .zsh: zshCompletions
    case .fish: fishCompletions
    }
  }

  /// The commands with the one that the program itself understands.
  private var names: [String] { commands.map(\.name) + ["help"] }

  // MARK: bash

  private var bashCompletions: String {
    var lines = [
      "# Completions of \(name) for bash: source this file, or put it where bash-completion looks.",
      "_\(name)() {",
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}",
      "  local command=${COMP_WORDS[1]-} words= kind=",
      "  COMPREPLY=()",
      "  if [ \"$COMP_CWORD\" = 1 ]; then",
      "    COMPREPLY=($(compgen -W \"\(names.joined(separator: " ")) --help --version\" -- \"$current\"))",
      "    return",
      "  fi",
      "  case \"$command $previous\" in",
      "    \"help \"*) words=\"\(commands.map(\.name).joined(separator: " "))\" ;;",
    ]
    for command in commands {
      for option in command.options {
        guard let completion = option.completion else { continue }
        lines.append(
          "    \"\(command.name) --\(option.name)\") \(bash(completion)) ;;")
      }
    }
    lines += ["    *)", "      case \"$command\" in"]
    for command in commands {
      let options = (command.options.map(\.name) + ["help"]).map { "--\($0)" }
      lines += [
        "        \(command.name))",
        "          case \"$current\" in",
        "            -*) words=\"\(options.joined(separator: " "))\" ;;",
        "            *) \(bash(command.completion)) ;;",
        "          esac ;;",
      ]
    }
    lines += [
      "      esac ;;",
      "  esac",
      "  [ -z \"$words\" ] || COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))",
      "  case $kind in",
      "    file) compopt -o filenames 2>/dev/null",
      "      COMPREPLY+=($(compgen -f -- \"$current\")) ;;",
      "    folder) compopt -o filenames 2>/dev/null",
      "      COMPREPLY+=($(compgen -d -- \"$current\")) ;;",
      "  esac",
      "}",
      "complete -F _\(name) \(name)",
    ]
    return lines.joined(separator: "\n")
  }

  private func bash(_ completion: Completion) -> String {
    switch completion {
    case .words(let words, let orFile):
      "words=\"\(words.joined(separator: " "))\"" + (orFile ? " kind=file" : "")
    case .file: "kind=file"
    case .folder: "kind=folder"
    case .nothing: "kind=none"
    }
  }

  // MARK: zsh

  private var zshCompletions: String {
    var lines = [
      "#compdef \(name)",
      "# Completions of \(name) for zsh: put this file as _\(name) into a folder of $fpath.",
      "_\(name)_or_file() { _alternative \"words:name:($*)\" 'files:file:_files' }",
      "_\(name)() {",
      "  local -a commands",
      "  commands=(",
    ]
    for command in commands { lines.append("    \(zsh("\(command.name):\(command.summary)"))") }
    lines += [
      "    'help:the help of the program, or of a command'",
      "  )",
      "  if (( CURRENT == 2 )); then",
      "    _describe command commands",
      "    return",
      "  fi",
      "  local command=${words[2]}",
      "  shift words; (( CURRENT-- ))",
      "  case $command in",
      "    help) _describe command commands ;;",
    ]
    for command in commands {
      var parts = command.options.map { option in
        let help = "[\(option.help.filter { !"[]".contains($0) })]"
        guard let value = option.value, let completion = option.completion else {
          return "--\(option.name)\(help)"
        }
        return "--\(option.name)=\(help):\(value):\(zshAction(completion))"
      }
      parts.append("--help[this page]")
      if command.mostOperands > 0 {
        let place = command.mostOperands == 1 ? "1" : "*"
        let label = command.operands.filter { $0.isLetter }
        parts.append("\(place):\(label):\(zshAction(command.completion))")
      }
      lines += ["    \(command.name))", "      _arguments \\"]
      lines.append(parts.map { "        \(zsh($0))" }.joined(separator: " \\\n") + " ;;")
    }
    lines += [
      "  esac", "}",
      "if [ \"$funcstack[1]\" = _\(name) ]; then _\(name) \"$@\"; else compdef _\(name) \(name); fi",
    ]
    return lines.joined(separator: "\n")
  }

  private func zshAction(_ completion: Completion) -> String {
    switch completion {
    case .words(let words, orFile: false): "(\(words.joined(separator: " ")))"
    case .words(let words, orFile: true):
      // The blank keeps _arguments from adding words of its own.
      " _\(name)_or_file \(words.joined(separator: " "))"
    case .file: "_files"
    case .folder: "_files -/"
    case .nothing: " "
    }
  }

  /// A text in quotes, as zsh takes it.
  private func zsh(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }

  // MARK: fish

  private var fishCompletions: String {
    var lines = [
      "# Completions of \(name) for fish: put this file as \(name).fish into",
      "# ~/.config/fish/completions.",
      "complete -c \(name) -f",
      "complete -c \(name) -n __fish_use_subcommand -l version -d 'which version this is'",
      "complete -c \(name) -n __fish_use_subcommand -a help -d 'the help of the program'",
      "complete -c \(name) -n '__fish_seen_subcommand_from help' "
        + "-a '\(commands.map(\.name).joined(separator: " "))'",
    ]
    for command in commands {
      let here = "complete -c \(name) -n '__fish_seen_subcommand_from \(command.name)'"
      lines.append(
        "complete -c \(name) -n __fish_use_subcommand -a \(command.name) -d \(fish(command.summary))"
      )
      if !command.completion.words.isEmpty {
        lines.append("\(here) -a '\(command.completion.words.joined(separator: " "))'")
      }
      if command.completion.offersFiles { lines.append("\(here) -F") }
      for option in command.options {
        let value =
          switch option.completion {
          case nil: ""
          case .words(let words, _): " -x -a '\(words.joined(separator: " "))'"
          case .file: " -r -F"
          case .folder: " -x -a '(__fish_complete_directories)'"
          case .nothing: " -x"
          }
        lines.append("\(here) -l \(option.name)\(value) -d \(fish(option.help))")
      }
      lines.append("\(here) -l help -d 'the help of this command'")
    }
    return lines.joined(separator: "\n")
  }

  /// A text in quotes, as fish takes it.
  private func fish(_ text: String) -> String {
    var quoted = ""
    for character in text {
      if "'\\".contains(character) { quoted.append("\\") }
      quoted.append(character)
    }
    return "'\(quoted)'"
  }
}
