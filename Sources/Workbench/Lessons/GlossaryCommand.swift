import LessonKit
import Lessons
import Tensors

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
