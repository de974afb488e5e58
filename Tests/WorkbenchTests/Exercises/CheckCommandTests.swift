import Exercises
import Foundation
import Testing

@testable import Workbench

/// `convbook check` as a process: stopped from outside, two at once, in a book that was moved.
struct CheckCommandTests {
  static let program = "\(Environment.programFolder)/convbook"

  /// What a shell does that is given these lines; they are not in its command line, for `ps` to find.
  func shell(_ script: String, named name: String = "/bin/sh") throws -> String {
    try runProcess(name, [], input: Array(script.utf8)).output
  }

  /// A book in which the attempt at exercise 1 has this body.
  func book(with body: String) throws -> TemporaryBook {
    try #require(Files.exists(Self.program), "convbook is not built beside the tests")
    let book = try TemporaryBook()
    try book.write(body: body, "correlate1D")
    let path = book.folder.attemptPath(Exercises.correlate1D)
    try book.write("import Foundation\n" + (try Files.read(path)), "correlate1D")
    return book
  }

  @Test(arguments: ["swift-frontend", "/attempts correlate1D"])
  func `a check that is told to stop leaves no process and no folder`(whileRunning: String) throws {
    let book = try book(with: "while true { sleep(1) }")
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

  @Test func `an endless attempt stops with its check at Ctrl-Z, and goes on with it`() throws {
    let book = try book(with: "while true { usleep(100) }")
    // Jobs have groups of their own, as under a terminal: others would not stop.
    let said = try shell(
      """
      set -m
      cd '\(book.root)'
      '\(Self.program)' check 1 < /dev/null > output 2>&1 &
      check=$!
      state() { ps -A -o stat= -o args= | grep -v grep | grep -F '\(book.root)' \\
        | grep -F '/attempts correlate1D' | cut -c1; }
      until [ -n "$(state)" ]; do kill -0 $check || break; sleep 0.02; done
      kill -TSTP $check
      for n in $(seq 200); do [ "$(state)" = T ] && break; sleep 0.02; done
      echo "stopped: $(state)"
      kill -CONT $check
      for n in $(seq 200); do [ "$(state)" = T ] || break; sleep 0.02; done
      echo "goes on: $(state)"
      kill -TERM $check
      wait $check
      echo "at the end: $(state)"
      """, named: "/bin/bash")
    #expect(said.contains("stopped: T\n"), "\(said)")
    #expect(said.contains("goes on: S\n") || said.contains("goes on: R\n"), "\(said)")
    #expect(said.contains("at the end: \n"), "\(said)")
  }

  @Test func `a built book works where it was moved to, two checks at once`() async throws {
    try #require(Files.exists(Self.program), "convbook is not built beside the tests")
    let book = try TemporaryBook()
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
