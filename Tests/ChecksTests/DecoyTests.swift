import Checks
import ExerciseKit
import Testing

struct DecoyTests {
  @Test func `every decoy is rejected under its own name`() {
    for exercise in Exercises.all {
      for (index, name) in exercise.decoyNames.enumerated() {
        let verdict = exercise.judgeDecoy(index)
        #expect(verdict.isFailure, "\(exercise.name): \(name) is accepted")
        #expect(verdict.diagnosis == name, "\(exercise.name): \(name)")
      }
    }
  }

  @Test func `every exercise knows at least two mistakes, each with another name`() {
    for exercise in Exercises.all {
      #expect(exercise.decoyNames.count >= 2, "\(exercise.name)")
      #expect(Set(exercise.decoyNames).count == exercise.decoyNames.count, "\(exercise.name)")
    }
  }

  @Test func `an answer that computes nothing is rejected`() {
    for exercise in Exercises.all {
      for (name, verdict) in exercise.judgeTrivial() {
        #expect(verdict.isFailure, "\(exercise.name): \(name) is accepted")
      }
    }
  }

  @Test func `every wrong number is explained by its arithmetic`() {
    for exercise in Exercises.all {
      for index in exercise.decoyNames.indices {
        let verdict = exercise.judgeDecoy(index)
        guard verdict.outcome == .wrongValue else { continue }
        #expect(!verdict.arithmetic.isEmpty, "\(exercise.name): \(exercise.decoyNames[index])")
      }
    }
  }
}
