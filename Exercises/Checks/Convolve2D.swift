public import ExerciseKit
internal import LessonKit
internal import Primitives
public import Tensors

extension Exercises {
  /// Lesson 3: the window in two dimensions.
  public static let convolve2D = Exercise<(Tensor<Int>, Tensor<Int>), Tensor<Int>>(
    "convolve2D", lesson: 3, title: "the sliding window over a map",
    hints: [
      "Which four numbers of x does a 2×2 window see when it stands one column to the right?",
      "y[r, c] = Σ over (a, b) of x[r + a, c + b] · w[a, b].",
      "Make y with Tensor<Int>.zeros([1, 1, x.height - w.height + 1, x.width - w.width + 1]); in "
        + "four loops add x[0, 0, row + a, column + b] * w[0, 0, a, b] to y[0, 0, row, column].",
    ],
    cases: {
      [
        (Tensor([[1, 2, 3]]), Tensor([[2, 5]])), (Tensor([[1], [2], [3]]), Tensor([[2], [5]])),
        (Tensor([[3, 3, 2], [0, 0, 1], [3, 1, 2]]), Tensor([[0, 1], [2, 2]])),
        (tensor([1, 1, 3, 5], seed: 8), tensor([1, 1, 2, 3], seed: 9)), (guideInput, guideKernel),
        (tensor([1, 1, 7, 6], seed: 10), tensor([1, 1, 4, 2], seed: 11)),
      ]
    },
    show: { x, w in [Shown("x", x), Shown("w", w)] },
    expected: { x, w in try convolve(x, w) },
    arithmetic: { input, cell in
      try cellArithmetic(.convolution(input.0, input.1), cell)
    },
    replay: { x, w in traceCommand("conv", x, w) },
    decoys: [
      Decoy("kernel flipped", "The kernel was turned by 180°; here it is taken as it lies.") {
        x, w in try convolve(x, w.flipped())
      },
      Decoy("rows and columns swapped", "The first index is the row, the second the column.") {
        x, w in transposedMap(try convolve(x, w))
      },
      Decoy("rows and columns of the kernel swapped", "The kernel was read column by column.") {
        x, w in
        let across = transposedMap(w)
        guard across.height <= x.height, across.width <= x.width else { return x }
        return try convolve(x, across)
      },
      Decoy("one place too few", "There are height − kernel height + 1 places, both ways.") {
        x, w in
        let y = try convolve(x, w)
        return reindexed(.zeros([1, 1, max(1, y.height - 1), max(1, y.width - 1)]), from: y) { $0 }
      },
    ])
}

/// The 5×5 input that the guide to convolution arithmetic uses throughout.
let guideInput = Tensor<Int>([
  [3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1],
])

/// The guide's 3×3 kernel.
let guideKernel = Tensor<Int>([[0, 1, 2], [2, 2, 0], [0, 1, 2]])

/// Each map with its rows as columns.
func transposedMap(_ x: Tensor<Int>) -> Tensor<Int> {
  reindexed(.zeros([x.batch, x.channels, x.width, x.height]), from: x) {
    [$0[0], $0[1], $0[3], $0[2]]
  }
}
