import Exercises
import ExerciseKit
import Foundation

@testable import Workbench

/// The package that these tests stand in.
let packageFolder = String(
  #filePath.dropLast("/Tests/WorkbenchTests/Exercises/TemporaryBook.swift".count))

/// The line that gives an attempt the calls of the system. Foundation has them too, and takes a second
/// to read for each book.
#if canImport(Darwin)
  let systemImport = "import Darwin\n"
#else
  let systemImport = "import Glibc\n"
#endif

/// A book's folder of its own, in a temporary place, removed at the end.
final class TemporaryBook {
  let root: String
  let folder: BookFolder

  init() throws {
    let root = FileManager.default.temporaryDirectory.appending(
      path: "convbook-test-\(UInt64.random(in: 0...UInt64.max))")
    let attempts = root.appending(path: "Exercises/Attempts")
    try FileManager.default.createDirectory(at: attempts, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      at: root.appending(path: "Exercises/Solutions"),
      withDestinationURL: URL(filePath: "\(packageFolder)/Exercises/Solutions"))
    try Data("// a book\n".utf8).write(to: root.appending(path: "Package.swift"))
    self.root = Environment.resolved(root.path(percentEncoded: false))
    folder = BookFolder(root: self.root, exercises: Exercises.all)
    for exercise in Exercises.all { try write(try folder.stub(exercise), exercise.name) }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// Writes the attempt at an exercise.
  func write(_ text: String, _ name: String) throws {
    try Files.write(text, to: folder.attemptPath(try folder.exercise(name)))
  }

  /// The solution as the attempt, its body replaced.
  func write(body: String, _ name: String) throws {
    let stub = try folder.stub(try folder.exercise(name))
    try write(stub.replacingOccurrences(of: "throw Unsolved()", with: body), name)
  }

  /// The solution as the attempt.
  func solve(_ name: String) throws {
    let exercise = try folder.exercise(name)
    try write(Stub.answer(ofSolution: try folder.solution(exercise))!, name)
  }
}
