import Exercises
import ExerciseKit
import Foundation
import Testing

private let wish = ProcessInfo.processInfo.environment["CONVBOOK_MAINTAINER"] ?? ""

struct MutatorTests {
  private func changes(_ body: String, _ parameters: String...) -> Set<String> {
    Set(Mutator.mutants(ofBody: body, parameters: parameters).map(\.change))
  }

  @Test func `a number becomes one more and one less, an operator each of its kind`() {
    let made = changes("a * 2", "a", "b")
    for other in ["a * 3", "a * 1", "a + 2", "a - 2", "a / 2", "a % 2"] {
      #expect(made.contains("line 1: a * 2 => \(other)"), "\(other)")
    }
  }

  @Test func `a name becomes another, one more, one less and none`() {
    let made = changes("a * 2", "a", "b")
    for other in ["b * 2", "(a + 1) * 2", "(a - 1) * 2", "0 * 2"] {
      #expect(made.contains("line 1: a * 2 => \(other)"), "\(other)")
    }
  }

  @Test func `a term or a factor is dropped, and products stay whole`() {
    let made = changes("a + b * c - d", "a", "b", "c", "d")
    for other in ["b * c - d", "a - d", "a + b - d", "a + c - d", "a + b * c"] {
      #expect(made.contains("line 1: a + b * c - d => \(other)"), "\(other)")
    }
  }

  @Test func `a range gains or loses a place, or keeps its first or last alone`() {
    let made = changes("(0..<n).map { $0 }", "n")
    for other in ["0...n", "0..<n - 1", "1..<n", "0..<1", "(n - 1)..<n"] {
      #expect(made.contains("line 1: (0..<n).map { $0 } => (\(other)).map { $0 }"), "\(other)")
    }
  }

  @Test func `a comparison becomes each other, a guard goes, a choice is turned`() {
    let made = changes("guard a < b else { return 0 }\nreturn a > 1 ? a : b", "a", "b")
    for other in ["a <= b", "a >= b", "a == b", "a != b", "!(a < b)", "true"] {
      let line = "guard a < b else { return 0 }"
      #expect(made.contains("line 1: \(line) => guard \(other) else { return 0 }"), "\(other)")
    }
    #expect(made.contains("line 1: guard a < b else { return 0 } => nothing"))
    #expect(made.contains("line 2: return a > 1 ? a : b => return a > 1 ? b : a"))
  }

  @Test func `neighbouring arguments are exchanged, and height with width`() {
    let made = changes("f(a: x.height, b: 2)", "x")
    #expect(made.contains("line 1: f(a: x.height, b: 2) => f(a: 2, b: x.height)"))
    #expect(made.contains("line 1: f(a: x.height, b: 2) => f(a: x.width, b: 2)"))
  }
}

/// What is listed for the run below: asked of whoever makes it, as it changes every solution.
@Suite(.enabled(if: !wish.isEmpty, "CONVBOOK_MAINTAINER=1 swift test"))
struct EqualTests {
  @Test func `what is listed as equal is a change that is still made, with its reason`() throws {
    let entries = try Equal.all()
    let named = Set(entries.map(\.exercise))
    let made = Dictionary(
      uniqueKeysWithValues: try Exercises.all.filter { named.contains($0.name) }.map {
        ($0.name, Set(try Solution($0).mutants.map(\.change)))
      })
    for entry in entries {
      #expect(
        made[entry.exercise]?.contains(entry.change) == true, "\(entry.exercise) \(entry.change)")
      #expect(entry.reason.count > 20, "\(entry.exercise) \(entry.change) has no reason")
    }
    #expect(Set(entries.map { "\($0.exercise) \($0.change)" }).count == entries.count)
  }
}

@Suite(.enabled(if: wish.hasPrefix("mutate"), "CONVBOOK_MAINTAINER=mutate swift test"))
struct MutationTests {
  @Test func `every small change of a solution is rejected, or listed as equal`() async throws {
    let names = wish.split(separator: ",").dropFirst().map(String.init)
    let exercises = Exercises.all.filter { names.isEmpty || names.contains($0.name) }
    let equal = Set(try Equal.all().map { "\($0.exercise) \($0.change)" })
    let start = ContinuousClock.now
    var (judged, listed, surviving) = (0, 0, [String]())
    try await withThrowingTaskGroup(of: (count: Int, equal: Int, rest: [String]).self) { group in
      for exercise in exercises {
        group.addTask {
          let outcome = try MutationRun(exercise).outcome()
          let survivors = outcome.survivors.map { "\(outcome.exercise) \($0.change)" }
          let rest = survivors.filter { !equal.contains($0) }
          let counts = "\(outcome.count) changes, \(survivors.count - rest.count) equal"
          // At once: the loop below may get no thread before all are done.
          print(
            (["\(outcome.exercise): \(counts), \(rest.count) survive"]
              + rest.map { "  survives: \($0)" }).joined(separator: "\n"))
          fflush(nil)
          return (outcome.count, survivors.count - rest.count, rest)
        }
      }
      for try await outcome in group {
        judged += outcome.count
        listed += outcome.equal
        surviving += outcome.rest
      }
    }
    let score = 1 - Double(surviving.count) / Double(max(1, judged - listed))
    print("\(judged) changes, \(listed) equal, \(surviving.count) survive: score \(score)")
    print("in \(ContinuousClock.now - start)")
    #expect(surviving.isEmpty)
  }
}

/// A change that makes no difference, from the list of those.
private struct Equal {
  let exercise: String
  let change: String
  let reason: String

  static func all() throws -> [Equal] {
    let text = try String(contentsOfFile: "\(root)/Tests/MutationTests/equal.txt", encoding: .utf8)
    var (reason, entries) = ("", [Equal]())
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      if parts[0] == "#" {
        reason = parts[1]
      } else {
        entries.append(Equal(exercise: parts[0], change: parts[1], reason: reason))
      }
    }
    return entries
  }
}
