import Exercises
import ExerciseKit
import Tensors
import Testing

@testable import Workbench

struct AttemptRunTests {
  /// The right answers of `flipped` to all its cases, as the process sends them.
  let right = AttemptRunTests.sent(
    by: Exercises.flipped.cases().map { try? Exercises.flipped.expected($0) })

  static func sent(by answers: [Tensor<Int>?]) -> [UInt8] {
    var message = Message()
    for answer in answers {
      (answer.map { .answer($0.layout) } ?? CaseResult.unsolved).write(to: &message)
    }
    return message.bytes
  }

  func read(_ end: FinishedProcess.End, output: String = "", report: [UInt8] = []) -> Verdict {
    AttemptRun.read(
      FinishedProcess(end: end, output: output, report: report), exercise: Exercises.flipped)
  }

  @Test func `only right answers to all cases with exit code 0 are a pass`() {
    #expect(read(.exited(0), report: right).outcome == .passed)
    #expect(read(.exited(0)).outcome == .exited)
    #expect(read(.exited(0), report: Array(right.dropLast(8))).outcome == .exited)
    #expect(read(.exited(0), report: right + right).outcome == .exited)
    #expect(read(.exited(0), report: right + Array("passed\n".utf8)).outcome == .exited)
    #expect(read(.exited(1), report: right).outcome == .exited)
    #expect(read(.signalled(4), report: right).outcome == .crashed)
    #expect(read(.timedOut, report: right).outcome == .timedOut)
    #expect(read(.tooMuchMemory, report: right).outcome == .crashed)
  }

  @Test func `a crash belongs to the case after the last answer`() throws {
    let first = Exercises.flipped.cases()[0]
    let answer = Self.sent(by: [try Exercises.flipped.expected(first)])
    let verdict = read(.signalled(4), report: answer)
    #expect(verdict.caseNumber == 2 && verdict.caseCount == Exercises.flipped.caseCount)
    #expect(read(.signalled(4), report: right).caseNumber == Exercises.flipped.caseCount)
  }

  @Test func `a crash is told in the words of the runtime`() {
    let verdict = read(
      .signalled(4),
      output: """
        mine
        A.swift:3: Fatal error: Index out of range
        Current stack trace:
        0    libswiftCore.so   0x00007f5a1355f130 swift_reportError + 33
        """)
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
      FinishedProcess(end: .signalled(4), output: "T.swift:3: Fatal error: no cell", report: []),
      exercise: Exercises.flipped, trace: trace)
    #expect(
      verdict.detail == "Fatal error: no cell, in line 14 of Exercises/Attempts/Flipped.swift")
  }

  @Test func `a wrong case before the one that crashes is what is told first`() {
    let wrong = Self.sent(by: [Tensor([[7, 8]])])
    let verdict = read(.signalled(4), output: "Fatal error: no cell", report: wrong)
    #expect(verdict.isFailure && verdict.outcome != .crashed && verdict.caseNumber == 1)
    #expect(verdict.detail.hasSuffix("; case 2 does not end well: Fatal error: no cell"))
  }

  @Test func `what would steer the terminal is shown, not sent`() {
    var message = Message()
    CaseResult.threw("\u{1B}[2Jgone").write(to: &message)
    let verdict = read(
      .exited(0), output: "\u{1B}[31m[passed]\u{7}\r\nover\u{9B}2J\tthere\n", report: message.bytes)
    #expect(verdict.outcome == .threw && verdict.detail.hasSuffix("\\x1B[2Jgone"))
    #expect(verdict.output == ["\\x1B[31m[passed]\\x07", "over\\x9B2J    there"])
  }

  @Test func `a name in an answer does not steer the terminal either, nor fill it`() throws {
    var message = Message()
    let named = AnswerLayout(named: [("\u{1B}[2J" + String(repeating: "x", count: 1000), .whole(7))]
    )
    for _ in Exercises.flipped.cases() { CaseResult.answer(named).write(to: &message) }
    let got = try #require(read(.exited(0), report: message.bytes).got)
    #expect(got.lines == ["\\x1B[2J" + String(repeating: "x", count: 36) + " 7"])
  }
}
