import ExerciseKit
import Tensors

/// Checks attempts: compiles those that were changed, runs each in a process of its own.
struct Checker {
  let book: BookFolder
  let clockLimit: Double

  /// A checker of the book's exercises that gives each attempt this many seconds.
  init(_ book: BookFolder, clockLimit: Double = AttemptLimits.clockSeconds) {
    (self.book, self.clockLimit) = (book, clockLimit)
  }

  /// The verdict on one attempt.
  func check(_ exercise: any AnyExercise) throws(ExerciseError) -> Verdict {
    try check([exercise])[0]
  }

  /// The verdicts on attempts, in their order. Files that are still stubs are not compiled.
  func check(_ exercises: [any AnyExercise]) throws(ExerciseError) -> [Verdict] {
    var verdicts: [String: Verdict] = [:]
    var edited: [any AnyExercise] = []
    for exercise in exercises {
      switch book.attempt(exercise) {
      case nil:
        verdicts[exercise.name] = missing(exercise)
      case let text? where text == (try? book.stub(exercise)):
        verdicts[exercise.name] = Verdict(exercise.name, .unsolved, lesson: exercise.lesson)
      default: edited.append(exercise)
      }
    }
    if !edited.isEmpty {
      let found = try StopSignals.heldBack { () throws(ExerciseError) in
        let build = try AttemptBuild(book)
        defer { build.clean() }
        let names = Set(exercises.map(\.name))
        var (together, verdicts) = ([any AnyExercise](), [Verdict]())
        for exercise in edited {
          let text = book.attempt(exercise) ?? ""
          if sharesNothing(text, exercise.name, besides: names) {
            together.append(exercise)
          } else {
            verdicts += try run([exercise], build)
          }
        }
        return together.isEmpty ? verdicts : try verdicts + run(together, build)
      }
      for verdict in found { verdicts[verdict.exercise] = verdict }
    }
    return exercises.map { verdicts[$0.name]! }
  }

  private func run(
    _ exercises: [any AnyExercise], _ build: AttemptBuild
  ) throws(ExerciseError) -> [Verdict] {
    switch try build.build(exercises) {
    case .program(let path):
      var verdicts: [Verdict] = []
      for exercise in exercises {
        verdicts.append(
          try AttemptRun.verdict(of: exercise, program: path, clockLimit: clockLimit))
      }
      return verdicts
    case .errors(let errors):
      guard exercises.count > 1 else {
        return [failing(exercises[0], errors[exercises[0].name] ?? [])]
      }
      // The rest together; those with errors each alone, for the fault may be another's.
      var verdicts: [Verdict] = []
      let (broken, sound) = (
        exercises.filter { errors[$0.name] != nil }, exercises.filter { errors[$0.name] == nil }
      )
      for exercise in broken { verdicts += try run([exercise], build) }
      if !sound.isEmpty { verdicts += try run(sound, build) }
      return verdicts
    }
  }

  private func failing(_ exercise: any AnyExercise, _ lines: [String]) -> Verdict {
    var verdict = Verdict(
      exercise.name, .compileError, lesson: exercise.lesson,
      detail: "\(book.attemptPath(exercise)) does not compile")
    verdict.output = AttemptRun.shortened(lines, to: 60)
    return verdict.harmless
  }

  private func missing(_ exercise: any AnyExercise) -> Verdict {
    Verdict(
      exercise.name, .missing, lesson: exercise.lesson,
      detail: "\(book.attemptPath(exercise)) is not there; "
        + "convbook reset \(book.number(of: exercise)) makes it again")
  }
}

/// Whether an attempt may be compiled into one module with others, which is much quicker than a module
/// for each: nothing in it can mean something else there.
///
/// Whoever is in doubt gets a module alone, so this looks at lines, not at grammar: beyond comments and
/// imports there must be the exercise's function alone, and it must not name the function of another
/// exercise.
func sharesNothing(_ text: String, _ name: String, besides others: Set<String>) -> Bool {
  var depth = 0
  for line in text.split(separator: "\n") {
    let code = line.prefix(upTo: line.firstRange(of: "//")?.lowerBound ?? line.endIndex)
    let words = code.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
    let marks = code.filter { $0 != " " && $0 != "\t" && $0 != "\r" }
    if freeNames(in: code).contains(where: { $0 != name && others.contains($0) }) { return false }
    if code.contains("#sourceLocation") { return false }
    if depth == 0 {
      let isOwn = words.starts(with: ["public", "func", name])
      guard marks.isEmpty || marks == "{" || words.first == "import" || isOwn,
        !marks.contains(";"), !marks.hasPrefix("@")
      else { return false }
    }
    for mark in marks {
      if "{([".contains(mark) { depth += 1 }
      if "})]".contains(mark) { depth -= 1 }
      if depth < 0 { return false }
    }
    if depth == 0, marks.hasPrefix("}"), marks != "}" { return false }
  }
  return depth == 0
}

/// The names that are no member of something: of `parts.fuse(a...compose)` `parts`, `a` and `compose`.
private func freeNames(in code: Substring) -> [String] {
  code.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "." }.flatMap { chain in
    let parts = chain.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return parts.indices.filter { $0 == 0 || $0 > 1 && parts[$0 - 1].isEmpty }.map { parts[$0] }
  }
}
