import Interchange
import LessonKit
import Tensors

let lessonsCommand: Command = Command(
  "lessons", in: .read, "the lessons, part by part",
  options: [
    Option("format", "F", "terminal, markdown or json (default: terminal)"),
    Option(
      "write", "FOLDER",
      "write every lesson as a Markdown page into this folder; it is made if it is not there"),
  ],
  examples: [
    Command.Example("lessons", "the list, with what each lesson corrects"),
    Command.Example("lessons --write Docs/Lessons", "the pages of the book, made anew"),
  ]
) { arguments in
  if let folder = arguments["write"] { return try LessonPages.write(to: folder) }
  switch try arguments.choice("format", of: ["terminal", "markdown", "json"]) {
  case "markdown": printOut(LessonPages.index, terminator: "")
  case "json": printOut(lessonList.text)
  default:
    let terminal = Terminal.current
    let glyphs = terminal.showsUnicode ? Glyphs.unicode : .ascii
    printOut(lessonListText(width: min(terminal.width, 100), glyphs: glyphs), terminator: "")
  }
}

/// The list as text, each line beginning with the lesson's number.
func lessonListText(width: Int, glyphs: Glyphs) -> String {
  let hasRead = ReadingRecord.here?.hasRead(Book.lessons) ?? []
  let read = Set(zip(Book.lessons, hasRead).filter(\.1).map(\.0.number))
  var lines: [String] = []
  for part in Part.allCases {
    let members = Book.lessons.filter { $0.part == part }
    guard !members.isEmpty else { continue }
    lines +=
      (lines.isEmpty ? [] : [""]) + wrapped("Part \(part.numeral), \(part.rawValue)", to: width)
    for lesson in members {
      let mark = read.contains(lesson.number) ? " (read)" : ""
      lines += wrapped(lesson.title + mark, to: width - 4).enumerated().map { index, text in
        padded(index == 0 ? "\(lesson.number)" : "", to: 4) + text
      }
      if let corrects = lesson.corrects {
        lines += wrapped(glyphs.spell("corrects: \(corrects)"), to: width - 4).map { "    " + $0 }
      }
    }
  }
  return (lines + [""] + wrapped("Read one: convbook lesson 1 --step", to: width)).map { $0 + "\n" }
    .joined()
}

private var lessonList: JSON {
  .array(
    Book.lessons.map { lesson in
      .object([
        ("number", .integer(lesson.number)), ("name", .string(lesson.slug)),
        ("title", .string(lesson.title)), ("part", .string(lesson.part.rawValue)),
        ("question", .string(lesson.question)),
        ("corrects", lesson.corrects.map(JSON.string) ?? .null),
        ("exercises", .array(lesson.exercises.map(JSON.string))),
      ])
    })
}
