import ExerciseKit
import Exercises
import Testing

@testable import Workbench

/// What is said of the mistakes that are known.
struct DecoyTests {
  /// The verdicts on all of them, computed once.
  private static let verdicts = Exercises.all.flatMap { exercise in
    exercise.judgeDecoys().map { (exercise: exercise.name, decoy: $0.name, verdict: $0.verdict) }
  }

  @Test func `every decoy is rejected under its own name, with the arithmetic of the wrong cell`() {
    for (exercise, decoy, verdict) in Self.verdicts {
      #expect(verdict.isFailure, "\(exercise): \(decoy) is accepted")
      #expect(verdict.diagnosis == decoy, "\(exercise): \(decoy)")
      #expect(
        verdict.outcome == .wrongShape || !verdict.arithmetic.isEmpty,
        "\(exercise): \(decoy) is not explained")
    }
  }

  @Test func `an answer that computes nothing is rejected`() {
    for exercise in Exercises.all {
      for trivial in exercise.judgeTrivial() {
        #expect(trivial.verdict.isFailure, "\(exercise.name): \(trivial.name) is accepted")
      }
    }
  }

  @Test func `every line of a verdict fits the width, broken at spaces`() {
    let text = VerdictText(
      BookFolder(root: "/book", exercises: Exercises.all), width: 80, color: false)
    for (exercise, _, verdict) in Self.verdicts {
      for line in text.lines(verdict) where line.count > 80 {
        // A grid keeps its columns, and an array that is typed stays whole.
        let values = verdict.arguments + [verdict.expected, verdict.got].compactMap { $0 }
        #expect(
          values.contains { $0.lines.count > 1 && $0.lines.contains { line.hasSuffix($0) } }
            || line.split(separator: " ").contains { $0.count > 50 }, "\(exercise): \(line)")
      }
    }
  }

  @Test func `every command that a verdict names for replaying its case works`() {
    var codes: [String: Int32] = [:]
    for (_, _, verdict) in Self.verdicts {
      // Where no answer is right, the geometry is impossible, and that is explained.
      guard let command = verdict.replay else { continue }
      codes[command] = verdict.expected?.lines == ["nil"] ? 65 : 0
    }
    #expect(codes.count >= 10)
    for (command, code) in codes.sorted(by: { $0.key < $1.key }) {
      // A shell takes the quotes away that a semicolon needs.
      let words = command.split(separator: " ").map { $0.filter { $0 != "'" } }
      #expect(words.first == "convbook")
      let kept = KeptOutput()
      let end = KeptOutput.$current.withValue(kept) { runConvbook(Array(words.dropFirst())) }
      #expect(end == code, "\(command): \(kept.error)")
    }
  }
}
