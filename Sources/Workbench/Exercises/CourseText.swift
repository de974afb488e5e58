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
