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

  @Test
  func `a crash is told with the line of the learner's file, not the book's or the library's`() {
    let trace = CrashTrace(
      """
      0              0x00007f closure #1 in _assertionFailure(_:_:file:line:flags:) in libswiftCore.so
      1 [ra]         0x00007f Tensor.subscript.read + 84 in check at /b/Sources/Tensors/Tensor.swift:61:9
      2 [ra]         0x00005c closure #1 in flipped(_:) in check at /b/Exercises/Attempts/Flipped.swift:14:24
      3 [ra]         0x00005d flipped(_:) in check at /b/Exercises/Attempts/Flipped.swift:12:3
      """, stem: "Flipped")
    #expect(trace.line == 14 && !trace.isEndlessRecursion)
    let verdict = AttemptRun.read(
      FinishedProcess(end: .signalled(4), output: "T.swift:3: Fatal error: no cell", report: ""),
      nonce: "r1", exercise: Exercises.flipped, trace: trace)
    #expect(
      verdict.detail == "Fatal error: no cell, in line 14 of Exercises/Attempts/Flipped.swift")
  }

  @Test func `a wrong case before the one that crashes is what is told first`() {
    let fault = Verdict("flipped", .wrongValue, lesson: 2, detail: "1 is wrong")
    let second = Report.started(
      CaseNotice(number: 2, count: 3, arguments: [], replay: nil, fault: fault))
    let verdict = read(
      .signalled(4), output: "Fatal error: no cell", report: second.line(nonce: "r1"))
    #expect(verdict.outcome == .wrongValue)
    #expect(
      verdict.detail == "1 is wrong; case 2 does not end well: Fatal error: no cell")
  }
}
