import ExerciseKit
import Tensors

/// The package folder with the exercises' files: the book as it lies on the learner's disk.
struct BookFolder: Sendable {
  /// The package folder.
  let root: String
  /// Every exercise, in the order of the lessons.
  let exercises: [any AnyExercise]

  /// A package folder that is known.
  init(root: String, exercises: [any AnyExercise]) {
    self.root = root
    self.exercises = exercises
  }

  /// The package folder that holds `folder`, or else the one that holds this program.
  ///
  /// - Throws: ``ExerciseError/cannotOpen(_:)`` if neither lies within the book's package.
  static func find(
    from folder: String, exercises: [any AnyExercise]
  ) throws(ExerciseError) -> BookFolder {
    let starts = [folder, Environment.programFolder].map(Environment.resolved)
    for start in starts {
      var place = start
      while true {
        if isBook(place) { return BookFolder(root: place, exercises: exercises) }
        if place == "/" || place == "." { break }
        place = Environment.parent(of: place)
      }
    }
    throw .cannotOpen(
      "the book's folder is not found: no folder at or above \(starts[0]), nor above this program, "
        + "holds Package.swift and Exercises/Solutions; change to the book's folder first; an installed "
        + "program comes without it: exercises need the book's sources")
  }

  private static func isBook(_ folder: String) -> Bool {
    Files.exists("\(folder)/Package.swift") && Files.exists("\(folder)/Exercises/Solutions")
  }

  /// The folder for what belongs to this learner alone; git ignores it.
  var ownFolder: String { "\(root)/.convbook" }

  /// The file that a learner edits.
  func attemptPath(_ exercise: any AnyExercise) -> String {
    "\(root)/Exercises/Attempts/\(exercise.stem).swift"
  }

  func solutionPath(_ exercise: any AnyExercise) -> String {
    "\(root)/Exercises/Solutions/\(exercise.stem).swift"
  }

  /// The learner's file, or nil if it is not there.
  func attempt(_ exercise: any AnyExercise) -> String? {
    try? Files.read(attemptPath(exercise))
  }

  /// The text of the exercise's solution file, with its marks; its comment ends with the lesson.
  func solution(_ exercise: any AnyExercise) throws(ExerciseError) -> String {
    Stub.adding(Book.reference(of: exercise), toCommentOf: try Files.read(solutionPath(exercise)))
  }

  /// The file as it is before anything is solved.
  func stub(_ exercise: any AnyExercise) throws(ExerciseError) -> String {
    guard let stub = Stub.text(ofSolution: try solution(exercise)) else {
      throw .cannotOpen(
        "\(solutionPath(exercise)) has no body between \"// solution\" and \"// end of solution\"")
    }
    return stub
  }

  /// The position of an exercise in the list, counted from 1.
  func number(of exercise: any AnyExercise) -> Int {
    (exercises.firstIndex { $0.name == exercise.name } ?? -1) + 1
  }

  /// The exercise that was typed: its number, its name or its file.
  ///
  /// - Throws: ``ExerciseError/unknown(_:)`` with the nearest name.
  func exercise(_ typed: String) throws(ExerciseError) -> any AnyExercise {
    if let number = Int(typed) {
      guard exercises.indices.contains(number - 1) else {
        throw .unknown(
          "there is no exercise \(number); they are numbered from 1 to \(exercises.count)")
      }
      return exercises[number - 1]
    }
    let stem = typed.split(separator: "/").last ?? ""
    let name = stem.hasSuffix(".swift") ? String(stem.dropLast(6)) : String(stem)
    if let found = exercises.first(where: { $0.name.lowercased() == name.lowercased() }) {
      return found
    }
    let near = nearest(to: name, among: exercises.map(\.name))
    throw .unknown(
      "there is no exercise \"\(typed)\"; "
        + (near.map { "did you mean \($0)?" } ?? "convbook exercises lists them all"))
  }
}
