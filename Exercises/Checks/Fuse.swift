public import ExerciseKit
public import Tensors

extension Exercises {
  public static var fuse: Exercise<(Tensor<Int>, Tensor<Int>, Int), Tensor<Int>> {
    Exercise(
      "fuse", lesson: 28, title: "a skip cropped and added",
      hints: [
        "Which cell of the skip lies over cell (0, 0) of the coarse scores?",
        "sum[c, r, q] = coarse[c, r, q] + skip[c, r + offset, q + offset].",
        "Begin with var sum = coarse and add skip[0, c, row + offset, column + offset] in three loops.",
      ],
      cases: {
        [
          (row([10, 20]), row([1, 2]), 0), (Tensor([[10]]), Tensor([[1, 2], [3, 4]]), 1),
          (Tensor([[10, 20]]), Tensor([[1, 2, 3, 4], [5, 6, 7, 8]]), 1),
          (tensor([1, 2, 2, 3], seed: 59), tensor([1, 2, 5, 6], seed: 60), 2),
          (tensor([1, 3, 4, 2], seed: 61), tensor([1, 3, 10, 11], seed: 62), 5),
          (tensor([1, 1, 2, 2], seed: 63), tensor([1, 1, 4, 4], seed: 64), 0),
        ]
      },
      show: { coarse, skip, offset in
        [Shown("coarse", coarse), Shown("skip", skip), Shown("offset", offset)]
      },
      expected: { coarse, skip, offset in fused(coarse, skip, offset, offset) },
      arithmetic: { input, cell in
        let (coarse, skip, offset) = input
        let (row, column) = (cell[2] + offset, cell[3] + offset)
        let (a, b) = (coarse[0, cell[1], cell[2], cell[3]], skip[0, cell[1], row, column])
        return [
          "coarse (\(cell[2]), \(cell[3])) + skip (\(row), \(column)) = \(a) + \(factor(b)) = \(a + b)"
        ]
      },
      decoys: [
        Decoy(
          "cropped at the centre", "The offset is derived (lesson 25), not half of what is left."
        ) {
          coarse, skip, _ in
          fused(
            coarse, skip, (skip.height - coarse.height) / 2, (skip.width - coarse.width) / 2)
        },
        Decoy("cropped at 0", "The skip begins offset cells further out.") { coarse, skip, _ in
          fused(coarse, skip, 0, 0)
        },
        Decoy("concatenated", "FCN adds scores; U-Net concatenates.") { coarse, skip, offset in
          let part = fused(coarse.map { _ in 0 }, skip, offset, offset)
          return Tensor(
            shape: [1, 2 * coarse.channels, coarse.height, coarse.width],
            elements: coarse.elements + part.elements)
        },
        Decoy("the coarse scores lost", "The skip is added to them.") { coarse, skip, offset in
          fused(coarse.map { _ in 0 }, skip, offset, offset)
        },
        Decoy("columns not moved", "The crop begins offset columns to the right, too.") {
          coarse, skip, offset in fused(coarse, skip, offset, 0)
        },
        Decoy("rows not moved", "The crop begins offset rows down, too.") { coarse, skip, offset in
          fused(coarse, skip, 0, offset)
        },
        Decoy("cropped at the far end", "The crop begins at offset, counted from the near side.") {
          coarse, skip, offset in
          let (down, right) = (
            skip.height - coarse.height - offset, skip.width - coarse.width - offset
          )
          guard down >= 0, right >= 0 else { throw NoAnswer() }
          return fused(coarse, skip, down, right)
        },
        Decoy("offset cut off at every side", "What is left has the size of coarse.") {
          coarse, skip, offset in
          fused(coarse, skip, skip.height - coarse.height, skip.width - coarse.width)
        },
        Decoy("subtracted", "Both scores are added.") { coarse, skip, offset in
          let sum = fused(coarse, skip, offset, offset)
          return Tensor(
            shape: sum.shape, elements: zip(sum.elements, coarse.elements).map { 2 * $1 - $0 })
        },
        Decoy("coarse taken away", "Both scores are added.") { coarse, skip, offset in
          fused(coarse.map { -$0 }, skip, offset, offset)
        },
        Decoy("averaged", "Scores are added, not averaged.") { coarse, skip, offset in
          fused(coarse, skip, offset, offset).map { $0 / 2 }
        },
        Decoy("multiplied", "Both scores are added.") { coarse, skip, offset in
          let part = fused(coarse.map { _ in 0 }, skip, offset, offset)
          return Tensor(
            shape: coarse.shape, elements: zip(coarse.elements, part.elements).map { $0 * $1 })
        },
        Decoy("class 0 of the skip for all", "Class c of the skip belongs to class c.") {
          coarse, skip, offset in
          fused(coarse, reindexed(skip) { [0, 0, $0[2], $0[3]] }, offset, offset)
        },
        Decoy("the skip added to class 0 alone", "Every class has its own skip.") {
          coarse, skip, offset in
          let sum = fused(coarse, skip, offset, offset)
          return Tensor(
            shape: sum.shape,
            elements: sum.elements.indices.map {
              $0 < coarse.size.area ? sum.elements[$0] : coarse.elements[$0]
            })
        },
        Decoy("nothing added", "The skip is added to the coarse scores.") { coarse, _, _ in coarse
        },
        Decoy("the skip at its full size", "The result has the size of coarse.") {
          coarse, skip, offset in
          var sum = skip
          for position in coarse.elements.indices {
            let at = coarse.coordinates(of: position)
            guard at[2] + offset < skip.height, at[3] + offset < skip.width else {
              throw NoAnswer()
            }
            sum[0, at[1], at[2] + offset, at[3] + offset] += coarse.elements[position]
          }
          return sum
        },
      ])
  }
}

private func fused(
  _ coarse: Tensor<Int>, _ skip: Tensor<Int>, _ down: Int, _ right: Int
) -> Tensor<Int> {
  let part = reindexed(coarse, from: skip) { [0, $0[1], $0[2] + down, $0[3] + right] }
  return Tensor(shape: coarse.shape, elements: zip(coarse.elements, part.elements).map { $0 + $1 })
}
