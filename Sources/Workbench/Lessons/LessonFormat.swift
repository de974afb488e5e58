import LessonKit
import Tensors

/// How a lesson is to be written, from the options and the terminal.
enum LessonFormat {
  case text(TextRenderer)
  case markdown
  case json

  /// Whether it is text for reading in a terminal.
  var isText: Bool {
    if case .text = self { true } else { false }
  }

  /// The options that choose it.
  static let options = [
    Option("format", "F", "terminal, markdown or json (default: terminal)"),
    Option("width", "W", "columns, from 40 to 400 (default: the terminal's; 80 in a pipe)"),
    Option.flag("no-color", "no colour; NO_COLOR and TERM=dumb do the same"),
    Option.flag("plain", "ASCII only, for screen readers and terminals without UTF-8"),
  ]

  init(_ arguments: Arguments, terminal: Terminal = .current) throws(ExitStatus) {
    let widths = TextRenderer.widths
    let width = try arguments.integer("width", in: widths)
    switch try arguments.choice("format", of: ["terminal", "markdown", "json"]) {
    case "markdown": self = .markdown
    case "json": self = .json
    default:
      let isPlain = arguments.has("plain") || !terminal.showsUnicode
      self = .text(
        TextRenderer(
          width: width ?? min(terminal.width, 100), glyphs: isPlain ? .ascii : .unicode,
          color: terminal.allowsColor && !isPlain && !arguments.has("no-color")))
    }
  }
}
