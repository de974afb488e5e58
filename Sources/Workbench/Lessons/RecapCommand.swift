import LessonKit
import Lessons
import Tensors

let recapCommand: Command = Command(
  "recap", in: .read, "the rules of each part on one page, each with a worked line and its lesson",
  operands: "[PART]", mostOperands: 1,
  options: LessonFormat.options,
  details: [
    "PART is a number from I to \(Part.allCases.last!.numeral), or 1 to \(Part.allCases.count). "
      + "Docs/Recap.md is the page for markdown, for printing."
  ],
  examples: [
    Command.Example("recap II", "the matrix and its transpose, in rules"),
    Command.Example("recap --format markdown > Docs/Recap.md", "the page in Docs, made anew"),
  ]
) { arguments in
  let format = try LessonFormat(arguments)
  let parts = try arguments.operands.first.map { [try RecapPage.part(named: $0)] } ?? Part.allCases
  switch format {
  case .markdown: printOut(try RecapPage.markdown(of: parts), terminator: "")
  case .json: printOut(try RecapPage.json(of: parts).text)
  case .text(let renderer): printOut(try RecapPage.text(of: parts, renderer), terminator: "")
  }
}

/// The rules of the parts, as pages.
enum RecapPage {
  /// The command that writes the page in Docs.
  static let command = "swift run convbook recap --format markdown > Docs/Recap.md"

  /// The part of this numeral or number.
  static func part(named name: String) throws -> Part {
    let all = Part.allCases
    if let number = Int(name), all.indices.contains(number - 1) { return all[number - 1] }
    if let part = all.first(where: { $0.numeral == name.uppercased() }) { return part }
    throw ExitStatus.usage(
      "there is no part \(name); the parts are I to \(all.last!.numeral), or 1 to \(all.count)")
  }

  /// The lessons of a part, each with what it leaves behind.
  private static func recaps(
    of part: Part, _ steps: (Lesson) throws -> [Step] = { try $0.steps() }
  ) throws -> [(lesson: Lesson, recap: Recap)] {
    try Book.lessons.filter { $0.part == part }.map { ($0, Recap(of: try steps($0))) }
  }

  static func text(of parts: [Part], _ renderer: TextRenderer) throws -> String {
    try parts.map { part in
      try renderer.text(of: .heading("Part \(part.numeral), \(part.rawValue)"))
        + recaps(of: part).map { lesson, recap in
          "\n" + renderer.text(of: .heading("Lesson \(lesson.number): \(lesson.title)"))
            + recap.steps.map { renderer.text(of: $0) }.joined()
        }.joined()
    }.joined(separator: "\n")
  }

  static func markdown(
    of parts: [Part], steps: (Lesson) throws -> [Step] = { try $0.steps() }
  ) throws -> String {
    let renderer = MarkdownRenderer()
    var blocks = [
      "# Recap",
      "The rules of each part, each with a worked line. Made by `\(command)` from the lessons.",
    ]
    for part in parts {
      blocks.append("## \(part.numeral). \(part.rawValue)")
      for (lesson, recap) in try recaps(of: part, steps) {
        blocks.append(
          "### \(lesson.number). [\(lesson.title)](Lessons/\(LessonPages.name(of: lesson)))")
        blocks += recap.steps.map { renderer.text(of: $0) }
      }
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  static func json(of parts: [Part]) throws -> JSON {
    .array(
      try parts.map { part in
        .object([
          ("part", .string(part.numeral)), ("title", .string(part.rawValue)),
          (
            "lessons",
            .array(
              try recaps(of: part).map { lesson, recap in
                .object([
                  ("number", .integer(lesson.number)), ("title", .string(lesson.title)),
                  ("steps", .array(recap.steps.map { JSONRenderer().value(of: $0) })),
                ])
              })
          ),
        ])
      })
  }
}

let glossaryCommand: Command = Command(
  "glossary", in: .read, "the words of this field, each in a sentence, with its lesson",
  operands: "[WORD]", mostOperands: 4,
  options: [
    Option("format", "F", "terminal, markdown or json (default: terminal)")
  ],
  details: [
    "WORD may be of several words, and in the plural. Docs/Glossary.md is the page for markdown."
  ],
  examples: [
    Command.Example("glossary receptive field", "one term"),
    Command.Example("glossary", "all of them"),
    Command.Example("glossary --format markdown > Docs/Glossary.md", "the page in Docs, made anew"),
  ]
) { arguments in
  let format = try arguments.choice("format", of: ["terminal", "markdown", "json"])
  let typed = arguments.operands.joined(separator: " ")
  let named = typed.isEmpty ? Glossary.all : Glossary.terms(named: typed)
  let terms = named.isEmpty ? Glossary.terms(mentioning: typed) : named
  guard !terms.isEmpty else {
    let words = Glossary.all.map { $0.word.lowercased() }
    let near = nearest(to: typed.lowercased(), among: words).map { "; did you mean \($0)?" }
    throw ExitStatus.usage(
      "the glossary has no \"\(typed)\"\(near ?? "; convbook glossary lists its words")")
  }
  switch format {
  case "markdown": printOut(Glossary.page(of: terms), terminator: "")
  case "json": printOut(JSON.array(terms.map(\.json)).text)
  default:
    let terminal = Terminal.current
    let glyphs = terminal.showsUnicode ? Glyphs.unicode : .ascii
    for term in terms {
      printOut(glyphs.spell("\(term.word) (lesson \(term.lesson))"))
      for line in wrapped(glyphs.spell(term.meaning), to: min(terminal.width, 100) - 4) {
        printOut("    " + line)
      }
    }
  }
}

extension Glossary.Term {
  fileprivate var json: JSON {
    .object([
      ("word", .string(word)), ("otherForms", .array(otherForms.map(JSON.string))),
      ("lesson", .integer(lesson)), ("meaning", .string(meaning)),
    ])
  }
}
