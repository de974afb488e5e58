internal import ConvolutionArithmetic
public import ExerciseKit

extension Exercises {
  public static var outputPadding: Exercise<(Int, Int, Int, Int), Int> {
    Exercise(
      "outputPadding", lesson: 14, title: "the output padding that restores a size",
      hints: [
        "How many cells at the far end did the last window of the forward convolution not reach?",
        "a = (i + 2p − k) mod s.",
        "It is what the floor of the output size throws away: "
          + "(input + 2 * padding - kernelSize) % stride.",
      ],
      cases: {
        [
          (3, 3, 1, 0), (4, 1, 2, 0), (5, 3, 2, 1), (6, 3, 2, 1), (7, 3, 3, 1), (8, 3, 3, 1),
          (9, 4, 3, 2),
          (18, 5, 3, 2), (224, 7, 4, 3), (10, 5, 4, 1),
        ]
      },
      show: { i, k, s, p in
        named(("input", i), ("kernelSize", k), ("stride", s), ("padding", p))
      },
      expected: { i, k, s, p in
        let window = try Window(kernelSize: k, stride: s, padding: p)
        let output = try window.outputSize(input: i)
        return i - (try window.transposed().outputSize(input: output))
      },
      arithmetic: { input, _ in
        let (i, k, s, p) = input
        let room = i + 2 * p - k
        return [
          "forward: ⌊\(room)/\(s)⌋ + 1 = \(room / s + 1); back without output padding: "
            + "\(s)·(\(room / s + 1) − 1) + \(k) − 2·\(p) = \(s * (room / s) + k - 2 * p)",
          "(i + 2p − k) mod s = (\(i) + 2·\(p) − \(k)) mod \(s) = \(room) mod \(s) = \(room % s)",
        ]
      },
      decoys: [
        Decoy("padding at one end only", "The forward row has 2p more cells.") { i, k, s, p in
          ((i + p - k) % s + s) % s
        },
        Decoy("always stride − 1", "That restores the largest of the candidates.") { _, _, s, _ in
          s - 1
        },
        Decoy(
          "what is missing to the next step", "The remainder itself is asked for, not s minus it."
        ) { i, k, s, p in (s - (i + 2 * p - k) % s) % s },
        Decoy("kernel forgotten", "The room in which the window moves is i + 2p − k.") {
          i, _, s, p in
          (i + 2 * p) % s
        },
        Decoy("padding forgotten", "The forward row has 2p more cells.") { i, k, s, _ in
          ((i - k) % s + s) % s
        },
        Decoy("the quotient", "The remainder is asked for; the quotient counts the steps.") {
          i, k, s, p in (i + 2 * p - k) / s
        },
        Decoy("k − 1 for k", "The room in which the window moves is i + 2p − k.") { i, k, s, p in
          (i + 2 * p - k + 1) % s
        },
        Decoy("the input's remainder", "The room in which the window moves is i + 2p − k.") {
          i, _, s, _ in i % s
        },
        Decoy(
          "the size without output padding", "What is missing from it to the input is asked for."
        ) {
          i, k, s, p in s * ((i + 2 * p - k) / s) + k - 2 * p
        },
        Decoy("the input not wholly restored", "It restores i exactly: i less the size without it.")
        {
          i, k, s, p in max(0, (i + 2 * p - k) % s - 1)
        },
        Decoy("1 wherever something is left", "All the cells left over are meant.") { i, k, s, p in
          (i + 2 * p - k) % s == 0 ? 0 : 1
        },
      ])
  }
}
