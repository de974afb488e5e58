import Interchange
import LessonKit
@preconcurrency internal import Platform
import Tensors

let exploreCommand: Command = Command(
  "explore", in: .read, "a case under your hands: move the window, change the layer",
  operands: "[OP]", mostOperands: 1,
  options: traceCommand.options.filter { option in
    !(LessonFormat.options + FigureRequest.options).contains { $0.name == option.name }
  } + [
    .flag("quiz", "each cell is asked before it is shown"),
    .flag("no-color", "no colour; NO_COLOR does the same"),
  ],
  details: [
    "The options are those of trace, and none is needed: without OP it is conv. Arrows move the cell, "
      + "Tab turns the question, keys change kernel, stride, padding, dilation, sizes, form and numbers; "
      + "? shows them all. It needs a terminal of at least \(ExplorationDrawing.least.width) columns and "
      + "\(ExplorationDrawing.least.height) rows, which it leaves as it was."
  ],
  examples: [
    Command.Example(
      "explore conv --input 5x5 --kernel 3 --padding 1", "the window of a convolution"),
    Command.Example(
      "explore conv-transpose --input 3x3 --kernel 3 --stride 2 --form scatter",
      "stamps that overlap"),
    Command.Example("explore conv --quiz", "predict each cell, then see it"),
  ]
) { arguments in
  let exploration = try Exploration(typed: arguments)
  let terminal = Terminal.current
  let instead = "; \(exploration.explored.command(cell: nil)) prints the same"
  guard terminal.inputIsTerminal, terminal.outputIsTerminal else {
    throw ExitStatus.usage(
      "explore takes keys, so standard input and output must both be a terminal\(instead)")
  }
  guard !terminal.isDumb else {
    throw ExitStatus.usage("explore moves the cursor, which TERM=dumb cannot\(instead)")
  }
  let (least, size) = (ExplorationDrawing.least, RawTerminal.size ?? (80, 24))
  guard size.width >= least.width, size.height >= least.height else {
    throw ExitStatus.usage(
      "explore needs a terminal of \(least.width) columns and \(least.height) rows, and this one has "
        + "\(size.width) and \(size.height)\(instead)")
  }
  let isPainted = terminal.allowsColor && !arguments.has("no-color")
  let ended = Explorer(
    exploration, glyphs: terminal.showsUnicode ? .unicode : .ascii, isPainted: isPainted
  ).run()
  for line in ended.farewell { printOut(line) }
}

extension Exploration {
  /// What `explore` begins with: what was not typed is a small case.
  init(typed arguments: Arguments) throws {
    var words = arguments.setting("quiz", to: nil).setting("no-color", to: nil).setting(
      "cell", to: nil)
    if words.operands.isEmpty { words.operands = [Operation.conv.rawValue] }
    let operation = try Operation(words)
    let isQuiz = arguments.has("quiz")
    guard !isQuiz || operation != .softmax else {
      throw ExitStatus.usage("--quiz asks for exact numbers, and those of softmax are rounded")
    }
    for (name, usual) in operation.usualWords where !words.has(name) {
      let isGiven = name == "kernel" && words.has("weight")
      if !isGiven { words = words.setting(name, to: usual) }
    }
    let cell = try arguments["cell"].map(parseCell)
    do {
      try self.init(words, cell: cell, isQuiz: isQuiz)
    } catch  where operation == .conv && !arguments.has("kernel") && !arguments.has("weight") {
      // The usual kernel is too large for what was typed.
      try self.init(words.setting("kernel", to: "1"), cell: cell, isQuiz: isQuiz)
    }
    try checkCell(arguments["cell"], isRow: explored.traced.isRow)
  }
}

extension Operation {
  /// A small case.
  fileprivate var usualWords: [(String, String)] {
    switch self {
    case .conv: [("input", "5x5"), ("kernel", "3")]
    case .convTranspose: [("input", "3x3"), ("kernel", "3")]
    case .maxPool, .avgPool: [("input", "6x6"), ("kernel", "2")]
    case .bilinear: [("input", "3x3"), ("scale", "2")]
    case .linear: [("input", "4"), ("weight", "3x4")]
    case .softmax, .argmax: [("input", "5")]
    }
  }
}

/// The loop between the terminal and an exploration.
struct Explorer {
  var exploration: Exploration
  let glyphs: Glyphs
  let isPainted: Bool

  init(_ exploration: Exploration, glyphs: Glyphs, isPainted: Bool) {
    (self.exploration, self.glyphs, self.isPainted) = (exploration, glyphs, isPainted)
  }

  /// Writes a drawing into a file that is not there yet, and says which, or why not.
  private static func save(_ drawing: String) -> String {
    let free = (1...999).lazy.map { number -> String in "explore-\(number).svg" }.first {
      access($0, F_OK) != 0
    }
    guard let free else { return "explore-1.svg to explore-999.svg are there already" }
    do {
      try AtomicFile.write(Array(drawing.utf8), to: free)
      return "saved as \(free)"
    } catch {
      return exitStatus(of: error)?.description ?? "\(error)"
    }
  }

  /// Seconds from cell to cell while it plays.
  private static let pace = 0.4

  /// Goes on until q is pressed, and gives the terminal back as it was.
  consuming func run() -> Exploration {
    // Another screen, no cursor, marks around what is pasted; and all of it back.
    let terminal = RawTerminal(
      taking: "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?2004h",
      giving: "\u{1B}[0m\u{1B}[?2004l\u{1B}[?25h\u{1B}[?1049l")
    defer { terminal.restore() }
    var (parser, screen) = (KeyParser(), Screen())
    while true {
      if terminal.hasChanged {
        terminal.hasChanged = false
        screen.forget()
      }
      if terminal.isOurs {
        let size = RawTerminal.size ?? (80, 24)
        let drawing = ExplorationDrawing(
          exploration: exploration, width: size.width, height: size.height, glyphs: glyphs)
        let text = screen.changes(
          to: drawing.lines.map { $0.text(color: isPainted) }, width: size.width)
        guard terminal.write(text) else { return exploration }
      }
      let pace = exploration.isPlaying ? Self.pace : 0.5
      var keys: [Key] = []
      switch terminal.wait(parser.isWaiting ? 0.05 : pace) {
      case .end: return exploration
      case .bytes(let bytes): keys = parser.keys(bytes)
      case .nothing:
        if parser.isWaiting {
          keys = parser.flush()
        } else if !terminal.hasChanged {
          exploration.tick()
        }
      }
      for key in keys {
        switch exploration.press(key) {
        case .left: return exploration
        case .redrawn: screen.forget()
        case .saved(let drawing): exploration.message = Self.save(drawing)
        case .drawn, .nothing: break
        }
      }
    }
  }
}

/// What a terminal shows, so that only lines that changed are written again.
struct Screen {
  private var lines: [String] = []
  private var width = 0

  /// The next time all is written.
  mutating func forget() { lines = [] }

  /// What to send for these lines to be shown.
  mutating func changes(to new: [String], width: Int) -> String {
    var text = ""
    if new.count != lines.count || width != self.width {
      text = "\u{1B}[0m\u{1B}[2J"
      lines = Array(repeating: "", count: new.count)
    }
    for (row, line) in new.enumerated() where line != lines[row] {
      text += "\u{1B}[\(row + 1);1H\(line)\u{1B}[K"
    }
    (lines, self.width) = (new, width)
    return text
  }
}
