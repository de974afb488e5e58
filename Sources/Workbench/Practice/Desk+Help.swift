import ExerciseKit
import Tensors

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

extension Desk {
  /// A hint of an exercise: the one of this level, or the first that was not read yet.
  func hintLines(
    _ exercise: any AnyExercise, level: Int? = nil, width: Int = 80
  ) -> [String] {
    let number = workspace.number(of: exercise)
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

  /// Makes an exercise's file new. The old one is kept; its path is returned, or nil if there was
  /// nothing to keep.
  func reset(_ exercise: any AnyExercise) throws(PracticeError) -> String? {
    let path = workspace.attemptPath(exercise)
    let stub = try workspace.stub(exercise)
    var kept: String?
    if let old = workspace.attempt(exercise), old != stub {
      let folder = "\(workspace.root)/Exercises/Attempts/.kept"
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
  ) throws(PracticeError) -> [String]? {
    var passed = progress()[exercise.name].passed
    if !passed, !giveUp { passed = try check([exercise])[0].outcome == .passed }
    guard passed || giveUp else { return nil }
    guard let text = Stub.answer(ofSolution: try workspace.solution(exercise)) else {
      throw .cannotOpen("\(workspace.solutionPath(exercise)) has no marked solution")
    }
    if !passed { update { $0[exercise.name].revealed = true } }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
