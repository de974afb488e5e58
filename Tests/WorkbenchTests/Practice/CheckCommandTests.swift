import Foundation
import Testing

@testable import Workbench

/// `convbook check` as a process: stopped from outside, two at once, in a book that was moved.
struct CheckCommandTests {
  static let program = "\(Environment.programFolder)/convbook"

  /// What a shell does that is given these lines; they are not in its command line, for `ps` to find.
  func shell(_ script: String) throws -> String {
    try runProcess("/bin/sh", [], input: Array(script.utf8)).output
  }

  @Test(arguments: ["swift-frontend", "/attempts correlate1D"])
  func `a check that is told to stop leaves no process and no folder`(whileRunning: String) throws {
    try #require(Files.exists(Self.program), "convbook is not built beside the tests")
    let book = try Book()
    try book.write(body: "while true { sleep(1) }", "correlate1D")
    let path = book.workspace.attemptPath(try book.workspace.exercise("correlate1D"))
    try book.write("import Foundation\n" + (try Files.read(path)), "correlate1D")
    let said = try shell(
      """
      cd '\(book.root)'
      '\(Self.program)' check 1 > output 2>&1 &
      check=$!
      processes() { ps -A -o args= | grep -v grep | grep -F '\(book.root)'; }
      until processes | grep -q -- '\(whileRunning)'; do
        kill -0 $check || break
        sleep 0.02
      done
      kill -TERM $check
      wait $check
      echo "status $?"
      processes
      ls .convbook | grep build
      """)
    // 128 + 15: it ended by the signal that came.
    #expect(said.hasSuffix("status 143\n"), "\(said)")
  }

  @Test func `a built book works where it was moved to, two checks at once`() async throws {
    try #require(Files.exists(Self.program), "convbook is not built beside the tests")
    let book = try Book()
    try book.solve("correlate1D")
    // Beside the build, so that its files need no copy; the name has a blank.
    let place = Environment.parent(of: Environment.programFolder) + "/moved book \(getpid())"
    defer { Files.remove(place) }
    let built = "\(place)/first/.build/debug"
    try Files.makeFolder("\(built)/convbook.product")
    let objects = Toolchain.modulesForAttempts.map { "\($0).build" }
    for name in ["convbook", "Modules"] + objects {
      try FileManager.default.linkItem(
        atPath: "\(Environment.programFolder)/\(name)", toPath: "\(built)/\(name)")
    }
    let list = "convbook.product/Objects.LinkFileList"
    try Files.write(try Files.read("\(Environment.programFolder)/\(list)"), to: "\(built)/\(list)")
    for name in ["Package.swift", "Exercises"] {
      try FileManager.default.copyItem(
        atPath: "\(book.root)/\(name)", toPath: "\(place)/first/\(name)")
    }
    for name in ["first", "second"] {
      if name == "second" { try Files.move("\(place)/first", to: "\(place)/second") }
      let script = "cd '\(place)/\(name)' && .build/debug/convbook check 1"
      async let other = runProcess("/bin/sh", ["-c", script])
      let both = [try runProcess("/bin/sh", ["-c", script]), try await other]
      for finished in both {
        #expect(finished.end == .exited(0), "\(finished.output)")
        #expect(finished.output.hasPrefix("[passed] exercise 1, correlate1D"))
      }
    }
  }
}
