internal import ConvolutionArithmetic
public import ExerciseKit
internal import Tensors

extension Exercises {
  public static var samePadding: Exercise<(Int, Int), Ends> {
    Exercise(
      "samePadding", lesson: 4, title: "the padding that keeps a row's length",
      hints: [
        "How many cells does a row lose under a kernel of 3? Under one of 2?",
        "In all d(k−1) zeros; before ⌊d(k−1)/2⌋, after the rest.",
        "let total = dilation * (kernelSize - 1); return Ends(before: total / 2, after: …).",
      ],
      cases: {
        [
          (1, 1), (1, 3), (2, 1), (3, 1), (4, 1), (2, 2), (3, 2), (2, 3), (4, 3), (5, 2), (6, 4),
          (11, 1), (7, 5),
        ]
      },
      show: { k, d in named(("kernelSize", k), ("dilation", d)) },
      expected: { k, d in
        let padded = try Window(kernelSize: k, dilation: d).padded(by: .same, input: 9)
        return Ends(before: padded.paddingBefore, after: padded.paddingAfter)
      },
      arithmetic: { input, cell in
        let (k, d) = input
        let total = d * (k - 1)
        return [
          "in all d(k−1) = \(d)·(\(k)−1) = \(total)",
          cell[0] == 0
            ? "before: ⌊\(total)/2⌋ = \(total / 2)"
            : "after: \(total) − \(total / 2) = \(total - total / 2)",
        ]
      },
      decoys: [
        Decoy("k/2 at both ends", "An even kernel needs an odd number of zeros; k/2 twice is even.")
        {
          k, d in Ends(before: d * k / 2, after: d * k / 2)
        },
        Decoy("half of k−1 at both ends", "Rounding down twice loses the odd zero.") { k, d in
          Ends(before: d * (k - 1) / 2, after: d * (k - 1) / 2)
        },
        Decoy("the odd zero goes first", "The odd zero belongs to the end.") { k, d in
          let total = d * (k - 1)
          return Ends(before: total - total / 2, after: total / 2)
        },
        Decoy("dilation forgotten", "A dilated kernel spans d(k−1)+1 cells, not k.") { k, _ in
          Ends(before: (k - 1) / 2, after: k - 1 - (k - 1) / 2)
        },
        Decoy("everything at both ends", "d(k−1) zeros in all: half of them at each end.") { k, d in
          Ends(before: d * (k - 1), after: d * (k - 1))
        },
        Decoy("everything at the end", "Half of the zeros stand before the row.") { k, d in
          Ends(before: 0, after: d * (k - 1))
        },
        Decoy("k for k − 1", "The kernel spans d(k−1)+1 cells, and one of them is the cell itself.")
        {
          k, d in Ends(before: d * k / 2, after: d * k - d * k / 2)
        },
        Decoy("the whole span", "d(k−1)+1 cells are spanned; one of them lies on the row: d(k−1).")
        {
          k, d in
          let span = d * (k - 1) + 1
          return Ends(before: span / 2, after: span - span / 2)
        },
        Decoy("half of the span at both ends", "Of an odd total one end gets one more.") { k, d in
          Ends(before: (d * (k - 1) + 1) / 2, after: (d * (k - 1) + 1) / 2)
        },
        Decoy("halved before it was dilated", "First d(k−1), then the half of it.") { k, d in
          Ends(before: d * ((k - 1) / 2), after: d * ((k - 1) / 2))
        },
        Decoy("only the part before halved before it was dilated", "Half of d(k−1) stands before.")
        {
          k, d in Ends(before: d * ((k - 1) / 2), after: d * (k - 1) - d * ((k - 1) / 2))
        },
        Decoy("always one more at the end", "Only an odd total has one more at the end.") { k, d in
          Ends(before: d * (k - 1) / 2, after: d * (k - 1) / 2 + 1)
        },
        Decoy("k/2 at both ends, dilation forgotten", "The kernel spans d(k−1)+1 cells.") { k, _ in
          Ends(before: k / 2, after: k / 2)
        },
        Decoy("half of k−1 at both ends, dilation forgotten", "The kernel spans d(k−1)+1 cells.") {
          k, _ in Ends(before: (k - 1) / 2, after: (k - 1) / 2)
        },
        Decoy("k + d − 2 in all", "The holes count for each of the k − 1 steps: d(k−1).") { k, d in
          Ends(before: (k + d - 2) / 2, after: k + d - 2 - (k + d - 2) / 2)
        },
      ])
  }
}
