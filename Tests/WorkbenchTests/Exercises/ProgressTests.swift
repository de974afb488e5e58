import Foundation
import Testing

@testable import Workbench

struct ProgressTests {
  @Test func `the file reads back what was written, also of exercises it does not know`() {
    var progress = ExerciseProgress()
    progress["flipped"].passed = true
    progress["compose"].revealed = true
    progress["compose"].hints = 3
    progress["fromALaterBook"].skipped = true
    #expect(ExerciseProgress(text: progress.text) == progress)
    #expect(progress.text.contains("compose revealed hints=3\n"))
  }

  @Test func `a line that cannot be read costs that line alone, and stays`() throws {
    let text = """
      convbook progress 1
      flipped passed
      compose hints=9 revealed
      <<<<<<< HEAD
      # a note of mine
      im2col pas

      """
    let progress = ExerciseProgress(text: text)
    #expect(progress["flipped"].passed && progress["compose"].revealed)
    #expect(progress.unknownLines == 2)
    let again = progress.text
    for line in ["compose revealed hints=9", "<<<<<<< HEAD", "# a note of mine", "im2col pas"] {
      #expect(again.contains("\n\(line)\n"), "\(line)")
    }
    #expect(ExerciseProgress(text: again) == progress)
  }

  @Test func `what a later version wrote is kept when this one writes`() throws {
    let book = try TemporaryBook()
    let file = ProgressFile(book.folder)
    try Files.makeFolder(file.folder)
    try Files.write(
      "convbook progress 2\nflipped passed medal=gold\nstreak 5 days\n", to: file.path)
    #expect(file.update { $0["compose"].passed = true } == [])
    #expect(
      try Files.read(file.path).split(separator: "\n") == [
        "convbook progress 2", "# One line for each exercise. Delete this file to begin again.",
        "compose passed", "flipped passed medal=gold", "streak 5 days",
      ])
  }

  @Test func `lines that a person or another system changed are read as far as they go`() {
    #expect(ExerciseProgress(text: "convbook progress 1\r\nflipped passed\r\n")["flipped"].passed)
    #expect(ExerciseProgress(text: "convbook progress 1\nflipped passed")["flipped"].passed)
    #expect(
      ExerciseProgress(text: "flipped hints=1\nflipped passed hints=2\n")["flipped"].hints == 2)
    #expect(ExerciseProgress(text: "") == ExerciseProgress())
  }

  @Test func `a file of which nothing can be read is set aside, said, and kept`() throws {
    let book = try TemporaryBook()
    let file = ProgressFile(book.folder)
    try Files.makeFolder(file.folder)
    for (number, text) in ["nonsense\n", "\u{0}\u{1}"].enumerated() {
      try Files.write(text, to: file.path)
      let remarks = file.update { $0["flipped"].passed = true }
      let aside = "\(file.path).set-aside-\(number + 1)"
      #expect(remarks.count == 1 && remarks[0].contains(aside))
      #expect(try Files.read(aside) == text)
      #expect(file.read().progress["flipped"].passed)
    }
  }

  @Test func `a folder that cannot be written costs the progress, nothing else`() throws {
    let book = try TemporaryBook()
    // A file where the folder should be: not even root can make the folder then.
    try Files.write("", to: book.folder.ownFolder)
    let remarks = ProgressFile(book.folder).update { $0["flipped"].passed = true }
    #expect(remarks.count == 1 && remarks[0].hasPrefix("progress is not kept: "))
    #expect(ProgressFile(book.folder).read().progress == ExerciseProgress())
  }

  @Test func `two at once lose nothing of each other`() async throws {
    let book = try TemporaryBook()
    let file = ProgressFile(book.folder)
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<20 {
        group.addTask { _ = file.update { $0["exercise\(number)"].passed = true } }
      }
    }
    let progress = file.read().progress
    #expect((0..<20).allSatisfy { progress["exercise\($0)"].passed })
  }
}
