internal import ConvolutionArithmetic
public import ExerciseKit

extension Exercises {
  public static var outputSize: Exercise<(Int, Int, Int, Int), Int?> {
    Exercise(
      "outputSize", lesson: 5, title: "the output size of a strided convolution",
      hints: [
        "How far can the kernel move from its first place before it leaves the padded row? How many "
          + "steps is that?",
        "o = ⌊(i + 2p − k)/s⌋ + 1, for i + 2p ≥ k.",
        "let room = input + 2 * padding - kernelSize; nil if it is negative, else room / stride + 1.",
      ],
      cases: {
        [
          (1, 1, 1, 0), (2, 3, 2, 0), (1, 4, 1, 0), (1, 4, 1, 1), (2, 3, 2, 1), (4, 3, 3, 0),
          (5, 3, 1, 0), (5, 3, 2, 1), (6, 3, 2, 1), (3, 4, 3, 0), (7, 3, 3, 0), (1, 3, 1, 1),
          (1, 5, 1, 1), (2, 1, 2, 3), (4, 5, 2, 0), (9, 2, 4, 0), (2, 30, 3, 2), (224, 7, 2, 3),
          (500, 3, 1, 100), (227, 11, 4, 0),
          // Beyond every picture, and beyond the whole numbers of a Float.
          (100_000_001, 2, 2, 0),
        ]
      },
      show: { i, k, s, p in
        named(("input", i), ("kernelSize", k), ("stride", s), ("padding", p))
      },
      expected: { i, k, s, p in
        try? Window(kernelSize: k, stride: s, padding: p).outputSize(input: i)
      },
      arithmetic: { input, _ in
        let (i, k, s, p) = input
        let room = i + 2 * p - k
        guard room >= 0 else {
          return ["i + 2p − k = \(i) + 2·\(p) − \(k) = \(room) is negative: no place, nil"]
        }
        return [
          "⌊(i + 2p − k)/s⌋ + 1 = ⌊(\(i) + 2·\(p) − \(k))/\(s)⌋ + 1 = ⌊\(room)/\(s)⌋ + 1"
            + " = \(room / s + 1)"
        ]
      },
      replay: { i, k, s, p in sizeCommand("conv", i, k, s, p) },
      decoys: [
        Decoy("ceil taken for floor", "A last window that hangs over the end does not count.") {
          i, k, s, p in i + 2 * p < k ? nil : (i + 2 * p - k + s - 1) / s + 1
        },
        Decoy("the first place forgotten", "The steps are counted, not the places: add 1.") {
          i, k, s, p in i + 2 * p < k ? nil : (i + 2 * p - k) / s
        },
        Decoy("padding at one end only", "There are p zeros at each end, 2p in all.") {
          i, k, s, p in
          i + p < k ? nil : (i + p - k) / s + 1
        },
        Decoy("a window that does not fit", "Where i + 2p < k there is no place at all: nil.") {
          i, k, s, p in (i + 2 * p - k) / s + 1
        },
        Decoy("padding forgotten", "The kernel slides over the padded row: i + 2p cells.") {
          i, k, s, _ in i < k ? nil : (i - k) / s + 1
        },
        Decoy("nil wherever i < k", "The kernel fits where i + 2p ≥ k, not only i ≥ k.") {
          i, k, s, p in i < k ? nil : (i + 2 * p - k) / s + 1
        },
        Decoy("nil wherever i + p < k", "The kernel fits where i + 2p ≥ k, not only i + p ≥ k.") {
          i, k, s, p in i + p < k ? nil : (i + 2 * p - k) / s + 1
        },
        Decoy("a kernel as long as the row refused", "With i + 2p = k there is one place.") {
          i, k, s, p in i + 2 * p <= k ? nil : (i + 2 * p - k) / s + 1
        },
        Decoy("0 for nil", "Where the kernel does not fit the answer is nil.") { i, k, s, p in
          i + 2 * p < k ? 0 : (i + 2 * p - k) / s + 1
        },
        Decoy("stride forgotten", "Only every s-th place counts: divide by the stride.") {
          i, k, s, p in
          i + 2 * p < k ? nil : i + 2 * p - k + 1
        },
        Decoy("kernel forgotten", "The kernel can move by i + 2p − k cells.") { i, k, s, p in
          i + 2 * p < k ? nil : (i + 2 * p) / s + 1
        },
        Decoy("the 1 added before the division", "⌊room/s⌋ steps, and one place more.") {
          i, k, s, p in
          i + 2 * p < k ? nil : (i + 2 * p - k + 1) / s
        },
        Decoy("k − 1 for k", "The kernel can move by i + 2p − k cells.") { i, k, s, p in
          i + 2 * p < k ? nil : (i + 2 * p - k + 1) / s + 1
        },
        Decoy("only the kernel divided", "All of i + 2p − k is divided by the stride.") {
          i, k, s, p in
          i + 2 * p < k ? nil : i + 2 * p - k / s + 1
        },
        Decoy("padding taken away", "Padding makes the row longer.") { i, k, s, p in
          i - 2 * p < k ? nil : (i - 2 * p - k) / s + 1
        },
      ])
  }
}

/// `convbook size OP …`, which shows the formula line by line.
func sizeCommand(_ operation: String, _ i: Int, _ k: Int, _ s: Int, _ p: Int) -> String {
  "convbook size \(operation) --input \(i) --kernel \(k) --stride \(s) --padding \(p)"
}
