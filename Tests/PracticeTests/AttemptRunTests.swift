import Checks
import ExerciseKit
import Testing

@testable import Practice

struct AttemptRunTests {
  let passed = Report.verdict(Verdict("flipped", .passed, lesson: 2))

  func read(_ end: FinishedProcess.End, output: String = "", report: String) -> Verdict {
    AttemptRun.read(
      FinishedProcess(end: end, output: output, report: report), nonce: "r1",
      exercise: Exercises.flipped)
  }

  @Test func `only a reported verdict with exit code 0 is a pass`() {
    #expect(read(.exited(0), report: passed.line(nonce: "r1")).outcome == .passed)
    #expect(read(.exited(0), report: "").outcome == .exited)
    #expect(read(.exited(0), report: passed.line(nonce: "r2")).outcome == .exited)
    #expect(read(.exited(1), report: passed.line(nonce: "r1")).outcome == .exited)
    #expect(read(.signalled(4), report: passed.line(nonce: "r1")).outcome == .crashed)
    #expect(read(.timedOut, report: passed.line(nonce: "r1")).outcome == .timedOut)
  }

  @Test func `a verdict on another exercise is not one`() {
    let other = Report.verdict(Verdict("compose", .passed, lesson: 20)).line(nonce: "r1")
    #expect(read(.exited(0), report: other).outcome == .exited)
  }

  @Test func `a crash is told in the words of the runtime`() {
    let verdict = read(
      .signalled(4),
      output: """
        mine
        A.swift:3: Fatal error: Index out of range
        Current stack trace:
        0    libswiftCore.so   0x00007f5a1355f130 swift_reportError + 33
        """, report: "")
    #expect(verdict.detail == "Fatal error: Index out of range")
    #expect(verdict.output == ["mine"])
  }
}
