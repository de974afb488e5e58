import Checks
import ExerciseKit
import Foundation
@testable import Workbench
import Testing

private let wish = ProcessInfo.processInfo.environment["CONVBOOK_MAINTAINER"]

/// What must hold before anything is solved. A learner's solved attempts must not break `swift test`,
/// so these run with CONVBOOK_MAINTAINER=1 alone; CONVBOOK_MAINTAINER=write makes the files anew.
@Suite(.enabled(if: wish != nil, "asked of maintainers: CONVBOOK_MAINTAINER=1 swift test"))
struct MaintainerTests {
  private let repair = "CONVBOOK_MAINTAINER=write swift test --filter MaintainerTests mends it"

  @Test func `every attempt is the stub of its solution`() throws {
    for exercise in Exercises.all {
      let stub = try workspace.stub(exercise)
      let url = URL(filePath: workspace.attemptPath(exercise))
      if wish == "write" { try Data(stub.utf8).write(to: url) }
      let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
      #expect(text == stub, "\(url.lastPathComponent); \(repair)")
    }
  }

  @Test func `every attempt is unsolved`() throws {
    for exercise in Exercises.all {
      let runner = products.appending(path: "exercise-runner").path(percentEncoded: false)
      #expect(try AttemptRun.verdict(of: exercise, program: runner).outcome == .unsolved)
    }
  }

  @Test func `the program that runs attempts binds every exercise`() throws {
    let url = URL(filePath: workspace.root + "/Exercises/Runner/main.swift")
    let text = RunnerSource.text(for: Exercises.all)
    if wish == "write" { try Data(text.utf8).write(to: url) }
    #expect(try String(contentsOf: url, encoding: .utf8) == text, "\(repair)")
  }

  @Test func `no attempt is left over from an exercise that is gone`() throws {
    #expect(try stems("Exercises/Attempts") == Exercises.all.map(\.stem).sorted())
  }
}

struct FolderTests {
  @Test func `solutions and checks have the same stems, one for each exercise`() throws {
    let expected = Exercises.all.map(\.stem).sorted()
    #expect(try stems("Exercises/Solutions") == expected)
    #expect(try stems("Exercises/Checks").filter { $0 != "Exercises" } == expected)
  }

  @Test func `every solution file states the task with an example and names its lesson`() throws {
    for exercise in Exercises.all {
      let url = URL(filePath: "\(workspace.root)/Exercises/Solutions/\(exercise.stem).swift")
      let text = try String(contentsOf: url, encoding: .utf8)
      let task = Stub.task(ofSolution: text)
      #expect(task.contains { $0.hasPrefix("Lesson \(exercise.lesson): ") }, "\(exercise.name)")
      #expect(task.contains { $0.hasPrefix("    ") }, "\(exercise.name) has no example")
      #expect(text.contains("public func \(exercise.name)("), "\(exercise.name)")
      #expect(Stub.text(ofSolution: text) != nil, "\(exercise.name)")
    }
  }

  @Test func `an attempt imports nothing of the book but what an attempt may use`() throws {
    let closed = [
      "Primitives", "ConvolutionArithmetic", "Checks", "Solutions", "FastKernels", "LessonKit",
      "Networks", "Training",
    ]
    for stem in try stems("Exercises/Attempts") {
      let url = URL(filePath: "\(workspace.root)/Exercises/Attempts/\(stem).swift")
      for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
        let words = line.split(separator: " ")
        guard words.contains("import") else { continue }
        #expect(!words.contains { closed.contains(String($0)) }, "\(stem).swift: \(line)")
      }
    }
  }
}

private func stems(_ folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: "\(workspace.root)/\(folder)")
    .filter { $0.hasSuffix(".swift") && !$0.hasPrefix(".") }.map { String($0.dropLast(6)) }.sorted()
}
