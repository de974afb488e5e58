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

/// What an exercise needs to know of `Tensor`, on one page; Docs/Exercises.md shows the same.
let tensorPage = """
  A Tensor<Int> is numbers with a shape: (batch or out, channels, height, width).

  let x = Tensor<Int>([[1, 2, 3], [4, 5, 6]])  // one map of 2×3: (1, 1, 2, 3)
  let r = Tensor<Int>(row: [1, 2, 3])          // a row: a map of height 1
  var y = Tensor<Int>.zeros([1, 2, 4, 5])      // 2 channels of 4×5, all 0
  x[0, 0, 1, 2]                   // 6: batch, channel, row, column, from 0
  y[0, 1, 3, 4] += 7              // a cell of a var can be changed
  x.batch, x.channels, x.height, x.width       // 1, 1, 2, 3
  x.size                          // Size(height: 2, width: 3); its area is 6
  x.shape[2], x.shape.count       // 2, an extent, and 6, the number of cells
  x.elements                      // [1, 2, 3, 4, 5, 6], row after row
  x.reshaped([1, 1, 3, 2])        // the same cells, in rows of two
  let c = Tensor<Int>.zeros([3, 6])            // rank 2, a matrix: c[row, column]
  Fraction(3, 4) + Fraction(1, 4) // 1, exactly; Fraction(2) is a whole number
  """

/// What the commands say of the exercises, in lines of text.
extension Course {
  /// The task of an exercise, with the file to edit and the commands for it.
  func taskLines(_ exercise: any AnyExercise) throws(ExerciseError) -> [String] {
    let number = book.number(of: exercise)
    return [
      "Exercise \(number), \(exercise.name): \(exercise.title)", "",
    ] + Stub.task(ofSolution: try book.solution(exercise)).map { $0.isEmpty ? "" : "  " + $0 }
      + [
        "",
        "  edit    Exercises/Attempts/\(exercise.stem).swift",
        "  check   convbook check \(number)",
        "  hint    convbook hint \(number)",
        "  lesson  convbook lesson \(exercise.lesson)",
      ]
  }

  /// A hint of an exercise: the one of this level, or the first that was not read yet.
  func hintLines(
    _ exercise: any AnyExercise, level: Int? = nil, width: Int = 80
  ) -> [String] {
    let number = book.number(of: exercise)
    let count = exercise.hints.count
    let level = level ?? min(count, progress()[exercise.name].hints + 1)
    update { $0[exercise.name].hints = max($0[exercise.name].hints, level) }
    let more =
      level < count
      ? "convbook hint \(number) \(level + 1) says more"
      : "that was the last hint; convbook lesson \(exercise.lesson) explains it, "
        + "convbook solution \(number) --give-up shows the answer"
    return ["Exercise \(number), \(exercise.name): hint \(level) of \(count)", ""]
      + wrapped(exercise.hints[level - 1], to: max(40, width) - 2).map { "  " + $0 } + [""]
      + wrapped("(\(more))", to: max(40, width))
  }

  /// What may be done once the check of an exercise has passed.
  func passedLines(_ exercise: any AnyExercise) -> [String] {
    let number = book.number(of: exercise)
    let onward =
      next().map { next in
        let number = book.number(of: next)
        return ["  next is exercise \(number), \(next.name): convbook task \(number)"]
      } ?? doneLines().map { "  " + $0 }
    return ["  convbook solution \(number) shows the book's own solution, to compare with yours"]
      + onward
  }

  /// What is said when nothing is left to do.
  func doneLines() -> [String] {
    let rows = list()
    let put = rows.filter { $0.state == .skipped }.map { "\($0.number)" }
    return ["Every exercise is passed, skipped or revealed."]
      + (put.isEmpty ? [] : ["Skipped, and still to be done: " + put.joined(separator: ", ")])
  }

  /// The list in lines of text, none longer than `width` where a title can be broken, with a count at the
  /// end.
  func listLines(_ rows: [ListedExercise], width: Int) -> [String] {
    let states = rows.map(\.state.rawValue.count).max() ?? 0
    let names = rows.map(\.name.count).max() ?? 0
    let lines = rows.flatMap { row in
      let start =
        padded("\(row.number)", to: 4) + padded("[\(row.state.rawValue)]", to: states + 4)
        + padded(row.name, to: names + 2)
      let title = "\(row.title) (lesson \(row.lesson))"
      // Where no column is left for the titles they stand below.
      guard width - start.count >= 24 else {
        return ["\(padded("\(row.number)", to: 4))[\(row.state.rawValue)] \(row.name)"]
          + wrapped(title, to: width - 4).map { "    " + $0 }
      }
      let rest = wrapped(title, to: width - start.count)
      return rest.enumerated().map { index, text in
        (index == 0 ? start : String(repeating: " ", count: start.count)) + text
      }
    }
    let passed = rows.count { $0.state == .passed || $0.state == .revealedThenPassed }
    return lines + ["", "\(passed) of \(rows.count) passed"]
  }
}
