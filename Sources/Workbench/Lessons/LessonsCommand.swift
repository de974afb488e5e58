import ConvolutionArithmetic
import Dispatch
import ExerciseKit
import Exercises
import Interchange
import LessonKit
import Lessons
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
  .array(Book.lessons.map { .object(JSONRenderer().members(of: $0)) })
}

/// The lessons and the exercises, joined: an exercise says which lesson it belongs to, and what either
/// says of the other follows from that.
enum Book {
  /// The lessons, each with the names of its exercises.
  static let lessons: [Lesson] = LessonIndex.all.map { lesson in
    var lesson = lesson
    lesson.exercises = Exercises.all.filter { $0.lesson == lesson.number }.map(\.name)
    return lesson
  }

  /// All lessons with their steps, computed on all processors at once.
  static func withSteps() throws(GeometryError) -> [(lesson: Lesson, steps: [Step])] {
    typealias Steps = Result<[Step], GeometryError>
    var computed = [Steps?](repeating: nil, count: lessons.count)
    computed.withUnsafeMutableBufferPointer { target in
      // Every iteration writes its own element.
      nonisolated(unsafe) let target = target
      DispatchQueue.concurrentPerform(iterations: target.count) { index in
        target[index] = Steps { () throws(GeometryError) in try lessons[index].steps() }
      }
    }
    var result: [(lesson: Lesson, steps: [Step])] = []
    for (lesson, steps) in zip(lessons, computed) { result.append((lesson, try steps!.get())) }
    return result
  }

  static func lesson(_ number: Int) -> Lesson? {
    lessons.first { $0.number == number }
  }

  static func next(after lesson: Lesson) -> Lesson? {
    lessons.first { $0.number > lesson.number }
  }

  /// The last sentence of an exercise's task: `Lesson 5: Stride and the floor.`
  static func reference(of exercise: any AnyExercise) -> String {
    "Lesson \(exercise.lesson): \(lesson(exercise.lesson)?.title ?? "is not in the book")."
  }
}

/// Which lessons have been read to the end in a terminal, kept beside the progress of the exercises.
struct ReadingRecord {
  private let file: ProgressFile

  /// The record of the book in this folder; nil outside of one.
  static var here: ReadingRecord? {
    let place = FilePlace.resolved(".")
    guard let folder = try? BookFolder.find(from: place, exercises: Exercises.all) else {
      return nil
    }
    return ReadingRecord(file: ProgressFile(folder))
  }

  /// Notes that a lesson was read. A folder that cannot be written to is no reason to complain.
  func note(_ lesson: Lesson) {
    _ = file.update { $0[key(lesson)].passed = true }
  }

  /// Whether each of these lessons was read.
  func hasRead(_ lessons: [Lesson]) -> [Bool] {
    let progress = file.read().progress
    return lessons.map { progress[key($0)].passed }
  }

  private func key(_ lesson: Lesson) -> String { "lesson\(lesson.number)" }
}
