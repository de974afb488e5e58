import Checks
import ExerciseKit
import Foundation
@testable import Workbench
import Testing

/// The package folder.
let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path(percentEncoded: false)

let workspace = Workspace(
  root: root.hasSuffix("/") ? String(root.dropLast()) : root, exercises: Exercises.all)

/// The folder with the programs that were built together with these tests.
var products: URL {
  #if os(macOS)
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    return (bundle ?? Bundle.main).bundleURL.deletingLastPathComponent()
  #else
    return URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
  #endif
}

/// Checks the attempt at an exercise; cancels the test if it is not solved yet.
func verify(_ name: String) throws {
  let exercise = try workspace.exercise(name)
  let runner = products.appending(path: "exercise-runner").path(percentEncoded: false)
  let verdict = try AttemptRun.verdict(of: exercise, program: runner)
  switch verdict.outcome {
  case .passed: return
  case .unsolved: try Test.cancel("not solved yet")
  default:
    let text = VerdictText(workspace, width: 100, color: false).lines(verdict)
    Issue.record("\(text.joined(separator: "\n"))")
  }
}
