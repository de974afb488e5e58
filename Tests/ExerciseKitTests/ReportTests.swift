import ExerciseKit
import Testing

struct ReportTests {
  let verdict = Verdict("flipped", .passed, lesson: 2)

  @Test func `a report reads back what was written`() {
    let line = Report.verdict(verdict).line(nonce: "r17")
    #expect(Report(line: line, nonce: "r17") == .verdict(verdict))
  }

  @Test func `a line without the word made up for the run is no report`() {
    let line = Report.verdict(verdict).line(nonce: "r17")
    #expect(Report(line: line, nonce: "r18") == nil)
    #expect(Report(line: " verdict {}", nonce: "") == nil)
    #expect(Report(line: "r17 verdict {\"outcome\":\"passed\"}", nonce: "r17") == nil)
    #expect(Report(line: "garbage", nonce: "r17") == nil)
  }
}
