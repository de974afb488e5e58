import Exercises
import ExerciseKit
import LessonKit
import Tensors

/// The page shown when nothing is typed after `convbook`.
@Sendable func printCoverPage() throws {
  let terminal = Terminal.current
  let renderer = TextRenderer(
    width: min(terminal.width, 100), glyphs: terminal.showsUnicode ? .unicode : .ascii,
    color: terminal.allowsColor)
  for step in try coverSteps() { printOut(renderer.text(of: step)) }
  printOut(renderer.glyphs.spell(coverLines().joined(separator: "\n")))
}

/// What this is, and one place of a window with its sum.
private func coverSteps() throws -> [Step] {
  let (input, kernel) = (guideInput, guideKernel)
  let slides = try TraceCase.convolution(input, kernel)
  let cell = (row: 1, column: 1)
  return [
    .heading("convbook, a workbook for convolution arithmetic"),
    .prose(
      "A kernel slides over an input. Wherever it stops, the numbers that lie on each other are "
        + "multiplied and added up, and the sum is one number of the output:"),
    .grids(
      [
        Grid(.input, input, window: Region(rows: 1..<4, columns: 1..<4)),
        Grid(.kernel, kernel),
        Grid(.output, slides.output, window: Region(row: cell.row, column: cell.column)),
      ], operators: ["∗", "="]),
    .formula([try slides.equation(row: cell.row, column: cell.column).text]),
    .prose(
      "Read the same products the other way and you have the transposed convolution, the gradients, "
        + "the matrix of a layer, and in the end a network that labels every pixel of a picture. "
        + "Every number in this book is computed as it is printed."),
  ]
}

/// How far the learner is, and the few commands to know.
private func coverLines() -> [String] {
  let progress = LearnerProgress.here
  var rows: [(String, String)] = []
  let lesson = progress?.next.flatMap { Book.lesson($0.lesson) } ?? Book.lessons.first
  if let lesson {
    rows.append(("convbook lesson \(lesson.number)", "read next: \(lesson.title)"))
  }
  if let next = progress?.next {
    rows.append(("convbook next", "practise next: exercise \(next.number), \(next.name)"))
  }
  let standing = progress.map { ", \($0.sentence)" } ?? ""
  let known: [(String, String)] = [
    ("convbook lessons", "all lessons"),
    ("convbook exercises", "all exercises\(standing)"),
    ("convbook size conv --input 224 --kernel 7 --stride 2 --padding 3", "look something up"),
    ("convbook trace conv --input 5x5 --kernel 3 --cell 1,2", "see your own case"),
    ("convbook --help", "everything else"),
  ]
  var lines: [String] = []
  for (command, meaning) in rows + known {
    if command.count <= 20 {
      lines.append("  " + padded(command, to: 22) + meaning)
    } else {
      lines += ["  " + command, String(repeating: " ", count: 24) + meaning]
    }
  }
  if CommandLine.arguments.first.map({ $0.contains(".build/") }) ?? false {
    lines += ["", "In the book's folder, type `swift run convbook` where it says `convbook`."]
  }
  return lines
}

/// How far the learner of this folder is.
struct LearnerProgress {
  let passed: Int
  let count: Int
  let next: (number: Int, name: String, lesson: Int)?

  var sentence: String { "\(passed) of \(count) solved" }

  /// The progress in the book that holds this folder or this program; nil outside of a book.
  static var here: LearnerProgress? {
    guard let folder = try? BookFolder.find(from: ".", exercises: Exercises.all) else {
      return nil
    }
    // The cover is no place for remarks on the progress file; the commands that need it make them.
    let course = Course(folder) { _ in }
    let progress = course.progress()
    return LearnerProgress(
      passed: folder.exercises.count { progress[$0.name].passed },
      count: folder.exercises.count,
      next: course.next().map { (folder.number(of: $0), $0.name, $0.lesson) })
  }
}
