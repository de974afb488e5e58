import Testing

@testable import Practice

struct ChildProcessTests {
  @Test func `output, report and exit code come back`() throws {
    let finished = try runProcess("/bin/sh", ["-c", "echo out; echo err >&2; echo r >&3; exit 7"])
    #expect(finished.end == .exited(7))
    #expect(finished.output == "out\nerr\n" && finished.report == "r\n")
  }

  @Test func `a signal is told apart from an exit code`() throws {
    #expect(try runProcess("/bin/sh", ["-c", "kill -9 $$"]).end == .signalled(9))
  }

  @Test func `a process that never ends is stopped, and so is one that floods its output`() throws {
    #expect(try runProcess("/bin/sh", ["-c", "sleep 60"], clockLimit: 0.2).end == .timedOut)
    let flood = try runProcess(
      "/bin/sh", ["-c", "while :; do echo flood; done"], clockLimit: 0.3)
    #expect(flood.end == .timedOut && flood.output.utf8.count <= outputLimit)
  }

  @Test func `a grandchild that holds the pipe does not hold up the verdict`() throws {
    let start = seconds()
    let finished = try runProcess("/bin/sh", ["-c", "sleep 30 & echo done"])
    #expect(finished.end == .exited(0) && finished.output == "done\n")
    #expect(seconds() - start < 10)
  }

  @Test func `a program that is not there is an error`() {
    #expect(throws: PracticeError.self) { try runProcess("/no/such/program", []) }
  }
}
