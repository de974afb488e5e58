/// Draws steps as lines of text: for the terminal, in colour or not, and in plain ASCII.
///
/// ```swift
/// TextRenderer.plain(width: 60).text(of: lesson, steps: steps)
/// ```
public struct TextRenderer: Hashable, Sendable {
  /// The narrowest and the widest page.
  public static let widths = 40...400

  /// The most characters of a line.
  public let width: Int
  /// The characters that may appear.
  public let glyphs: Glyphs
  /// Whether escape codes for colour are written.
  public let color: Bool

  /// A renderer; `width` is brought into ``widths``.
  public init(width: Int, glyphs: Glyphs = .unicode, color: Bool = false) {
    self.width = min(max(width, TextRenderer.widths.lowerBound), TextRenderer.widths.upperBound)
    self.glyphs = glyphs
    self.color = color
  }

  /// ASCII without colour: nothing but text from top to bottom.
  public static func plain(width: Int) -> TextRenderer {
    TextRenderer(width: width, glyphs: .ascii)
  }

  /// The whole lesson: its head, its steps with an empty line between them, its end.
  public func text(of lesson: Lesson, steps: [Step], from first: Int = 1, next: Lesson? = nil)
    -> String
  {
    var result = head(of: lesson)
    var previous = ""
    for step in steps.dropFirst(first - 1) where step.kind != "figure" {
      // Claims that follow each other stand together.
      if !(step.kind == "claim" && previous == "claim") { result += "\n" }
      result += text(of: step)
      previous = step.kind
    }
    let end = end(of: lesson, next: next)
    return end.isEmpty ? result : result + "\n" + end
  }

  /// Title, part, question and misconception.
  public func head(of lesson: Lesson) -> String {
    var lines = paragraph("Lesson \(lesson.number): \(lesson.title)", ink: .heading)
    lines += paragraph("Part \(lesson.part.numeral), \(lesson.part.rawValue)", ink: .faint)
    lines.append(Line())
    lines += paragraph(lesson.question, ink: .question)
    if let corrects = lesson.corrects {
      lines += paragraph("Many people say: “\(corrects)”")
    }
    return string(lines)
  }

  /// The exercises and the next lesson.
  public func end(of lesson: Lesson, next: Lesson?) -> String {
    var lines: [Line] = []
    if !lesson.exercises.isEmpty {
      let plural = lesson.exercises.count > 1 ? "s" : ""
      lines += paragraph(
        "Exercise\(plural): "
          + lesson.exercises.map { "`convbook task \($0)`" }.joined(separator: ", ") + ".")
    }
    if !lesson.parameters.names.isEmpty {
      lines.append("Your own numbers:")
      lines += indented(
        "convbook lesson \(lesson.number) \(lesson.parameters.commandLine)")
    }
    var last: [String] = []
    if lesson.endsPart(before: next) {
      last.append("Part \(lesson.part.numeral) in rules: `\(lesson.part.recapCommand)`.")
    }
    if let next { last.append("Next: `convbook lesson \(next.number)`, \(next.title).") }
    if !last.isEmpty { lines += paragraph(last.joined(separator: " ")) }
    return string(lines)
  }

  /// One step, ended by a line break.
  public func text(of step: Step) -> String {
    string(lines(of: step))
  }

  func lines(of step: Step) -> [Line] {
    switch step {
    case .heading(let title): paragraph(title, ink: .heading)
    case .prose(let text): paragraph(text)
    case .formula(let lines): lines.flatMap { indented($0) }
    case .grids(let grids, let operators): self.lines(of: grids, operators: operators)
    case .trace(let trace): self.lines(of: trace)
    case .table(let table): self.lines(of: table)
    case .prediction(let prediction): question(of: prediction) + answer(of: prediction)
    case .claim(let claim): lines(of: claim)
    case .pictures(let pictures): self.lines(of: pictures)
    case .files(let files): paragraph(LessonFile.sentence(files))
    case .figure: []
    }
  }

  /// Lines as one text; each ends in a line break.
  func string(_ lines: [Line]) -> String {
    lines.map { $0.text(color: color) + "\n" }.joined()
  }

  func paragraph(_ text: String, ink: Ink? = nil, hanging: Int = 0) -> [Line] {
    wrap(glyphs.spell(text), width: width, hanging: hanging, ink: ink)
  }

  /// A line that keeps its own blanks; where it is too long it goes on, further in, on the next. A
  /// command stays one for the shell.
  private func indented(_ text: String) -> [Line] {
    var rest = Substring(glyphs.spell(text))
    var lines: [Line] = []
    let mark = text.hasPrefix("convbook ") ? " \\" : ""
    while true {
      let indent = lines.isEmpty ? 2 : 6
      guard rest.count + indent > width else {
        return lines + [Line(String(rest), .code).indented(by: indent)]
      }
      let fitting = rest.prefix(width - indent - mark.count)
      let blank = bestBreak(fitting)
      let end = blank ?? fitting.endIndex
      let piece = rest[..<end] + (blank == nil ? "" : mark)
      lines.append(Line(String(piece), .code).indented(by: indent))
      rest = rest[end...].drop { $0 == " " }
    }
  }

  /// The last blank of a line, but rather one that parts no parentheses and leaves no sign at the end, and
  /// best the gap between two formulas.
  private func bestBreak(_ line: Substring) -> Substring.Index? {
    var depth = 0
    var (gap, blank): (Substring.Index?, Substring.Index?)
    var (before, sign): (Character, Character) = ("(", "(")
    for index in line.indices {
      let character = line[index]
      if "([".contains(character) { depth += 1 }
      if ")]".contains(character) { depth -= 1 }
      if character != " " {
        sign = character
      } else if depth == 0, !"=+-*/><".contains(sign) {
        blank = index
        if before == " " { gap = index }
      }
      before = character
    }
    func isBeyond(_ part: Int, _ index: Substring.Index) -> Bool {
      line.distance(from: line.startIndex, to: index) * part > line.count
    }
    return gap.flatMap { isBeyond(2, $0) ? $0 : nil } ?? blank.flatMap {
      isBeyond(3, $0) ? $0 : nil
    }
      ?? line.lastIndex(of: " ")
  }

  private func lines(of claim: Claim) -> [Line] {
    let sign = claim.holds ? "✓" : "✗"
    var lines = wrap(glyphs.spell(claim.sentence), width: width - 10, hanging: 0)
    let mark = glyphs.spell(sign)
    for index in lines.indices {
      var line = Line()
      if index == 0 { line.append(mark, claim.holds ? .good : .bad) }
      line.pad(to: mark.count + 1)
      line.append(lines[index])
      lines[index] = line
    }
    let room = width - mark.count - 1
    let evidence = wrap(glyphs.spell(claim.evidence), width: room, hanging: 2, ink: .faint)
    return lines + evidence.map { $0.indented(by: mark.count + 1) }
  }
}

extension TextRenderer {
  /// The question of a prediction, ended by a line break.
  public func questionText(of prediction: Prediction) -> String {
    string(question(of: prediction))
  }

  /// The answer of a prediction with its reason, ended by a line break.
  public func answerText(of prediction: Prediction) -> String {
    string(answer(of: prediction))
  }

  func question(of prediction: Prediction) -> [Line] {
    paragraph("Predict: \(prediction.question)", ink: .question, hanging: 9)
  }

  func answer(of prediction: Prediction) -> [Line] {
    paragraph("Answer: \(prediction.answer)", ink: .good, hanging: 9)
      + wrap(glyphs.spell(prediction.why), width: width - 9).map { $0.indented(by: 9) }
  }
}
