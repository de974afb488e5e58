import Foundation
import Testing

@Suite struct StreamTests {
  private func shell(_ command: String) throws -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["CONVBOOK": Convbook.binary.path]
    ) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  @Test func `a reader that leaves early ends it quietly`() throws {
    let (_, output) = try shell("\"$CONVBOOK\" trace conv --input 60x60 --kernel 3 | head -1")
    #expect(output.split(separator: "\n").count == 1)
    let ignored = try shell(
      "trap '' PIPE; (\"$CONVBOOK\" trace conv --input 60x60 --kernel 3; echo $? >&2) | head -1")
    // The reader's line and the code come in either order.
    #expect(ignored.output.split(separator: "\n").contains("0"))
  }

  @Test func `a file that may not grow so far is an error, and nothing is left of it`() throws {
    let fixture = try Fixture()
    let (code, output) = try shell(
      "cd '\(fixture.folder.path)' && ulimit -f 1 && \"$CONVBOOK\" scene --output s.png")
    #expect(code == 73 && output.contains("s.png cannot be written: File too large"))
    #expect(fixture.files.isEmpty)
  }

  #if os(Linux)
    @Test func `a full device is an error`() throws {
      let (code, output) = try shell("\"$CONVBOOK\" size conv --input 5 --kernel 3 > /dev/full")
      #expect(code == 73)
      #expect(output.contains("standard output cannot be written: No space left"))
    }
  #endif
}
