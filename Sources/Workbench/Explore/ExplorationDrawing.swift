import ConvolutionArithmetic
import LessonKit
import Tensors

/// An exploration as lines for a terminal of some width and height.
///
/// Where things stand depends on the case and on the size of the terminal alone, so that nothing jumps
/// while the cell moves.
struct ExplorationDrawing {
  let exploration: Exploration
  let width: Int
  let height: Int
  var glyphs = Glyphs.unicode

  /// The smallest terminal in which there is room for everything.
  static let least = (width: 60, height: 16)

  /// As many lines as the terminal has.
  var lines: [Line] {
    guard width >= Self.least.width, height >= Self.least.height else {
      return padded(
        wrap(
          "The terminal has \(width) columns and \(height) rows; explore needs "
            + "\(Self.least.width) and \(Self.least.height). Make it larger, or press q.",
          width: max(10, width)))
    }
    if exploration.showsHelp { return padded(help) }
    let (head, foot) = (self.head, self.foot)
    guard let sight = try? exploration.sight else { return padded(head) }
    let sum = sum(sight)
    let isTall = height >= 20
    // The foot may have more lines for a while; the maps have the room that one leaves them.
    let room = height - head.count - 1 - (isTall ? 6 : 2)
    let maps = PlaneDrawing(
      width: width, room: room, glyphs: glyphs, isRow: exploration.explored.traced.isRow
    ).lines(of: covered(sight), widths: exploration.explored.widths)
    let gap = isTall ? [Line()] : []
    let rest = height - head.count - gap.count * 2 - maps.count - foot.count
    let shown = head + gap + maps + gap + sum.lines(width: width, most: max(0, rest), glyphs)
    return (padded(shown).prefix(height - foot.count) + foot).map { $0.cut(to: width) }
  }

  private func padded(_ lines: [Line]) -> [Line] {
    Array(
      (lines + Array(repeating: Line(), count: max(0, height - lines.count))).prefix(max(0, height))
    )
  }

  private func text(_ text: String, _ ink: Ink? = nil, most: Int = 1) -> [Line] {
    let lines = wrap(glyphs.spell(text), width: width - 1, hanging: 2, ink: ink)
    guard lines.count > most else { return lines }
    // What is cut says so, at the end of the last line that there is room for.
    let cut = Line(
      lines[most - 1].text(color: false).prefix(width - 5) + glyphs.spell(" …"), ink)
    return lines.prefix(most - 1) + [cut]
  }
}

// MARK: What is said above and below

extension ExplorationDrawing {
  /// What the case is: its sizes with their formula, the framework's call, the question.
  private var head: [Line] {
    let (explored, size) = (exploration.explored, exploration.explored.traced.outputSize)
    let isRow = explored.traced.isRow
    let input = explored.inputSize
    let output = isRow ? "\(size.width)" : "\(size)"
    let title =
      explored.report?.title
      ?? "\(explored.operation.rawValue): input \(isRow ? "\(input.width)" : input.description)"
    let isGradient = explored.target.map { _ in "\(explored.traced.resultTitle) (\(output)), " }
    var lines = text(
      isGradient.map { $0 + title } ?? "\(title) → \(output)", .heading, most: 2)
    for axis in explored.report?.axes ?? [] {
      lines += text(formula(axis), .code)
    }
    for axis in explored.report?.axes ?? [] {
      let name = axis.name.isEmpty ? "" : "\(axis.name): "
      lines += axis.remarks.filter { isShown($0) }.flatMap {
        text($0.label == "never read" ? "\(name)never read: \($0.sentence)" : name + $0.sentence)
      }
    }
    if let calls = explored.report?.calls {
      let call = calls[exploration.framework % calls.count]
      let lineOfCall = call.call.map { $0.split(separator: "\n").joined(separator: " ") }
      lines += text(
        "\(call.framework.rawValue): \(lineOfCall ?? "cannot: \(call.note)")", .faint,
        most: height >= 20 ? 2 : 1)
    }
    return lines + text(question, .question)
  }

  /// A transposed convolution says both paddings always; cells never read are said where there are some.
  private func isShown(_ remark: AxisReport.Remark) -> Bool {
    switch remark.label {
    case "p and p′": true
    case "never read": height >= 20 && !remark.sentence.hasPrefix("no input cell")
    default: false
    }
  }

  /// The formula with its numbers in one line, as much of it as fits.
  private func formula(_ axis: AxisReport) -> String {
    let name = axis.name.isEmpty ? "" : "\(axis.name): "
    let parts = axis.lines.map { $0.drop { $0 == " " }.description }
    let short = [parts[0], parts[min(1, parts.count - 1)], parts[parts.count - 1]]
    let start = String(parts[0].prefix { $0 != "=" })
    let lines: [[String]] = [parts, short, [start + short[1], short[2]], [start + short[2]]]
    let choices = lines.map { name + $0.joined(separator: " ") }
    return choices.first { glyphs.spell($0).count < width } ?? choices[choices.count - 1]
  }

  private var question: String {
    let (state, traced) = (exploration.state, exploration.explored.traced)
    func name(_ place: Equation.Place) -> String {
      traced.isRow ? "\(place.column)" : "(\(place.row), \(place.column))"
    }
    var question =
      state.question == .output
      ? "Where does \(traced.resultWord) \(name(state.output)) come from?"
      : "Where does \(traced.givenWord) \(name(state.input)) go?"
    let shapes = (traced.inputShape, traced.outputShape)
    if shapes.0[1] > 1 { question += " input map \(state.input.map) of \(shapes.0[1])" }
    if shapes.1[1] > 1 { question += ", output map \(state.output.map) of \(shapes.1[1])" }
    if shapes.0[0] > 1 { question += ", picture \(state.picture) of \(shapes.0[0])" }
    return question
  }

  /// The answer that is typed, what there is to say, or which keys there are.
  private var foot: [Line] {
    if let message = exploration.message {
      let parts = message.split(separator: "\n").map(String.init)
      let lines = parts.flatMap {
        wrap(glyphs.spell($0), width: width - 1, hanging: 2, ink: .bad)
      }
      let most = max(3, height / 3)
      guard lines.count > most else { return lines }
      return lines.prefix(most - 2) + text("…", .bad) + lines.suffix(1)
    }
    if exploration.isAsking {
      return text(
        "your answer: \(exploration.entry)_   (\(exploration.quiz!.score); Enter, ? keys, q leaves)",
        .question)
    }
    if !exploration.entry.isEmpty {
      return text(
        "the number here: \(exploration.entry)_   (Enter takes it, Esc does not)", .question)
    }
    var parts = ["arrows move, Tab turns"]
    if exploration.explored.operation == .conv || exploration.explored.operation == .convTranspose {
      parts.append("form \(exploration.explored.form.rawValue)")
    }
    if exploration.isPlaying { parts = ["playing, a stops"] }
    return text((parts + ["? keys", "q leaves"]).joined(separator: "; "), .faint)
  }

  private var help: [Line] {
    let keys: [(String, String)] = [
      ("arrows", "move the cell; Home, End: the first, the last"),
      ("Tab", "turn the question: where from, where to"),
      ("k K", "kernel size: one more, one less"),
      ("t T", "stride; of bilinear the factor"),
      ("p P  d D", "padding; dilation"),
      ("o O  r", "output padding; rounding of a pooling"),
      ("i I", "input size"),
      ("x", "which axes these change: both, rows, columns"),
      ("f  g", "form; gradient by the input, the kernel, forward"),
      ("n N", "numbers of input, kernel: ramp, own, a single 1"),
      exploration.isAsking
        ? ("0-9  Enter", "your answer; Enter alone shows it")
        : ("0-9", "another number for an input cell; Enter takes it"),
      ("a  u", "play; undo"),
      ("c  s  w", "its command; save it as SVG; another framework"),
      ("m  v  b", "output map, input map, picture of a batch"),
      ("q  ?", "leave; this page, which any key closes"),
    ]
    return [Line("keys, and what they do", .heading)]
      + keys.map { key, meaning in
        var line = Line(" " + key, .code)
        line.pad(to: 11)
        line.append(glyphs.spell(meaning))
        return line
      }
  }

  /// What is still asked shows no number.
  private func covered(_ sight: Sight) -> Sight {
    guard let quiz = exploration.quiz, sight.outcome.role == .output, !sight.isStamp else {
      return sight
    }
    var sight = sight
    let (cells, picture, map) = (
      sight.outcome.cells, exploration.state.picture, exploration.state.output.map
    )
    sight.outcome.cells = { row, columns in
      zip(columns, cells(row, columns)).map { column, cell in
        let place = Equation.Place(map: map, row: row, column: column)
        return quiz.shows(place, picture) ? cell : Grid.Cell("?", cell.mark)
      }
    }
    return sight
  }

  private func sum(_ sight: Sight) -> SumDrawing {
    if exploration.isAsking, let equation = sight.equations.first {
      return SumDrawing(lines: ["\(equation.cell) = ?"])
    }
    return SumDrawing(equation: sight.equations.first, lines: sight.lines)
  }
}
