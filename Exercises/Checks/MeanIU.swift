public import ExerciseKit
public import Tensors

extension Exercises {
  public static var meanIU: Exercise<Tensor<Int>, Fraction?> {
    Exercise(
      "meanIU", lesson: 35, title: "the mean intersection over union",
      hints: [
        "Which pixels are counted twice if row and column are added?",
        "IU of class i = n_ii / (row i + column i − n_ii); the mean over classes with a union.",
        "Collect Fraction(counts[i, i], union) where union > 0, then ratios.reduce(0, +) / "
          + "Fraction(ratios.count), or nil.",
      ],
      cases: {
        [
          table([[5]]), table([[0]]), table([[1]]), table([[0, 0], [0, 0]]),
          table([[0, 1], [1, 0]]), table([[3, 1], [2, 2]]), table([[4, 0], [0, 0]]),
          table([[0, 4], [0, 0]]), table([[0, 1], [0, 3]]), table([[0, 0], [2, 3]]),
          table([[6, 1, 1], [1, 3, 0], [0, 2, 2]]), table([[2, 3, 0], [1, 4, 0], [0, 0, 0]]),
          table([[0, 0, 0], [2, 1, 3], [0, 0, 7]]),
          tensor([4, 4], seed: 89).map { abs($0) }, tensor([6, 6], seed: 126).map { abs($0) },
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
          ratios(counts) { _, row, _ in row == 0 ? nil : row }
        },
        Decoy("intersection counted twice", "Row and column both hold it: subtract it once.") {
          counts in
          ratios(counts) { _, row, column in row + column == 0 ? nil : row + column }
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
        Decoy("mean precision", "The union is row plus column less the intersection.") { counts in
          ratios(counts) { _, row, column in column == 0 ? nil : column }
        },
        Decoy("intersection taken away twice", "Row and column both hold it: subtract it once.") {
          counts in
          ratios(counts) { i, row, column in
            row + column == 2 * counts[i, i] ? nil : row + column - 2 * counts[i, i]
          }
        },
        Decoy("absent classes counted as 1", "A class without a pixel does not take part.") {
          counts in
          let present = ious(counts)
          guard !present.isEmpty else { return nil }
          let absent = Fraction(counts.shape[0] - present.count)
          return (present.reduce(0, +) + absent) / Fraction(counts.shape[0])
        },
        Decoy("one ratio of all classes", "Each class has its own ratio, then comes the mean.") {
          counts in
          let all = 0..<counts.shape[0]
          let union = all.reduce(0) {
            $0 + sums(counts, $1).row + sums(counts, $1).column - counts[$1, $1]
          }
          return union == 0
            ? nil : Fraction(all.reduce(0) { $0 + counts[$1, $1] }, union)
        },
        Decoy("weighted by frequency", "Every class counts the same, however many pixels it has.") {
          counts in
          let total = counts.elements.reduce(0, +)
          guard total > 0 else { return nil }
          return (0..<counts.shape[0]).reduce(Fraction(0)) { sum, i in
            let (row, column) = sums(counts, i)
            let union = row + column - counts[i, i]
            return union == 0 ? sum : sum + Fraction(row * counts[i, i], union * total)
          }
        },
        Decoy("0 for nil", "If no class is left the answer is nil.") { counts in
          mean(ious(counts)) ?? 0
        },
        Decoy("the sum, not the mean", "Divide by the number of classes with a union.") { counts in
          let present = ious(counts)
          return present.isEmpty ? nil : present.reduce(0, +)
        },
        Decoy("classes without truth left out", "A class that was only predicted has a union, too.")
        {
          counts in
          ratios(counts) { i, row, column in row == 0 ? nil : row + column - counts[i, i] }
        },
        Decoy("class 0 left out", "Class 0 counts like the others.") { counts in
          mean(
            (1..<max(1, counts.shape[0])).compactMap { i in
              let (row, column) = sums(counts, i)
              let union = row + column - counts[i, i]
              return union == 0 ? nil : Fraction(counts[i, i], union)
            })
        },
        Decoy(
          "absent classes counted as 0, and 0 for nil",
          "A class without a pixel does not take part; if none is left the answer is nil."
        ) { counts in ious(counts).reduce(0, +) / Fraction(counts.shape[0]) },
        Decoy("classes never predicted left out", "A class that was only missed has a union, too.")
        {
          counts in
          ratios(counts) { i, row, column in column == 0 ? nil : row + column - counts[i, i] }
        },
        Decoy("classes only missed or only predicted left out", "Their ratio is 0, and it counts.")
        {
          counts in
          ratios(counts) { i, row, column in
            row == 0 || column == 0 ? nil : row + column - counts[i, i]
          }
        },
        Decoy("classes without a right pixel left out", "Their ratio is 0, and it counts.") {
          counts in
          ratios(counts) { i, row, column in
            counts[i, i] == 0 ? nil : row + column - counts[i, i]
          }
        },
      ])
  }
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

/// The mean of the intersections over what `divisor` says of class, row and column; nil leaves it out.
private func ratios(_ counts: Tensor<Int>, _ divisor: (Int, Int, Int) -> Int?) -> Fraction? {
  mean(
    (0..<counts.shape[0]).compactMap { i in
      let (row, column) = sums(counts, i)
      return divisor(i, row, column).map { Fraction(counts[i, i], $0) }
    })
}
