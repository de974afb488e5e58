internal import ConvolutionArithmetic
public import ExerciseKit

extension Exercises {
  public static var poolOutputSize: Exercise<(Int, Int, Int, Int, Bool), Int> {
    Exercise(
      "poolOutputSize", lesson: 8, title: "the output size of a pooling, floor or ceil",
      hints: [
        "Where does the last window begin if it may hang over the end? Does it still read an input "
          + "cell?",
        "floor: ⌊(i + 2p − k)/s⌋ + 1. ceil: o = ⌈(i + 2p − k)/s⌉ + 1, less 1 if (o − 1)s ≥ i + p.",
        "For whole numbers ⌈a/s⌉ is (a + stride - 1) / stride; then compare (output - 1) * stride "
          + "with input + padding.",
      ],
      cases: {
        [
          (2, 2, 2, 0, false), (1, 1, 2, 0, true), (2, 1, 2, 0, true), (3, 2, 2, 0, false),
          (3, 2, 2, 0, true), (3, 2, 4, 0, true), (1, 4, 2, 2, true), (1, 4, 3, 2, true),
          (2, 4, 3, 2, true), (3, 2, 2, 1, false), (4, 3, 1, 0, true),
          (4, 3, 1, 1, false), (5, 2, 2, 1, true), (6, 2, 2, 1, true), (7, 3, 2, 1, true),
          (7, 2, 3, 1, true), (5, 1, 3, 0, true), (7, 5, 2, 1, true), (8, 5, 2, 2, true),
          (9, 3, 4, 1, false), (175, 2, 2, 0, true), (175, 2, 2, 0, false), (112, 3, 2, 1, true),
        ]
      },
      show: { i, k, s, p, ceil in
        named(("input", i), ("kernelSize", k), ("stride", s), ("padding", p))
          + [Shown("ceil", text: "\(ceil)")]
      },
      expected: { i, k, s, p, ceil in
        try Window(kernelSize: k, stride: s, padding: p)
          .rounding(ceil ? .ceil : .floor).outputSize(input: i)
      },
      arithmetic: { input, _ in
        let (i, k, s, p, ceil) = input
        let room = i + 2 * p - k
        guard ceil else {
          return ["⌊(\(i) + 2·\(p) − \(k))/\(s)⌋ + 1 = ⌊\(room)/\(s)⌋ + 1 = \(room / s + 1)"]
        }
        let output = (room + s - 1) / s + 1
        let isCut = (output - 1) * s >= i + p
        return [
          "⌈(\(i) + 2·\(p) − \(k))/\(s)⌉ + 1 = ⌈\(room)/\(s)⌉ + 1 = \(output)",
          "the last window begins at (\(output) − 1)·\(s) = \((output - 1) * s) of the padded row; "
            + "input and padding before it end at \(i) + \(p) = \(i + p)",
          isCut ? "so it is dropped: \(output) − 1 = \(output - 1)" : "so it stays: \(output)",
        ]
      },
      replay: { i, k, s, p, ceil in
        sizeCommand("max-pool", i, k, s, p) + (ceil ? " --ceil-mode" : "")
      },
      decoys: [
        Decoy("floor taken for ceil", "With ceil a last window that hangs over the end counts.") {
          i, k, s, p, _ in (i + 2 * p - k) / s + 1
        },
        Decoy(
          "last window not cut", "A window that begins in the padding after the input is dropped."
        ) { i, k, s, p, ceil in (i + 2 * p - k + (ceil ? s - 1 : 0)) / s + 1 },
        Decoy("ceil taken for floor", "Without ceil the window must lie within the padded row.") {
          i, k, s, p, _ in
          try Window(kernelSize: k, stride: s, padding: p).rounding(.ceil).outputSize(input: i)
        },
        Decoy("one more whenever ceil", "⌈a/s⌉ is ⌊a/s⌋ + 1 only where s does not divide a.") {
          i, k, s, p, ceil in (i + 2 * p - k) / s + 1 + (ceil ? 1 : 0)
        },
        Decoy(
          "a window just at the end kept", "One that begins at (o − 1)s = i + p is dropped, too."
        ) {
          i, k, s, p, ceil in cut(i, k, s, p, ceil) { $0 > i + p }
        },
        Decoy("Caffe's rule", "Caffe cuts only where there is padding; here always.") {
          i, k, s, p, ceil in cut(i, k, s, p, ceil) { p > 0 && $0 >= i + p }
        },
        Decoy(
          "cut at the input's size",
          "Windows are counted in the padded row, where it ends at i + p."
        ) {
          i, k, s, p, ceil in cut(i, k, s, p, ceil) { $0 >= i }
        },
        Decoy("the next window asked", "The last window begins at (o − 1)s.") { i, k, s, p, ceil in
          cut(i, k, s, p, ceil) { $0 + s >= i + p }
        },
        Decoy("padding forgotten", "Windows move over the padded row: i + 2p − k.") {
          i, k, s, _, ceil in
          cut(i, k, s, 0, ceil) { $0 >= i }
        },
        Decoy("the first window forgotten", "The steps are counted, not the windows: add 1.") {
          i, k, s, p, ceil in cut(i, k, s, p, ceil) { $0 >= i + p } - 1
        },
      ])
  }
}

/// The size before it is cut, less 1 where the place of the last window says so.
private func cut(
  _ i: Int, _ k: Int, _ s: Int, _ p: Int, _ ceil: Bool, _ isCut: (Int) -> Bool
) -> Int {
  let room = i + 2 * p - k
  guard ceil else { return room / s + 1 }
  let output = (room + s - 1) / s + 1
  return isCut((output - 1) * s) ? output - 1 : output
}
