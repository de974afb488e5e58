internal import Platform

/// What is known about where the output goes.
struct Terminal: Equatable, Sendable {
  /// Whether standard input is a terminal: somebody can answer.
  var inputIsTerminal: Bool
  /// Whether standard output is a terminal: somebody reads along.
  var outputIsTerminal: Bool
  /// Columns, from the terminal or `COLUMNS`; 80 where nobody says, as in a pipe.
  var width: Int
  /// Whether colours may be used: a terminal that is not `TERM=dumb`, and `NO_COLOR` is not set.
  var allowsColor: Bool
  /// Whether the characters ¼, · and → can be shown. A pipe always gets UTF-8, so that its text is
  /// the same everywhere.
  var showsUnicode: Bool
  /// Whether it can do no more than print line after line.
  var isDumb = false

  /// These facts.
  init(
    inputIsTerminal: Bool, outputIsTerminal: Bool, width: Int, allowsColor: Bool,
    showsUnicode: Bool
  ) {
    self.inputIsTerminal = inputIsTerminal
    self.outputIsTerminal = outputIsTerminal
    self.width = width
    self.allowsColor = allowsColor
    self.showsUnicode = showsUnicode
  }

  /// The facts of this process.
  static var current: Terminal {
    guard KeptOutput.current == nil else {
      return Terminal(
        inputIsTerminal: false, outputIsTerminal: false, width: 80, allowsColor: false,
        showsUnicode: true)
    }
    let output = isatty(STDOUT_FILENO) != 0
    let dumb = environment("TERM") == "dumb"
    let quiet = environment("NO_COLOR").map { !$0.isEmpty } ?? false
    let locale =
      ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(environment).first { !$0.isEmpty } ?? "UTF-8"
    let encoding = locale.lowercased()
    var terminal = Terminal(
      inputIsTerminal: isatty(STDIN_FILENO) != 0,
      outputIsTerminal: output,
      width: output ? columns() : 80,
      allowsColor: output && !dumb && !quiet,
      showsUnicode: !output || encoding.contains("utf-8") || encoding.contains("utf8"))
    terminal.isDumb = dumb
    return terminal
  }

  private static func columns() -> Int {
    if let text = environment("COLUMNS"), let columns = Int(text), columns > 0 { return columns }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
