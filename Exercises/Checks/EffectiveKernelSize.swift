internal import ConvolutionArithmetic
public import ExerciseKit

extension Exercises {
  public static var effectiveKernelSize: Exercise<(Int, Int), Int> {
    Exercise(
      "effectiveKernelSize", lesson: 6, title: "the span of a dilated kernel",
      hints: [
        "Draw three kernel cells with one hole between neighbours. How many steps is it from the "
          + "first to the last?",
        "k̂ = d(k−1) + 1.",
        "There are kernelSize - 1 steps of dilation cells each, and the cell you start on.",
      ],
      cases: {
        [(1, 1), (1, 4), (3, 1), (3, 2), (2, 3), (3, 4), (4, 2), (5, 3), (7, 6), (3, 100)]
      },
      show: { k, d in named(("kernelSize", k), ("dilation", d)) },
      expected: { k, d in
        let taps = try Window(kernelSize: k, dilation: d).axis(input: d * k).taps(ofOutput: 0)
        return taps[taps.count - 1].input - taps[0].input + 1
      },
      arithmetic: { input, _ in
        let (k, d) = input
        return ["d(k−1) + 1 = \(d)·(\(k)−1) + 1 = \(d)·\(k - 1) + 1 = \(d * (k - 1) + 1)"]
      },
      decoys: [
        Decoy("d times k", "The last kernel cell has no holes after it.") { k, d in d * k },
        Decoy(
          "dilation taken for the number of holes", "With d = 1 there are no holes, with d = 2 one."
        ) { k, d in k + (k - 1) * d },
        Decoy("dilation forgotten", "The holes count, too.") { k, _ in k },
        Decoy("the first cell forgotten", "Steps were counted, not cells: add 1.") { k, d in
          d * (k - 1)
        },
        Decoy("k + d", "There are d cells for each of the k − 1 steps: multiply.") { k, d in k + d
        },
        Decoy("k + d − 1", "There are d cells for each of the k − 1 steps: multiply.") { k, d in
          k + d - 1
        },
        Decoy("d·k − 1", "There are k − 1 steps of d cells: d(k−1) + 1.") { k, d in d * k - 1 },
        Decoy("d·k + 1", "There are k − 1 steps of d cells: d(k−1) + 1.") { k, d in d * k + 1 },
        Decoy("d − 1 steps of k cells", "The steps are k − 1, each of d cells.") { k, d in
          k * (d - 1) + 1
        },
        Decoy("one gap only", "Each of the k − 1 gaps has d − 1 holes.") { k, d in
          k + (k > 1 ? d - 1 : 0)
        },
        Decoy("the holes alone", "The k cells themselves count, too.") { k, d in (k - 1) * (d - 1)
        },
      ])
  }
}
