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
}
