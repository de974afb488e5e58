import ExerciseKit
import Foundation
import Testing

@testable import Workbench

struct WatchTests {
  @Test func `a file replaced by an editor is checked at once, without a terminal`() async throws {
    let book = try TemporaryBook()
    let output = "\(book.root)/output"
    let program = "\(Environment.programFolder)/convbook"
    try #require(Files.exists(program), "convbook is not built beside the tests")
    let script =
      "cd '\(book.root)' && echo $$ > pid && exec '\(program)' watch 1 > '\(output)' 2>&1"
    let watching = Task.detached { try runProcess("/bin/sh", ["-c", script], clockLimit: 60) }

    func wait(for text: String) async throws -> Bool {
      for _ in 0..<600 {
        if (try? Files.read(output).contains(text)) == true { return true }
        try await Task.sleep(for: .milliseconds(50))
      }
      return false
    }
    #expect(try await wait(for: "watching"))
    try book.solve("correlate1D")
    #expect(try await wait(for: "checking correlate1D …"))
    #expect(try await wait(for: "[passed] exercise 1, correlate1D"))
    // It stays where it is until it is told to go on.
    #expect(try await wait(for: "next is exercise 2, flipped"))
    let pid = try Files.read("\(book.root)/pid").trimmingCharacters(in: .whitespacesAndNewlines)
    _ = try runProcess("/bin/sh", ["-c", "kill \(pid)"])
    #expect(try await watching.value.end == .signalled(SIGTERM))
  }
}
