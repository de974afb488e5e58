import ExerciseKit
import Exercises
import Foundation
import Platform
import Testing

@testable import Workbench

/// The learner's attempts, each checked in a process of its own: passed, or shown as not solved yet,
/// or failed with the reason. `convbook check N` says the same.
struct AttemptsTests {
  @Test(arguments: Exercises.all.map(\.name))
  func `an attempt passes its check, or is not solved yet`(name: String) throws {
    let verdict = try verdict(on: name)
    switch verdict.outcome {
    case .passed: return
    case .unsolved: try Test.cancel("\(name) is not solved yet")
    default:
      let text = VerdictText(book, width: 100, color: false).lines(verdict)
      Issue.record("\(text.joined(separator: "\n"))")
    }
  }

  @Test func `an attempt imports nothing of the book but what an attempt may use`() throws {
    let modules =
      try FileManager.default.contentsOfDirectory(atPath: "\(book.root)/Sources")
      + ["Attempts", "Exercises", "Lessons", "Platform", "Solutions"]
    let closed = Set(modules).subtracting(["ExerciseKit", "Tensors"])
    for exercise in Exercises.all {
      for line in (book.attempt(exercise) ?? "").split(separator: "\n") {
        let words = line.split(separator: " ").map(String.init)
        guard words.contains("import") else { continue }
        #expect(closed.isDisjoint(with: words), "\(exercise.stem).swift: \(line)")
      }
    }
  }
}

private let maintains = ProcessInfo.processInfo.environment["CONVBOOK_MAINTAINER"] != nil

/// What must hold before anything is solved. A learner's solved attempts must not break `swift test`,
/// so these run with CONVBOOK_MAINTAINER=1 alone.
@Suite(.enabled(if: maintains, "asked of maintainers: CONVBOOK_MAINTAINER=1 swift test"))
struct StubsTests {
  @Test func `every attempt is the stub of its solution, and no other file lies beside them`()
    throws
  {
    for file in try book.madeFiles() where file.isAttempt {
      #expect(
        (try? Files.read(file.path)) == file.text, "\(file.path); \(CandidateList.command) mends it"
      )
      #expect(Stub.isStub(file.text))
    }
    #expect(
      Files.names(in: "\(book.root)/Exercises/Attempts").filter { $0.hasSuffix(".swift") }
        == Exercises.all.map { "\($0.stem).swift" }.sorted())
  }

  @Test func `every attempt is unsolved`() throws {
    for exercise in Exercises.all {
      #expect(try verdict(on: exercise.name).outcome == .unsolved, "\(exercise.name)")
    }
  }
}

/// The book that these tests stand in.
private let book = BookFolder(
  root: String(#filePath.dropLast("/Tests/AttemptsTests/AttemptsTests.swift".count)),
  exercises: Exercises.all)

private func verdict(on name: String) throws -> Verdict {
  try AttemptRun.verdict(of: book.exercise(name), program: "\(products)/exercise-runner")
}

/// The folder with the programs that were built together with these tests.
private var products: String { productsFolder(of: #dsohandle) }
