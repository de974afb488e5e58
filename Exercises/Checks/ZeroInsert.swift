public import ExerciseKit
public import Tensors

extension Exercises {
  public static var zeroInsert: Exercise<(Tensor<Int>, Size), Tensor<Int>> {
    Exercise(
      "zeroInsert", lesson: 12, title: "zeros between neighbouring cells",
      hints: [
        "How many gaps are there between 3 cells? How many zeros go into each with stride 2?",
        "x[r·s, q·s] = y[r, q], all else 0; the size is s(i − 1) + 1.",
        "Make zeros of s(i − 1) + 1 cells along each axis and set "
          + "x[0, channel, row * stride.height, column * stride.width].",
      ],
      cases: {
        [
          (row([5]), Size(2)), (row([1, 2, 3]), Size(1)), (row([1, 2, 3]), Size(2)),
          (Tensor([[1, 2], [3, 4]]), Size(height: 1, width: 2)),
          (tensor([1, 2, 2, 3], seed: 30), Size(height: 3, width: 2)),
          (tensor([1, 1, 4, 2], seed: 31), Size(height: 2, width: 4)),
        ]
      },
      show: { y, stride in [Shown("y", y), named("stride", stride)] },
      expected: { y, stride in spread(y, stride) },
      arithmetic: { input, cell in
        let (y, stride) = input
        let (row, column) = (cell[2], cell[3])
        guard row % stride.height == 0, column % stride.width == 0 else {
          return ["(\(row), \(column)) lies between cells: 0"]
        }
        let from = (row / stride.height, column / stride.width)
        return [
          "(\(row), \(column)) = (\(from.0)·\(stride.height), \(from.1)·\(stride.width)) holds "
            + "y\(from) = \(y[0, cell[1], from.0, from.1])"
        ]
      },
      decoys: [
        Decoy("zeros after the last cell, too", "Zeros stand between cells only: s(i − 1) + 1.") {
          y, stride in
          spread(y, stride, extra: Size(height: stride.height - 1, width: stride.width - 1))
        },
        Decoy("s zeros instead of s − 1", "With stride s there are s − 1 zeros in each gap.") {
          y, stride in spread(y, Size(height: stride.height + 1, width: stride.width + 1))
        },
        Decoy("rows and columns swapped", "stride.height separates rows, stride.width columns.") {
          y, stride in spread(y, Size(height: stride.width, width: stride.height))
        },
        Decoy("cells repeated", "The new cells are 0, not copies.") { y, stride in
          let size = spread(y, stride)
          return reindexed(size, from: y) {
            [0, $0[1], $0[2] / stride.height, $0[3] / stride.width]
          }
        },
        Decoy("stride forgotten", "s − 1 zeros stand between neighbours.") { y, _ in y },
        Decoy("the cells moved together", "Cell (r, q) goes to (r·s, q·s).") { y, stride in
          var x = spread(y, stride).map { _ in 0 }
          for position in y.elements.indices {
            let at = y.coordinates(of: position)
            x[0, at[1], at[2], at[3]] = y.elements[position]
          }
          return x
        },
        Decoy("zeros within the rows alone", "Zeros stand between the rows, too.") { y, stride in
          spread(y, Size(height: 1, width: stride.width))
        },
        Decoy("zeros between the rows alone", "Zeros stand within the rows, too.") { y, stride in
          spread(y, Size(height: stride.height, width: 1))
        },
        Decoy(
          "stride.height for both axes", "Along a row the cells come to stand stride.width apart."
        ) {
          y, stride in spread(y, Size(stride.height))
        },
        Decoy(
          "stride.width for both axes", "Along a column they come to stand stride.height apart."
        ) {
          y, stride in spread(y, Size(stride.width))
        },
        Decoy("zeros before the first cell, too", "Zeros stand between cells only: s(i − 1) + 1.") {
          y, stride in
          let (down, right) = (stride.height - 1, stride.width - 1)
          let x = spread(y, stride)
          var moved = Tensor<Int>.zeros([1, x.channels, x.height + down, x.width + right])
          for position in x.elements.indices {
            let at = x.coordinates(of: position)
            moved[0, at[1], at[2] + down, at[3] + right] = x.elements[position]
          }
          return moved
        },
        Decoy("s·i cells, each at the end of its gap", "Cell (r, q) goes to (r·s, q·s).") {
          y, stride in
          let x = spread(y, stride)
          return reindexed(
            spread(y, stride, extra: Size(height: stride.height - 1, width: stride.width - 1)),
            from: x
          ) { at in
            [
              0, at[1], max(0, at[2] - stride.height + 1), max(0, at[3] - stride.width + 1),
            ]
          }
        },
      ])
  }
}

private func spread(_ y: Tensor<Int>, _ stride: Size, extra: Size = 0) -> Tensor<Int> {
  let shape: Shape = [
    1, y.channels, stride.height * (y.height - 1) + 1 + extra.height,
    stride.width * (y.width - 1) + 1 + extra.width,
  ]
  let empty = Tensor<Int>.zeros(shape)
  return Tensor(
    shape: shape,
    elements: (0..<shape.count).map { position in
      let cell = empty.coordinates(of: position)
      let isCell = cell[2] % stride.height == 0 && cell[3] % stride.width == 0
      return isCell ? y[0, cell[1], cell[2] / stride.height, cell[3] / stride.width] : 0
    })
}
