import ExerciseKit
import Tensors

/// A learner's way through the exercises: which there are, what is done, and what comes next.
struct Course {
  let book: BookFolder
  let file: ProgressFile
  /// Takes sentences that are not part of an answer, such as that a file was set aside.
  let remark: (String) -> Void

  init(_ book: BookFolder, remark: @escaping (String) -> Void) {
    self.book = book
    file = ProgressFile(book)
    self.remark = remark
  }

  /// What is done so far.
  func progress() -> ExerciseProgress {
    let (progress, sentence) = file.read()
    if let sentence { remark(sentence) }
    return progress
  }

  func update(_ change: (inout ExerciseProgress) -> Void) {
    for sentence in file.update(change) { remark(sentence) }
  }

  /// How an exercise stands.
  enum State: String, Sendable {
    /// Nothing was done yet.
    case unsolved
    /// The file was edited.
    case started
    /// The check has passed.
    case passed
    /// It was put off.
    case skipped
    /// The solution was shown.
    case revealed
    /// The solution was shown, and later the check has passed.
    case revealedThenPassed = "revealed, then passed"
    /// The file is not there.
    case missing
  }

  /// How an exercise stands, from what is done and the file itself.
  func state(_ exercise: any AnyExercise, _ progress: ExerciseProgress) -> State {
    let entry = progress[exercise.name]
    if entry.passed { return entry.revealed ? .revealedThenPassed : .passed }
    if entry.revealed { return .revealed }
    if entry.skipped { return .skipped }
    guard let text = book.attempt(exercise) else { return .missing }
    return text == (try? book.stub(exercise)) ? .unsolved : .started
  }

  /// The first exercise after `exercise` (or of all) that is still to be done, or the first before it.
  func next(after exercise: (any AnyExercise)? = nil) -> (any AnyExercise)? {
    let progress = progress()
    let start = exercise.map { book.number(of: $0) } ?? 0
    let order = book.exercises[start...] + book.exercises[..<start]
    return order.first { other in
      let entry = progress[other.name]
      return !entry.passed && !entry.skipped && !entry.revealed && other.name != exercise?.name
    }
  }

  /// The exercises whose name, title, lesson or state contains every word of `search`; a number is an
  /// exercise's own, or after `lesson` a lesson's.
  func list(search: [String] = []) -> [ListedExercise] {
    let progress = progress()
    return book.exercises.map { exercise in
      ListedExercise(
        number: book.number(of: exercise), name: exercise.name, title: exercise.title,
        lesson: exercise.lesson, state: state(exercise, progress),
        hints: progress[exercise.name].hints,
        file: "Exercises/Attempts/\(exercise.stem).swift")
    }.filter { row in
      let text = "\(row.name) \(row.title) lesson \(row.state.rawValue)".lowercased()
      // "lesson 4" may come as one word of the shell, or as two.
      let words = search.flatMap { $0.lowercased().split(separator: " ") }
      return words.indices.allSatisfy { index in
        guard let number = Int(words[index]) else { return text.contains(words[index]) }
        return number == (index > 0 && words[index - 1] == "lesson" ? row.lesson : row.number)
      }
    }
  }

  /// Checks exercises and keeps what was found.
  func check(_ exercises: [any AnyExercise]) throws(ExerciseError) -> [Verdict] {
    let prints = exercises.map { book.attempt($0).map(fingerprint) }
    let verdicts = try Checker(book).check(exercises)
    update { progress in
      for (verdict, print) in zip(verdicts, prints) where verdict.outcome != .unsolved {
        progress[verdict.exercise].checked = print
        progress[verdict.exercise].passed = verdict.outcome == .passed
        if verdict.outcome == .passed { progress[verdict.exercise].skipped = false }
      }
    }
    return verdicts
  }

  /// What `check` without a number means: the files edited since they were last checked, or else the
  /// next exercise that is still to be done.
  func toCheck() -> [any AnyExercise] {
    let progress = progress()
    let changed = book.exercises.filter { exercise in
      guard let text = book.attempt(exercise) else { return false }
      return text != (try? book.stub(exercise))
        && progress[exercise.name].checked != fingerprint(text)
    }
    return changed.isEmpty ? next().map { [$0] } ?? [] : changed
  }

  /// Puts an exercise off: `next` passes over it.
  func skip(_ exercise: any AnyExercise) {
    update { $0[exercise.name].skipped = true }
  }

  /// Makes an exercise's file new. The old one is kept; its path is returned, or nil if there was
  /// nothing to keep.
  func reset(_ exercise: any AnyExercise) throws(ExerciseError) -> String? {
    let path = book.attemptPath(exercise)
    let stub = try book.stub(exercise)
    var kept: String?
    if let old = book.attempt(exercise), old != stub {
      let folder = "\(book.root)/Exercises/Attempts/.kept"
      try Files.makeFolder(folder)
      let number = (1...).first { !Files.exists("\(folder)/\(exercise.stem)-\($0).swift") }!
      let other = "\(folder)/\(exercise.stem)-\(number).swift"
      try Files.write(old, to: other)
      kept = other
    }
    try Files.write(stub, to: path)
    update {
      $0[exercise.name].passed = false
      $0[exercise.name].skipped = false
      $0[exercise.name].checked = nil
    }
    return kept
  }

  /// The solution of an exercise that is passed; of another only if `giveUp`, which is kept.
  ///
  /// - Returns: the file's lines, or nil if it may not be shown yet.
  func solution(
    _ exercise: any AnyExercise, giveUp: Bool
  ) throws(ExerciseError) -> [String]? {
    var passed = progress()[exercise.name].passed
    if !passed, !giveUp { passed = try check([exercise])[0].outcome == .passed }
    guard passed || giveUp else { return nil }
    guard let text = Stub.answer(ofSolution: try book.solution(exercise)) else {
      throw .cannotOpen("\(book.solutionPath(exercise)) has no marked solution")
    }
    if !passed { update { $0[exercise.name].revealed = true } }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

/// An exercise in the list.
struct ListedExercise: Equatable, Sendable {
  /// Its position, from 1.
  let number: Int
  /// Its name.
  let name: String
  /// The task in a few words.
  let title: String
  /// The lesson to read.
  let lesson: Int
  /// How it stands.
  let state: Course.State
  /// How many hints were read.
  let hints: Int
  /// The file to edit, from the book's folder.
  let file: String
}
