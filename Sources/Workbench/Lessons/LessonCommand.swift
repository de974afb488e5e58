import Interchange
import LessonKit
import Tensors

let lessonCommand: Command = Command(
  "lesson", in: .read, "one lesson, by its number or name", operands: "N", mostOperands: 1,
  options: [
    .flag("step", "one step at a time: Enter for the next, b back, q quit"),
    Option("from", "STEP", "begin at this step, as --step counts them"),
    Option("pictures", "DIR", "write the lesson's pictures and drawings into this folder"),
  ] + LessonFormat.options
    + Parameter.allCases.map { parameter in
      Option(parameter.rawValue, "N") {
        let numbers = Book.lessons.filter { $0.parameters.names.contains(parameter) }.map(\.number)
        return "your own \(parameter.meaning), in lesson\(numbers.count == 1 ? "" : "s") "
          + listed(numbers.map(String.init))
      }
    },
  details: [
    "N is a lesson's number, its name, or all for every lesson in order.",
    "Every number is computed as the lesson runs, and every claim is checked. If a claim fails, the "
      + "lesson says so and ends with status 1.",
    "Every lesson with a trace has drawings for --pictures, and lesson 38 pictures; the folder is made if "
      + "it isn't there.",
  ],
  examples: [
    Command.Example("lesson 1 --step", "the first lesson, step by step"),
    Command.Example(
      "lesson 5 --input 6 --kernel 3 --stride 2 --padding 1", "lesson 5 on your own numbers"),
    Command.Example(
      "lesson 38 --pictures pictures", "lesson 38, and what its networks see as PNG files"),
  ]
) { arguments in
  let format = try LessonFormat(arguments)
  if arguments.operands.first == "all" {
    let extra = ["step", "from", "pictures"] + Parameter.allCases.map(\.rawValue)
    if let option = extra.first(where: arguments.has) {
      throw ExitStatus.usage("--\(option) goes with one lesson, and \"all\" prints every lesson")
    }
    return try printWholeBook(format)
  }
  let lesson = try findLesson(named: arguments.operands.first)
  if !format.isText, let option = ["step", "from"].first(where: arguments.has) {
    throw ExitStatus.usage("--\(option) goes with --format terminal; other formats are whole")
  }
  let terminal = Terminal.current
  if arguments.has("step"), !(terminal.inputIsTerminal && terminal.outputIsTerminal) {
    throw ExitStatus.usage(
      "--step waits for your answers, so standard input and output must both be a terminal; "
        + "without --step the whole lesson is printed")
  }
  let own = try ownNumbers(arguments, lesson)
  do throws(UnknownParameter) { try lesson.check(own) } catch {
    throw ExitStatus.usage(error.description)
  }
  let steps = try lesson.steps(own: own)
  let pages = steps.pages
  let first = try arguments.integer("from", in: 1...max(1, pages.count)) ?? 1
  let next = Book.next(after: lesson)
  let written = try arguments["pictures"].map { try writePictures(of: lesson, steps, to: $0) }
  switch format {
  case .markdown:
    printOut(MarkdownRenderer().text(of: lesson, steps: steps, next: next), terminator: "")
  case .json:
    printOut(JSONRenderer().text(of: lesson, steps: steps, next: next), terminator: "")
  case .text(let renderer):
    if arguments.has("step") {
      let reader = StepReader(lesson: lesson, steps: steps, renderer: renderer, next: next)
      if reader.run(fromPage: first) { ReadingRecord.here?.note(lesson) }
    } else {
      printOut(
        renderer.text(of: lesson, steps: steps, from: pages[first - 1].lowerBound + 1, next: next),
        terminator: "")
    }
    if let written { printOut(written) }
  }
  if terminal.outputIsTerminal, !arguments.has("step") { ReadingRecord.here?.note(lesson) }
  guard steps.allClaimsHold else {
    throw ExitStatus.failed("a claim of lesson \(lesson.number) does not hold")
  }
}

/// The lesson of this number or name.
func findLesson(named name: String?) throws(ExitStatus) -> Lesson {
  let count = Book.lessons.count
  guard let name else {
    throw .usage("which lesson? Give a number from 1 to \(count), or a name from convbook lessons")
  }
  let digits = name.allSatisfy { $0.isASCII && $0.isNumber }
  if digits, let number = Int(name), let lesson = Book.lesson(number) { return lesson }
  if let lesson = Book.lessons.first(where: { $0.slug == name || $0.pageStem == name }) {
    return lesson
  }
  let suggestion =
    nearest(to: name, among: Book.lessons.map(\.slug)).map { "; did you mean \($0)?" }
    ?? "; lessons go from 1 to \(count), and convbook lessons lists their names"
  throw .usage("there is no lesson \"\(name)\"\(suggestion)")
}

/// The learner's own numbers among the options.
private func ownNumbers(_ arguments: Arguments, _ lesson: Lesson) throws(ExitStatus) -> Parameters {
  var values: [Parameter: Int] = [:]
  for parameter in Parameter.allCases {
    values[parameter] = try arguments.integer(parameter.rawValue, in: lesson.range(of: parameter))
  }
  return Parameters(values)
}

/// How a lesson is to be written, from the options and the terminal.
enum LessonFormat {
  case text(TextRenderer)
  case markdown
  case json

  /// Whether it is text for reading in a terminal.
  var isText: Bool {
    if case .text = self { true } else { false }
  }

  /// The options that choose it.
  static let options = [
    Option("format", "F", "terminal, markdown or json (default: terminal)"),
    Option("width", "W", "columns, from 40 to 400 (default: the terminal's; 80 in a pipe)"),
    Option.flag("no-color", "no colour; NO_COLOR and TERM=dumb do the same"),
    Option.flag("plain", "ASCII only, for screen readers and terminals without UTF-8"),
  ]

  init(_ arguments: Arguments, terminal: Terminal = .current) throws(ExitStatus) {
    let widths = TextRenderer.widths
    let width = try arguments.integer("width", in: widths)
    switch try arguments.choice("format", of: ["terminal", "markdown", "json"]) {
    case "markdown": self = .markdown
    case "json": self = .json
    default:
      let isPlain = arguments.has("plain") || !terminal.showsUnicode
      self = .text(
        TextRenderer(
          width: width ?? min(terminal.width, 100), glyphs: isPlain ? .ascii : .unicode,
          color: terminal.allowsColor && !isPlain && !arguments.has("no-color")))
    }
  }
}

/// Prints every lesson, one after the other; fails at the end if a claim was false.
func printWholeBook(_ format: LessonFormat) throws {
  var failed: [Int] = []
  var values: [JSON] = []
  for lesson in Book.lessons {
    let steps = try lesson.steps()
    let next = Book.next(after: lesson)
    if !steps.allClaimsHold { failed.append(lesson.number) }
    switch format {
    case .markdown: printOut(MarkdownRenderer().text(of: lesson, steps: steps, next: next))
    case .json: values.append(JSONRenderer().value(of: lesson, steps: steps, next: next))
    case .text(let renderer): printOut(renderer.text(of: lesson, steps: steps, next: next))
    }
  }
  if case .json = format { printOut(JSON.array(values).text) }
  guard failed.isEmpty else {
    throw ExitStatus.failed(
      "a claim does not hold in lesson \(listed(failed.map(String.init)))")
  }
}

/// Writes the pictures of a lesson into a folder, which is made if it isn't there, and returns the
/// sentence that says so.
///
/// - Throws: `ExitStatus` 64 if the lesson has none; `FileProblem` if they can't be written.
func writePictures(of lesson: Lesson, _ steps: [Step], to folder: String) throws -> String {
  let files = steps.files + LessonFigures(of: lesson, steps).files
  guard !files.isEmpty else {
    throw ExitStatus.usage("lesson \(lesson.number) has no pictures to write; leave out --pictures")
  }
  try FilePlace.makeFolder(folder)
  var written = OutputFiles()
  for file in files {
    let path = FilePlace.joined(folder, file.name)
    try written.write(path) { try AtomicFile.write(file.bytes, to: path) }
  }
  return "\(counted(files.count, "picture")) written to \(folder.visible)"
}
