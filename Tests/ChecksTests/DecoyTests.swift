import Checks
import ExerciseKit
import Testing

struct DecoyTests {
  @Test func `every decoy is rejected under its own name, with the arithmetic of the wrong cell`() {
    for exercise in Exercises.all {
      for decoy in exercise.judgeDecoys() {
        let verdict = decoy.verdict
        #expect(verdict.isFailure, "\(exercise.name): \(decoy.name) is accepted")
        #expect(verdict.diagnosis == decoy.name, "\(exercise.name): \(decoy.name)")
        #expect(
          verdict.outcome == .wrongShape || !verdict.arithmetic.isEmpty,
          "\(exercise.name): \(decoy.name) is not explained")
      }
    }
  }

  @Test func `an answer that computes nothing is rejected`() {
    for exercise in Exercises.all {
      for trivial in exercise.judgeTrivial() {
        #expect(trivial.verdict.isFailure, "\(exercise.name): \(trivial.name) is accepted")
      }
    }
  }
}
