import Exercises
import ExerciseKit
import Testing

@testable import Workbench

struct VerdictTextTests {
  let text = VerdictText(
    BookFolder(root: "/book", exercises: Exercises.all), width: 80, color: false)

  /// The number of cases of the first exercise.
  let count = Exercises.correlate1D.caseCount

  @Test func `a wrong answer is explained from its smallest case to what to read`() {
    let verdict = Exercises.correlate1D.judge { x, w in
      (0...x.count - w.count).map { o in
        w.indices.reduce(0) { $0 + x[o + $1] * w[w.count - 1 - $1] }
      }
    }
    #expect(
      text.lines(verdict).joined(separator: "\n") == """
        [wrong value] exercise 1, correlate1D: case 2 of \(count)
          number 0 (counted from 0) is 11, expected 13

            x = 1 2
            w = 3 5

            expected = 13
            got = 11

          how it comes about:
            output 0 = 1·3 + 2·5 = 13

          This is what you get with: kernel flipped. w[0] meets the first input of a
          place: x[o + k] · w[k].

          file          Exercises/Attempts/Correlate1D.swift
          read again    convbook lesson 1
          step by step  convbook trace conv --input 1,2 --weight 3,5
          a hint        convbook hint 1
        """)
  }

  @Test func `the summary is one line with the diagnosis`() {
    let verdict = Exercises.correlate1D.judgeDecoys()[0].verdict
    #expect(
      text.summary(verdict)
        == "1  correlate1D                 wrong value, case 2 of \(count) (kernel flipped)")
  }
}
