import Tensors

/// How `--show` draws: how wide, and whether with colours.
struct Canvas: Equatable {
  let width: Int
  let color: Bool

  /// The options of a command that draws.
  static let options = [
    Option.flag("show", "draw the picture, its labels and a legend here"),
    Option("width", "W", "with --show: how many columns to draw in"),
    .flag("no-color", "with --show: letters instead of colours"),
  ]

  /// What the options ask for; nil without `--show`.
  ///
  /// - Throws: `ExitStatus` 64 if a width is no width, or JSON is asked for too.
  init?(_ arguments: Arguments) throws(ExitStatus) {
    let terminal = Terminal.current
    width = try arguments.integer("width", in: 4...1000) ?? min(terminal.width, 160)
    color = terminal.allowsColor && terminal.showsUnicode && !arguments.has("no-color")
    guard arguments.has("show") else { return nil }
    if arguments["format"] == "json" {
      throw .usage("--show draws, and --format json does not; leave out one of them")
    }
  }
}
