public import ExerciseKit
internal import Primitives
public import Tensors

extension Exercises {
  public static var flipped: Exercise<Tensor<Int>, Tensor<Int>> {
    Exercise(
      "flipped", lesson: 2, title: "kernels turned by 180°",
      hints: [
        "Where does the kernel's first cell end up? Which number moves to the top right corner?",
        "result[m, c, r, q] = w[m, c, height − 1 − r, width − 1 − q].",
        "Start with var result = w; in four loops set result[m, c, row, column] = "
          + "w[m, c, w.height - 1 - row, w.width - 1 - column].",
      ],
      cases: {
        [
          Tensor(row: [1, 0, -1]), Tensor([[1, 2], [3, 4]]), tensor([1, 1, 2, 3], seed: 5),
          tensor([1, 2, 3, 2], seed: 6), tensor([2, 3, 2, 4], seed: 7),
        ]
      },
      show: { w in [Shown("w", w)] },
      expected: { w in w.flipped() },
      arithmetic: { w, cell in
        let (row, column) = (w.height - 1 - cell[2], w.width - 1 - cell[3])
        let value = w[cell[0], cell[1], row, column]
        return [
          "row \(cell[2]) comes from row \(w.height) − 1 − \(cell[2]) = \(row), column \(cell[3]) "
            + "from column \(w.width) − 1 − \(cell[3]) = \(column)",
          "w[\(cell[0]), \(cell[1]), \(row), \(column)] = \(value)",
        ]
      },
      decoys: [
        Decoy("only the rows reversed", "Columns are reversed as well.") { w in
          reindexed(w) { [$0[0], $0[1], w.height - 1 - $0[2], $0[3]] }
        },
        Decoy("only the columns reversed", "Rows are reversed as well.") { w in
          reindexed(w) { [$0[0], $0[1], $0[2], w.width - 1 - $0[3]] }
        },
        Decoy(
          "channels reversed too",
          "All elements were reversed; the order of the channels must stay."
        ) { w in
          Tensor(shape: w.shape, elements: w.elements.reversed())
        },
        Decoy("rows and columns swapped", "A turn by 180° is no transposition.") { w in
          let turned = Tensor<Int>.zeros([w.batch, w.channels, w.width, w.height])
          return reindexed(turned, from: w) { [$0[0], $0[1], $0[3], $0[2]] }
        },
        Decoy("given back as it was", "Rows and columns come in reverse order.") { $0 },
        Decoy(
          "half of it turned, then turned back",
          "The second half is as it was: what it reads must not have been overwritten before."
        ) { w in
          var result = w
          for position in w.elements.indices {
            let at = w.coordinates(of: position)
            result[at[0], at[1], at[2], at[3]] =
              result[at[0], at[1], w.height - 1 - at[2], w.width - 1 - at[3]]
          }
          return result
        },
        Decoy("turned by 90°", "A turn by 180° keeps height and width.") { w in
          let like = Tensor<Int>.zeros([w.batch, w.channels, w.width, w.height])
          return reindexed(like, from: w) { [$0[0], $0[1], w.height - 1 - $0[3], $0[2]] }
        },
        Decoy("only the first kernel turned", "Every kernel is turned, of all channels.") { w in
          reindexed(w) {
            $0[0] + $0[1] > 0 ? $0 : [0, 0, w.height - 1 - $0[2], w.width - 1 - $0[3]]
          }
        },
        Decoy("every channel is channel 0", "result[m, c] is the kernel w[m, c], turned.") { w in
          reindexed(w) { [$0[0], 0, w.height - 1 - $0[2], w.width - 1 - $0[3]] }
        },
      ])
  }
}

/// A tensor of the shape of `like` whose cell at p is the cell of `source` at `place(p)`.
func reindexed(
  _ like: Tensor<Int>, from source: Tensor<Int>? = nil, _ place: ([Int]) -> [Int]
) -> Tensor<Int> {
  let source = source ?? like
  return Tensor(
    shape: like.shape,
    elements: (0..<like.shape.count).map { position in
      let from = place(like.coordinates(of: position))
      return source[from[0], from[1], from[2], from[3]]
    })
}
