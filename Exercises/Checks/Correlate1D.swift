internal import ConvolutionArithmetic
public import ExerciseKit
internal import LessonKit
internal import Primitives
internal import Tensors

extension Exercises {
  public static var correlate1D: Exercise<([Int], [Int]), [Int]> {
    Exercise(
      "correlate1D", lesson: 1, title: "the sliding dot product of a row and a kernel",
      hints: [
        "How many places are there for 3 kernel cells along 5 input cells? Which inputs does the "
          + "second place read?",
        "y[o] = Σ over k of x[o + k] · w[k], for o = 0 … i − k.",
        "Map each o in 0...x.count - w.count to a sum that runs over w.indices and adds "
          + "x[o + k] * w[k].",
      ],
      cases: {
        [
          ([3], [2]), ([1, 2], [3, 5]), ([1, 2, 3], [2]), ([1, 2, 3, 4, 5], [1, 0, -1]),
          ([4, -1, 2, 7], [2, 3]),
          (numbers(9, seed: 1), numbers(4, seed: 2)), (numbers(20, seed: 3), numbers(7, seed: 4)),
          // Products that 32 bits do not hold.
          ([70_000, -3, 50_000], [60_000, 2]),
        ]
      },
      show: { x, w in [Shown("x", x), Shown("w", w)] },
      expected: { x, w in try convolve(row(x), row(w)).elements },
      arithmetic: { input, cell in
        let (x, w) = input
        guard cell[0] <= x.count - w.count else {
          return [
            "the last place is i − k = \(x.count) − \(w.count) = \(x.count - w.count); "
              + "place \(cell[0]) would read beyond the row"
          ]
        }
        return try cellArithmetic(.convolution(row(input.0), row(input.1)), [0, 0, 0] + cell)
      },
      replay: { x, w in traceCommand("conv", row(x), row(w)) },
      decoys: [
        Decoy("kernel flipped", "w[0] meets the first input of a place: x[o + k] · w[k].") { x, w in
          try convolve(row(x), row(w.reversed())).elements
        },
        Decoy("one place too few", "The last place, o = i − k, counts too.") { x, w in
          Array(try convolve(row(x), row(w)).elements.dropLast())
        },
        Decoy("padded", "The kernel must lie wholly on the row; no zeros stand beside it.") {
          x, w in
          let all = w.count - 1
          return try convolve(
            row(x), row(w), padding: Padding(top: 0, left: all, bottom: 0, right: all)
          ).elements
        },
        Decoy("only the first product", "All k products of a place are added up.") { x, w in
          (0...x.count - w.count).map { x[$0] * w[0] }
        },
        Decoy(
          "only the last product", "All k products of a place are added: y[o] += x[o + k] · w[k]."
        ) {
          x, w in (0...x.count - w.count).map { x[$0 + w.count - 1] * w[w.count - 1] }
        },
        Decoy("the first place everywhere", "Place o begins at x[o].") { x, w in
          let first = w.indices.reduce(0) { $0 + x[$1] * w[$1] }
          return (0...x.count - w.count).map { _ in first }
        },
        Decoy("one input for the whole kernel", "w[k] meets x[o + k], not x[o].") { x, w in
          (0...x.count - w.count).map { x[$0] * w.reduce(0, +) }
        },
        Decoy("places after the end", "The kernel must lie wholly on the row.") { x, w in
          x.indices.map { o in
            w.indices.reduce(0) { $0 + (o + $1 < x.count ? x[o + $1] * w[$1] : 0) }
          }
        },
        Decoy("steps as long as the kernel", "The kernel moves on by one cell.") { x, w in
          stride(from: 0, through: x.count - w.count, by: w.count).map { o in
            w.indices.reduce(0) { $0 + x[o + $1] * w[$1] }
          }
        },
        Decoy("added instead of multiplied", "Each term is a product: x[o + k] · w[k].") { x, w in
          (0...x.count - w.count).map { o in w.indices.reduce(0) { $0 + x[o + $1] + w[$1] } }
        },
      ])
  }
}
