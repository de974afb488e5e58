import Interchange
import LessonKit

/// The drawing that `--format svg` asks for.
struct FigureRequest: TraceReader {
  /// The option that chooses it among the formats.
  static let format = Option(
    "format", "F", "terminal, markdown, json, or svg for a drawing (default: terminal)")

  /// The options that go with a drawing.
  static let options = [
    .flag("animate", "with --format svg: the window moves"),
    Option("seconds", "S", "with --animate: how long one round takes"),
    Option("output", "FILE", "with --format svg: where the drawing goes (default: printed)"),
  ]

  private let isMoving: Bool
  private let seconds: Int?
  private let output: String?
  private var form = TraceForm.window
  private var cell: (row: Int, column: Int)?

  /// Reads the options; nil if no drawing is wanted.
  init?(_ arguments: Arguments) throws {
    guard arguments["format"] == "svg" else {
      if let option = Self.options.first(where: { arguments.has($0.name) }) {
        throw ExitStatus.usage("--\(option.name) is for a drawing; write --format svg too")
      }
      return nil
    }
    isMoving = arguments.has("animate")
    seconds = try arguments.integer("seconds", in: 1...600)
    guard seconds == nil || isMoving else {
      throw ExitStatus.usage("--seconds is for --animate: how long one round takes")
    }
    output = arguments["output"]
    if let output {
      try InputFiles(["input", "weight"].compactMap { arguments[$0] }).check(output: output)
    }
  }

  /// Draws the case and writes it.
  func draw(_ traced: TracedOperation, all: Bool) throws {
    var request = self
    (request.form, request.cell) = (traced.form, traced.cell)
    let figure = try traced.read(request)
    let text = isMoving ? figure.animatedSVG(seconds: seconds) : figure.svg()
    guard let output else { return printOut(text, terminator: "") }
    try AtomicFile.write(Array(text.utf8), to: output)
  }

  func read<Scalar>(_ traced: TraceCase<Scalar>) throws -> Figure {
    try traced.figure(form, cell: cell)
  }
}
