import ExerciseKit
import Exercises
import LessonKit
import Testing

@testable import Workbench

struct MadeFilesTests {
  let book = BookFolder(root: packageFolder, exercises: Exercises.all)

  @Test func `the lists of functions are those of the exercises`() throws {
    for file in try book.madeFiles() where !file.isAttempt {
      #expect(
        try Files.read(file.path) == file.text, "\(file.path); \(CandidateList.command) mends it")
    }
  }

  @Test func `solutions and checks have the same stems, one for each exercise`() {
    let expected = Exercises.all.map { "\($0.stem).swift" }.sorted()
    #expect(Files.names(in: "\(book.root)/Exercises/Solutions") == expected)
    let besides = ["Exercises.swift", "Support"]
    #expect(
      Files.names(in: "\(book.root)/Exercises/Checks").filter { !besides.contains($0) } == expected)
  }

  @Test func `what is missing or stale is made, what a learner has begun stays`() throws {
    let temporary = try TemporaryBook()
    let book = temporary.folder
    for name in ["Exercises/Runner", "Tests/ExercisesTests"] {
      try Files.makeFolder("\(book.root)/\(name)")
    }
    let count = Exercises.all.count + 2
    #expect(
      try book.writeMadeFiles() == [
        "Exercises/Runner/main.swift is new", "Tests/ExercisesTests/Solutions.swift is new",
        "2 of \(count) files differed",
      ])
    try temporary.write(
      "// an old task\nfunc flipped() throws {\n  throw Unsolved()\n}\n", "flipped")
    try temporary.write(body: "return w", "compose")
    #expect(
      try book.writeMadeFiles() == [
        "Exercises/Attempts/Flipped.swift is written anew",
        "Exercises/Attempts/Compose.swift is no stub any more, and stays as it is",
        "2 of \(count) files differed",
      ])
    #expect(try book.attempt(Exercises.flipped) == book.stub(Exercises.flipped))
    #expect(book.attempt(Exercises.compose)?.contains("return w") == true)
  }

  @Test func `a task ends with its lesson, which the lesson's own title names`() throws {
    let task = Stub.task(ofSolution: try book.stub(Exercises.outputSize))
    #expect(task.suffix(2) == ["", "Lesson 5: Stride and the floor."])
    #expect(Book.lesson(5)?.exercises == ["outputSize", "unreadCells"])
    #expect(Book.lessons.map(\.exercises).joined().elementsEqual(Exercises.all.map(\.name)))
  }
}
