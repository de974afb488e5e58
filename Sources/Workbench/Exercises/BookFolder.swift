import ExerciseKit
import Tensors

/// The package folder with the exercises' files: the book as it lies on the learner's disk.
struct BookFolder: Sendable {
  /// The package folder.
  let root: String
  /// Every exercise, in the order of the lessons.
  let exercises: [any AnyExercise]

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

/// What is needed to compile an attempt: the compiler, and the modules and objects of the book as
/// they were built.
struct Toolchain {
  /// The compiler.
  let compiler: String
  /// The folder with the book's modules.
  let modules: String
  /// The object files of the book's modules, without the program itself.
  let objects: [String]

  /// Those of the modules that an attempt may use.
  var objectsForAttempts: [String] {
    objects.filter { object in
      Toolchain.modulesForAttempts.contains {
        object.contains("/\($0).build/") || object.hasSuffix("/\($0).o")
      }
    }
  }

  /// What an attempt may import of the book, and what that needs.
  static let modulesForAttempts = ["Tensors", "ExerciseKit", "Platform"]

  /// The compiler on the PATH and the modules beside this program, or those of the package's build.
  ///
  /// - Throws: ``ExerciseError/cannotRun(_:)`` that says what is missing.
  init(root: String) throws(ExerciseError) {
    guard let compiler = Environment.program("swiftc") else {
      throw .cannotRun(
        "swiftc is not on the PATH; checking an exercise needs the Swift toolchain, because it "
          + "compiles your file")
    }
    let products = "\(root)/.build/out/Products"
    let places =
      [Environment.programFolder, "\(root)/.build/debug", "\(root)/.build/release"]
      + Files.names(in: products).map { "\(products)/\($0)" }
    for place in places {
      guard let built = try Toolchain.build(in: place) else { continue }
      self.compiler = compiler
      (modules, objects) = built
      return
    }
    throw .cannotRun(
      "the book's modules are not built in \(root)/.build; "
        + "run swift build --product convbook there first")
  }

  /// Where a build left the modules and their objects: SwiftPM's own build system keeps them in folders,
  /// the newer one and Xcode put one object for each module beside the program.
  static func build(
    in place: String
  ) throws(ExerciseError) -> (modules: String, objects: [String])? {
    let list = "\(place)/convbook.product/Objects.LinkFileList"
    if Files.exists(list), Files.exists("\(place)/Modules/ExerciseKit.swiftmodule") {
      // The list names the place where the book was built, which need not be the place where it is
      // now; and it quotes names with blanks.
      let objects = try Files.read(list).split(separator: "\n").compactMap { line -> String? in
        let path = String(line.filter { !"'\"\\".contains($0) })
        let parts = path.split(separator: "/").suffix(2)
        return parts.first == "convbook.build"
          ? nil : "\(place)/" + parts.joined(separator: "/")
      }
      return ("\(place)/Modules", objects)
    }
    guard Files.exists("\(place)/ExerciseKit.o"), Files.exists("\(place)/ExerciseKit.swiftmodule")
    else { return nil }
    let objects = Files.names(in: place).filter { $0.hasSuffix(".o") && $0 != "convbook.o" }
    return (place, objects.map { "\(place)/\($0)" })
  }
}
