public import ExerciseKit
public import Tensors

extension Exercises {
  /// Lesson 35: mean intersection over union.
  public static let meanIU = Exercise<Tensor<Int>, Fraction?>(
    "meanIU", lesson: 35, title: "the mean intersection over union",
    hints: [
      "Which pixels are counted twice if row and column are added?",
      "IU of class i = n_ii / (row i + column i − n_ii); the mean over classes with a union.",
      "Collect Fraction(counts[i, i], union) where union > 0, then ratios.reduce(0, +) / "
        + "Fraction(ratios.count), or nil.",
    ],
    cases: {
      [
        table([[5]]), table([[0]]), table([[3, 1], [2, 2]]), table([[4, 0], [0, 0]]),
        table([[6, 1, 1], [1, 3, 0], [0, 2, 2]]), table([[2, 3, 0], [1, 4, 0], [0, 0, 0]]),
        table([[0, 0, 0], [2, 1, 3], [0, 0, 7]]),
        tensor([4, 4], seed: 89).map { abs($0) },
      ]
    },
    show: { counts in [Shown("counts", counts)] },
    expected: { counts in mean(ious(counts)) },
    arithmetic: { counts, _ in
      let n = counts.shape[0]
      let lines = (0..<n).map { i in
        let (row, column) = sums(counts, i)
        let union = row + column - counts[i, i]
        return union == 0
          ? "class \(i): no pixel, left out"
          : "class \(i): \(counts[i, i])/(\(row) + \(column) − \(counts[i, i])) = "
            + "\(Fraction(counts[i, i], union))"
      }
      return lines + [
        "their mean: \(mean(ious(counts)).map { "\($0)" } ?? "nil, for there is none")"
      ]
    },
    decoys: [
      Decoy("mean accuracy", "Wrongly predicted pixels enlarge the union.") { counts in
        mean(
          (0..<counts.shape[0]).compactMap { i in
            let row = sums(counts, i).row
            return row == 0 ? nil : Fraction(counts[i, i], row)
          })
      },
      Decoy("intersection counted twice", "Row and column both hold it: subtract it once.") {
        counts in
        mean(
          (0..<counts.shape[0]).compactMap { i in
            let (row, column) = sums(counts, i)
            return row + column == 0 ? nil : Fraction(counts[i, i], row + column)
          })
      },
      Decoy("absent classes counted as 0", "A class without a pixel does not take part.") {
        counts in
        let ratios = ious(counts)
        return ratios.isEmpty ? nil : ratios.reduce(0, +) / Fraction(counts.shape[0])
      },
      Decoy("pixel accuracy", "Every class counts the same, however many pixels it has.") {
        counts in
        let all = counts.elements.reduce(0, +)
        let right = (0..<counts.shape[0]).reduce(0) { $0 + counts[$1, $1] }
        return all == 0 ? nil : Fraction(right, all)
      },
    ])
}

private func table(_ rows: [[Int]]) -> Tensor<Int> {
  Tensor(shape: [rows.count, rows.count], elements: rows.flatMap { $0 })
}

private func sums(_ counts: Tensor<Int>, _ i: Int) -> (row: Int, column: Int) {
  let all = 0..<counts.shape[0]
  return (all.reduce(0) { $0 + counts[i, $1] }, all.reduce(0) { $0 + counts[$1, i] })
}

private func ious(_ counts: Tensor<Int>) -> [Fraction] {
  (0..<counts.shape[0]).compactMap { i in
    let (row, column) = sums(counts, i)
    let union = row + column - counts[i, i]
    return union == 0 ? nil : Fraction(counts[i, i], union)
  }
}

private func mean(_ values: [Fraction]) -> Fraction? {
  values.isEmpty ? nil : values.reduce(0, +) / Fraction(values.count)
}
