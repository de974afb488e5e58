import Interchange
import LessonKit
import Tensors

/// The drawing that `--format svg` or `--format gif` asks for.
struct FigureRequest {
  /// The option that chooses it among the formats.
  static let format = Option(
    "format", "F",
    "terminal, markdown, json, svg or gif; the last two are drawings, and a gif moves (default: terminal)"
  )

  /// The options that go with a drawing.
  static let options = [
    .flag("animate", "with --format svg: the window moves"),
    Option("seconds", "S", "of a drawing that moves: how long one round takes"),
    Option("size", "W", "of a GIF: its width in pixels, from 200 to 2000"),
    .flag("dark", "of a GIF: on black"),
    Option(
      "rows", "A..B", "of a drawing of large maps: these rows of the output, with what they read"),
    Option("columns", "A..B", "likewise, these columns"),
    Option("picture", "N", "of a drawing of a batch: which of its pictures (default: 0)"),
    Option("output", "FILE", "where the drawing goes; an SVG is printed without it"),
  ]

  private let isGIF: Bool
  private let isMoving: Bool
  private let seconds: Int?
  private let width: Int?
  private let isDark: Bool
  private let part: FigurePart?
  private let picture: Int
  private let output: String?

  /// Reads the options; nil if no drawing is wanted.
  init?(_ arguments: Arguments) throws {
    let formats = ["terminal", "markdown", "json", "svg", "gif"]
    if let format = arguments["format"], !formats.contains(format) {
      throw ExitStatus.usage(
        "--format is \"\(format)\"; it must be terminal, markdown, json, svg or gif")
    }
    guard let format = arguments["format"], ["svg", "gif"].contains(format) else {
      if let option = Self.options.first(where: { arguments.has($0.name) }) {
        // A GIF always moves.
        let formats = "--format svg" + (option.name == "animate" ? "" : " or --format gif")
        throw ExitStatus.usage("--\(option.name) is for a drawing; write \(formats) too")
      }
      return nil
    }
    isGIF = format == "gif"
    isMoving = isGIF || arguments.has("animate")
    seconds = try arguments.integer("seconds", in: 1...600)
    width = try arguments.integer("size", in: 200...2000)
    isDark = arguments.has("dark")
    output = arguments["output"]
    let (rows, columns) = (try arguments.span("rows"), try arguments.span("columns"))
    part = rows == nil && columns == nil ? nil : FigurePart(rows: rows, columns: columns)
    picture = try arguments.integer("picture", in: 0...Int.max) ?? 0
    guard seconds == nil || isMoving else {
      throw ExitStatus.usage("--seconds is for what moves; write --animate too")
    }
    if !isGIF, let option = ["size", "dark"].first(where: { arguments.has($0) }) {
      throw ExitStatus.usage(
        "--\(option) is for --format gif; an SVG has any size, and is dark where the page is")
    }
    if isGIF, arguments.has("animate") {
      throw ExitStatus.usage("--animate is for --format svg; a GIF always moves")
    }
    guard output != nil || !isGIF else {
      throw ExitStatus.usage("--output is missing: where the GIF goes, such as --output trace.gif")
    }
    if let option = ["width", "no-color", "plain"].first(where: { arguments.has($0) }) {
      throw ExitStatus.usage("--\(option) is for text in a terminal, not for a drawing")
    }
    if let output {
      guard output.lowercased().hasSuffix("." + format) || output.hasPrefix("/dev/") else {
        throw ExitStatus.usage("\(output): the name must end in .\(format)")
      }
      let inputs = ["input", "weight"].compactMap { arguments[$0] }
      try InputFiles(inputs).check(output: output)
    }
  }

  /// Draws the case, in one form or in all it has, and writes it.
  func write(_ traced: TracedOperation, formsOf arguments: Arguments) throws {
    guard !isGIF else {
      let sheet = try sheet(traced, arguments["form"] == "all")
      if let width, width < sheet.leastWidth {
        throw ExitStatus.data(
          "--size is \(width), and below \(sheet.leastWidth) the letters of this drawing touch; it must be "
            + "from \(sheet.leastWidth) to 2000")
      }
      return try AtomicFile.write(
        sheet.gif(seconds: seconds, width: width ?? sheet.usualWidth, isDark: isDark), to: output!)
    }
    let text = try svg(traced, formsOf: arguments)
    guard let output else { return printOut(text, terminator: "") }
    try AtomicFile.write(Array(text.utf8), to: output)
  }

  /// The case as an SVG.
  func svg(_ traced: TracedOperation, formsOf arguments: Arguments) throws -> String {
    let sheet = try sheet(traced, arguments["form"] == "all")
    return isMoving ? sheet.animatedSVG(seconds: seconds) : sheet.svg()
  }

  private func sheet(_ traced: TracedOperation, _ hasAllForms: Bool) throws -> FigureSheet {
    let (figures, caption) = try traced.read(
      Figures(
        forms: hasAllForms ? TraceForm.allCases : [traced.form], cell: traced.cell, request: self))
    // A GIF is for slides and chats, and grows with every pixel.
    return FigureSheet(
      figures, caption: hasAllForms ? "\(caption), \(figures.count) forms" : nil,
      width: isGIF ? min(width ?? 760, 1000) : 1000)
  }

  /// The figures of a case, each form that it has.
  private struct Figures: TraceReader {
    let forms: [TraceForm]
    let cell: (row: Int, column: Int)?
    let request: FigureRequest

    func read<Scalar>(_ traced: TraceCase<Scalar>) throws -> (figures: [Figure], caption: String) {
      let own = forms.count == 1 ? forms : forms.filter(traced.has)
      // A scatter's cells are those of the input: beside other forms the last that the cell adds up.
      let stamp =
        try own.count > 1 && own.contains(.scatter)
        ? cell.flatMap { cell in
          try traced.trace(.window, cell: cell).readings.first?.terms.last?.given
            .map { ($0.row, $0.column) }
        } : cell
      let figures = try own.map { form in
        try traced.figure(
          form, cell: form == .scatter ? stamp : cell, part: request.part,
          picture: request.picture, caption: forms.count > 1 ? form.title : nil)
      }
      if request.isMoving, cell != nil, request.part == nil, figures.allSatisfy({ $0.length == 1 }),
        traced.output.channels * traced.output.size.area > 1
      {
        throw ExitStatus.data(
          "maps as large as these are drawn around --cell alone, and one cell does not move; draw a "
            + "part with --rows and --columns, or "
            + (request.isGIF ? "write --format svg" : "leave out --animate"))
      }
      return (figures, traced.caption)
    }
  }
}

extension Arguments {
  /// The value of an option as rows or columns, `2..5` or `2` alone; nil if it was not given.
  ///
  /// - Throws: ``ExitStatus`` 64 if it is none, or goes backwards.
  fileprivate func span(_ name: String) throws(ExitStatus) -> ClosedRange<Int>? {
    guard let text = self[name] else { return nil }
    let parts = text.split(separator: "..", omittingEmptySubsequences: false)
    let ends = parts.compactMap { part in
      part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil
    }
    guard (1...2).contains(parts.count), ends.count == parts.count, ends[0] <= ends[ends.count - 1]
    else {
      throw .usage(
        "--\(name) is \"\(text)\"; write the first and the last with .. between, counted from 0, such "
          + "as 2..5")
    }
    return ends[0]...ends[ends.count - 1]
  }
}
