import Interchange
import LessonKit
import Tensors

/// The lessons as Markdown pages.
enum LessonPages {
  /// The command that writes them.
  static let command = "swift run convbook lessons --write Docs/Lessons"

  /// The name of the index page.
  static let indexName = "README.md"

  /// Every page by its file name: one for each lesson with its drawings, and the index.
  ///
  /// - Throws: what a lesson throws if it cannot run.
  static func all() throws -> [String: String] {
    var pages = [indexName: index]
    for (lesson, steps) in try Book.withSteps() {
      pages[name(of: lesson)] = text(of: lesson, steps: steps)
      for file in LessonFigures(of: lesson, steps).files {
        pages[file.name] = String(decoding: file.bytes, as: UTF8.self)
      }
    }
    return pages
  }

  /// The file name of a lesson's page.
  static func name(of lesson: Lesson) -> String { "\(lesson.pageStem).md" }

  /// A lesson's page.
  static func text(of lesson: Lesson, steps: [Step]) -> String {
    MarkdownRenderer().text(
      of: lesson, steps: steps, next: Book.next(after: lesson),
      images: LessonFigures(of: lesson, steps).images(of: lesson))
  }

  /// The index page.
  static var index: String {
    var lines = [
      "# Lessons", "",
      "Each page is what `convbook lesson N` prints, with its traces drawn. The pages are made by",
      "`\(command)`;",
      "edit the lessons in the folder `Lessons`, not the pages.",
    ]
    for part in Part.allCases {
      let members = Book.lessons.filter { $0.part == part }
      guard !members.isEmpty else { continue }
      lines += ["", "## \(part.numeral). \(part.rawValue)", ""]
      lines += ["| | lesson | corrects | exercises |", "|---|---|---|---|"]
      lines += members.map { lesson in
        "| \(lesson.number) | [\(lesson.title)](\(lesson.pageStem).md) | "
          + "\(lesson.corrects ?? "") | "
          + lesson.exercises.map { "`\($0)`" }.joined(separator: ", ") + " |"
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Writes every page into a folder.
  static func write(to folder: String) throws {
    // Before the lessons are run, which takes a while.
    try FilePlace.makeFolder(folder)
    try FilePlace.checkOutput(FilePlace.joined(folder, indexName))
    let pages = try all()
    var files = OutputFiles()
    for name in pages.keys.sorted() {
      let path = FilePlace.joined(folder, name)
      try files.write(path) { try AtomicFile.write(Array(pages[name]!.utf8), to: path) }
    }
    let drawings = pages.keys.count { $0.hasSuffix(".svg") }
    printOut(
      "\(pages.count - drawings) pages and \(drawings) drawings written to \(folder.visible)")
  }
}

/// The drawings of a lesson: of each of its traces, and those that it names itself.
struct LessonFigures {
  /// A drawing, and the step whose text says the same.
  struct Item {
    let step: Int
    /// `05-stride-and-the-floor-1.svg`
    let name: String
    let figure: Figure
  }

  let items: [Item]

  /// The drawings among these steps; what is too large to be drawn stays text.
  init(of lesson: Lesson, _ steps: [Step]) {
    var items: [Item] = []
    for (index, step) in steps.enumerated() {
      let figure: Figure? =
        switch step {
        case .trace(let trace): try? Figure(trace, caption: trace.caption)
        case .figure(let figure): figure
        default: nil
        }
      guard let figure, figure.length <= 100 else { continue }
      items.append(
        Item(step: index, name: "\(lesson.pageStem)-\(items.count + 1).svg", figure: figure))
    }
    self.items = items
  }

  /// What a page has before the text of a step.
  func images(of lesson: Lesson) -> [Int: String] {
    var images: [Int: String] = [:]
    for item in items {
      let shown = item.figure.caption ?? item.figure.title
      images[item.step] = "![\(lesson.title): \(shown)](\(item.name))"
    }
    return images
  }

  /// The drawings as files.
  var files: [LessonFile] {
    items.map { item in
      LessonFile(item.name, shows: item.figure.title) { Array(item.figure.animatedSVG().utf8) }
    }
  }
}
