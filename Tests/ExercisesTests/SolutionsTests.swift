import ExerciseKit
import Exercises
import Solutions
import Testing

struct SolutionsTests {
  @Test
  func `every solution passes its check, cases and answers sent as to a process`()
    throws
  {
    for (exercise, solution) in zip(Exercises.all, solutions) {
      var sent = Message()
      try solution.run(exercise.message) { $0.write(to: &sent) }
      let came = CaseResult.all(in: sent.bytes)
      #expect(came.isWhole && came.results.count == exercise.caseCount, "\(exercise.name)")
      let verdict = exercise.judge(came.results)
      #expect(verdict.outcome == .passed, "\(verdict)")
    }
  }

  @Test
  func `of a list with a number too many, which, is said in every case`() throws {
    for (exercise, solution) in zip(Exercises.all, solutions) {
      var right: [AnswerLayout] = []
      try solution.run(exercise.message) {
        if case .answer(let layout) = $0 { right.append(layout) }
      }
      for (index, layout) in right.enumerated() where layout.shape.count == 1 {
        var results = right.map(CaseResult.answer)
        results[index] = .answer(
          AnswerLayout(
            shape: [layout.shape[0] + 1], cells: layout.cells + [layout.cells.last ?? .whole(0)]))
        let verdict = exercise.judge(results)
        #expect(verdict.outcome == .wrongShape && verdict.caseNumber == index + 1, "\(verdict)")
        #expect(verdict.detail.hasSuffix("is too many"), "\(verdict)")
        #expect(!verdict.arithmetic.isEmpty, "\(verdict)")
      }
    }
  }
}
