internal import ConvolutionArithmetic
public import ExerciseKit
internal import LessonKit
internal import Primitives
public import Tensors

extension Exercises {
  public static var convolve2D: Exercise<(Tensor<Int>, Tensor<Int>), Tensor<Int>> {
    Exercise(
      "convolve2D", lesson: 3, title: "the sliding window over a map",
      hints: [
        "Which four numbers of x does a 2×2 window see when it stands one column to the right?",
        "y[r, c] = Σ over (a, b) of x[r + a, c + b] · w[a, b].",
        "Make y with Tensor<Int>.zeros([1, 1, x.height - w.height + 1, x.width - w.width + 1]); in "
          + "four loops add x[0, 0, row + a, column + b] * w[0, 0, a, b] to y[0, 0, row, column].",
      ],
      cases: {
        [
          (Tensor([[1, 2, 3]]), Tensor([[2, 5]])), (Tensor([[1, 2, 3]]), Tensor([[4]])),
          (Tensor([[1], [2], [3]]), Tensor([[2], [5]])),
          (Tensor([[3, 3, 2], [0, 0, 1], [3, 1, 2]]), Tensor([[0, 1], [2, 2]])),
          (tensor([1, 1, 3, 5], seed: 8), tensor([1, 1, 2, 3], seed: 9)), (guideInput, guideKernel),
          (tensor([1, 1, 6, 5], seed: 114), tensor([1, 1, 2, 3], seed: 115)),
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
        Decoy("kernel flipped", "w[a, b] meets x[r + a, c + b]: the kernel is taken as it lies.") {
          x, w in try convolve(x, w.flipped())
        },
        Decoy("rows and columns swapped", "The first index is the row, the second the column.") {
          x, w in transposedMap(try convolve(x, w))
        },
        Decoy("one place too few", "There are height − kernel height + 1 places, both ways.") {
          x, w in
          let y = try convolve(x, w)
          return reindexed(.zeros([1, 1, y.height - 1, y.width - 1]), from: y) { $0 }
        },
        Decoy("only the last product", "The products of a place are added: y[r, c] += …") { x, w in
          try windows(x, w) { $0.last! * $1.last! }
        },
        Decoy("only the first product", "The products of a place are added up, all of them.") {
          x, w in try windows(x, w) { $0[0] * $1[0] }
        },
        Decoy("the first place everywhere", "Place (r, c) reads x[r + a, c + b].") { x, w in
          let y = try convolve(x, w)
          return reindexed(y) { _ in [0, 0, 0, 0] }
        },
        Decoy("one input for the whole kernel", "w[a, b] meets x[r + a, c + b], not x[r, c].") {
          x, w in try windows(x, w) { $0[0] * $1.reduce(0, +) }
        },
        Decoy("only the first row of the kernel", "The sum runs over all rows of the kernel.") {
          x, w in try windows(x, w) { zip($0, $1.prefix(w.width)).reduce(0) { $0 + $1.0 * $1.1 } }
        },
        Decoy("only the rows of the kernel reversed", "The kernel is taken as it lies.") { x, w in
          try convolve(x, reindexed(w) { [0, 0, w.height - 1 - $0[2], $0[3]] })
        },
        Decoy("only the columns of the kernel reversed", "The kernel is taken as it lies.") {
          x, w in
          try convolve(x, reindexed(w) { [0, 0, $0[2], w.width - 1 - $0[3]] })
        },
        Decoy("places after the edges", "The kernel must lie wholly on the map.") { x, w in
          try convolve(
            x, w, padding: Padding(top: 0, left: 0, bottom: w.height - 1, right: w.width - 1))
        },
        Decoy("one row too few", "There are height − kernel height + 1 rows of places.") { x, w in
          let y = try convolve(x, w)
          return reindexed(.zeros([1, 1, y.height - 1, y.width]), from: y) { $0 }
        },
        Decoy("added instead of multiplied", "Each term is a product.") { x, w in
          try windows(x, w) { $0.reduce(0, +) + $1.reduce(0, +) }
        },
      ])
  }
}

/// Each map with its rows as columns.
func transposedMap(_ x: Tensor<Int>) -> Tensor<Int> {
  reindexed(.zeros([x.batch, x.channels, x.width, x.height]), from: x) {
    [$0[0], $0[1], $0[3], $0[2]]
  }
}

/// One number for each place of the kernel, of what it sees and of its own cells.
private func windows(
  _ x: Tensor<Int>, _ w: Tensor<Int>, _ value: ([Int], [Int]) -> Int
) throws -> Tensor<Int> {
  try pooled(x, w.size, 1) { value($0, w.elements) }
}
