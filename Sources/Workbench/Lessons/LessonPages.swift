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
