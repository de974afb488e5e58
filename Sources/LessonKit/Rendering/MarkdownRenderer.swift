/// Writes a lesson as a Markdown page that reads well on a code-hosting site.
public struct MarkdownRenderer: Sendable {
  private let text = TextRenderer(width: 88)

  public init() {}

  /// The whole page.
  ///
  /// - Parameter images: what stands before the text of a step: `![a drawing](01-1.svg)`.
  public func text(
    of lesson: Lesson, steps: [Step], next: Lesson? = nil, images: [Int: String] = [:]
  ) -> String {
    var parts = [
      "# \(lesson.number). \(lesson.title)",
      "*Part \(lesson.part.numeral), \(lesson.part.rawValue)*",
      "> **\(lesson.question)**"
        + (lesson.corrects.map { "\n>\n> Many people say: “\($0)”" } ?? ""),
    ]
    for (index, step) in steps.enumerated() {
      if let image = images[index] { parts.append(image) }
      if step.kind != "figure" { parts.append(text(of: step)) }
    }
    parts.append("---")
    if !lesson.exercises.isEmpty {
      parts.append(
        "Exercise\(lesson.exercises.count > 1 ? "s" : ""): "
          + lesson.exercises.map { "`\($0)`" }.joined(separator: ", "))
    }
    parts.append("In the terminal: `convbook lesson \(lesson.number) --step`")
    if !lesson.parameters.names.isEmpty {
      parts.append(
        "With your own numbers: `convbook lesson \(lesson.number) \(lesson.parameters.commandLine)`"
      )
    }
    if lesson.endsPart(before: next) {
      parts.append("Part \(lesson.part.numeral) in rules: `\(lesson.part.recapCommand)`")
    }
    if let next {
      parts.append("Next: [\(next.number). \(next.title)](\(next.pageStem).md)")
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// One step, without a line break at its end.
  public func text(of step: Step) -> String {
    switch step {
    case .heading(let title): "## \(title)"
    case .prose(let text): escaped(text)
    case .files(let files): escaped(LessonFile.sentence(files))
    case .figure: ""
    case .formula, .grids, .trace, .pictures: fenced(step)
    case .table(let table): self.text(of: table)
    case .prediction(let prediction):
      """
      **Predict:** \(escaped(prediction.question))

      <details><summary>Answer</summary>

      **\(escaped(prediction.answer))**

      \(escaped(prediction.why))

      </details>
      """
    case .claim(let claim):
      "- \(claim.holds ? "✓" : "✗ **false:**") \(escaped(claim.sentence))  \n"
        + "  `\(claim.evidence)`"
    }
  }

  private func fenced(_ step: Step) -> String {
    "```text\n\(text.text(of: step))```"
  }

  private func text(of table: Table) -> String {
    func row(_ cells: [String]) -> String {
      "| "
        + cells.map {
          escaped($0).split(separator: "|", omittingEmptySubsequences: false).joined(
            separator: "\\|")
        }
        .joined(separator: " | ") + " |"
    }
    return
      ([row(table.columns), "|" + table.columns.map { _ in "---|" }.joined()]
      + table.rows.map(row)).joined(separator: "\n")
  }

  /// The text with `*`, `_`, `<` and `[` kept from meaning something, outside code.
  private func escaped(_ text: String) -> String {
    var isCode = false
    return text.map { character in
      if character == "`" { isCode.toggle() }
      return !isCode && "*_<[".contains(character) ? "\\\(character)" : String(character)
    }.joined()
  }
}
