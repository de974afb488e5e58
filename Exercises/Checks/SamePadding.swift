internal import ConvolutionArithmetic
public import ExerciseKit
internal import Tensors

extension Exercises {
  /// Lesson 4: the padding that keeps the size.
  public static let samePadding = Exercise<(Int, Int), Ends>(
    "samePadding", lesson: 4, title: "the padding that keeps a row's length",
    hints: [
      "How many cells does a row lose under a kernel of 3? Under one of 2?",
      "In all d(k−1) zeros; before ⌊d(k−1)/2⌋, after the rest.",
      "let total = dilation * (kernelSize - 1); return Ends(before: total / 2, after: …).",
    ],
    cases: {
      [(1, 1), (2, 1), (3, 1), (4, 1), (3, 2), (2, 3), (4, 3), (5, 2), (11, 1), (7, 5)]
    },
    show: { k, d in named(("kernelSize", k), ("dilation", d)) },
    expected: { k, d in
      let padding = try PaddingRule.same.padding(
        input: 9, kernelSize: Size(k), dilation: Size(d))
      return Ends(before: padding.left, after: padding.right)
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
      Decoy("k/2 at both ends", "An even kernel needs an odd number of zeros; k/2 twice is even.") {
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
    ])
}
