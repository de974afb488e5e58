internal import ConvolutionArithmetic
public import ExerciseKit

extension Exercises {
  public static var equivalentPadding: Exercise<(Int, Int, Int), Int> {
    Exercise(
      "equivalentPadding", lesson: 13, title: "p′, the padding of the equivalent convolution",
      hints: [
        "With p = 0, how many kernel cells may hang over the end so that every stamp is complete?",
        "p′ = d(k−1) − p.",
        "The kernel reaches dilation * (kernelSize - 1) cells beyond its first; take padding away.",
      ],
      cases: {
        [
          (1, 1, 0), (1, 3, 2), (3, 1, 0), (3, 1, 1), (3, 1, 2), (4, 1, 1), (3, 2, 1), (2, 1, 3),
          (5, 3, 4),
        ]
      },
      show: { k, d, p in named(("kernelSize", k), ("dilation", d), ("padding", p)) },
      expected: { k, d, p in
        try Window(kernelSize: k, dilation: d, padding: p).transposed()
          .equivalentConvolution().paddingBefore
      },
      arithmetic: { input, _ in
        let (k, d, p) = input
        return [
          "d(k−1) − p = \(d)·(\(k)−1) − \(p) = \(d * (k - 1)) − \(p) = \(d * (k - 1) - p)"
        ]
      },
      decoys: [
        Decoy("p used for p′", "p is what the transpose takes away; p′ is what the sum needs.") {
          _, _, p in p
        },
        Decoy("dilation forgotten", "The kernel reaches d(k−1) cells, not k − 1.") { k, _, p in
          k - 1 - p
        },
        Decoy("k for k − 1", "The first cell of the kernel lies on the row already.") { k, d, p in
          d * k - p
        },
        Decoy("never negative", "Where p exceeds d(k−1), cells are cut off: p′ < 0.") { k, d, p in
          max(0, d * (k - 1) - p)
        },
        Decoy("without its sign", "Where p exceeds d(k−1), cells are cut off: p′ < 0.") { k, d, p in
          abs(d * (k - 1) - p)
        },
        Decoy("padding forgotten", "Each cell of p takes one away: d(k−1) − p.") { k, d, _ in
          d * (k - 1)
        },
        Decoy("padding added", "Each cell of p takes one away: d(k−1) − p.") { k, d, p in
          d * (k - 1) + p
        },
        Decoy("padding taken away twice", "p′ is the padding at one end: p, not 2p.") { k, d, p in
          d * (k - 1) - 2 * p
        },
        Decoy("padding dilated, too", "Only the kernel is dilated: d(k−1) − p.") { k, d, p in
          d * (k - 1 - p)
        },
        Decoy("d·k − 1", "The kernel reaches d(k−1) cells beyond its first.") { k, d, p in
          d * k - 1 - p
        },
        Decoy("half of the kernel", "Every stamp must be whole: all of d(k−1), less p.") {
          k, d, p in
          d * (k - 1) / 2 - p
        },
      ])
  }
}
