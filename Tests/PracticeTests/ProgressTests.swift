import Foundation
import Testing

@testable import Practice

struct ProgressTests {
  @Test func `the file reads back what was written, also of exercises it does not know`() throws {
    var progress = Progress()
    progress["flipped"].passed = true
    progress["compose"].revealed = true
    progress["compose"].hints = 3
    progress["fromALaterBook"].skipped = true
    #expect(try Progress(text: progress.text) == progress)
    #expect(progress.text.contains("compose revealed hints=3\n"))
  }

  @Test func `a file that is cut off, foreign or newer is refused`() {
    let good = "convbook progress 1\nflipped passed\n"
    #expect(throws: Progress.Trouble.unreadable(line: 2)) {
      try Progress(text: String(good.dropLast()))
    }
    #expect(throws: Progress.Trouble.unreadable(line: 2)) {
      try Progress(text: "convbook progress 1\nflipped hints=9\n")
    }
    #expect(throws: Progress.Trouble.unreadable(line: 1)) { try Progress(text: "\u{0}\u{1}") }
    #expect(throws: Progress.Trouble.unreadable(line: 1)) { try Progress(text: "") }
    #expect(throws: Progress.Trouble.newer("2")) { try Progress(text: "convbook progress 2\n") }
  }

  @Test func `a file that cannot be read is set aside, said, and kept`() throws {
    let book = try Book()
    let file = ProgressFile(book.workspace)
    try Files.makeFolder(file.folder)
    for (number, text) in ["nonsense\n", "convbook progress 9\n"].enumerated() {
      try Files.write(text, to: file.path)
      let remarks = file.update { $0["flipped"].passed = true }
      let aside = "\(file.path).set-aside-\(number + 1)"
      #expect(remarks.count == 1 && remarks[0].contains(aside))
      #expect(try Files.read(aside) == text)
      #expect(file.read().progress["flipped"].passed)
    }
  }

  @Test func `a folder that cannot be written costs the progress, nothing else`() throws {
    let book = try Book()
    // A file where the folder should be: not even root can make the folder then.
    try Files.write("", to: book.workspace.ownFolder)
    let remarks = ProgressFile(book.workspace).update { $0["flipped"].passed = true }
    #expect(remarks.count == 1 && remarks[0].hasPrefix("progress is not kept: "))
    #expect(ProgressFile(book.workspace).read().progress == Progress())
  }

  @Test func `two at once lose nothing of each other`() async throws {
    let book = try Book()
    let file = ProgressFile(book.workspace)
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<20 {
        group.addTask { _ = file.update { $0["exercise\(number)"].passed = true } }
      }
    }
    let progress = file.read().progress
    #expect((0..<20).allSatisfy { progress["exercise\($0)"].passed })
  }
}
