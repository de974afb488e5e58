internal import ConvolutionArithmetic
public import ExerciseKit
public import Tensors

extension Exercises {
  public static var slidingWindows: Exercise<(Tensor<Int>, Size, Int), Tensor<Int>> {
    Exercise(
      "slidingWindows", lesson: 23, title: "every window of a picture as a picture of its own",
      hints: [
        "How many windows stand side by side, how many below each other? Which is number 1?",
        "windows[r · columns + q, c, a, b] = x[0, c, r·s + a, q·s + b].",
        "Five loops: over rows, columns, channels, size.height and size.width.",
      ],
      cases: {
        [
          (row([1, 2, 3]), Size(height: 1, width: 2), 1),
          (Tensor([[1, 2, 3], [4, 5, 6]]), Size(height: 1, width: 2), 1),
          (row([1, 2, 3, 4, 5]), Size(1), 2), (Tensor([[1], [2], [3], [4], [5]]), Size(1), 2),
          (row([1, 2, 3, 4, 5, 6]), Size(height: 1, width: 2), 3),
          (tensor([1, 2, 3, 4], seed: 54), Size(height: 2, width: 3), 1),
          (tensor([1, 1, 6, 5], seed: 55), Size(height: 3, width: 2), 2),
          (tensor([1, 3, 4, 7], seed: 56), Size(height: 2, width: 2), 2),
        ]
      },
      show: { x, size, s in [Shown("x", x), named("size", size), Shown("stride", s)] },
      expected: { x, size, s in try windows(x, size, s) },
      arithmetic: { input, cell in
        let (x, size, s) = input
        let columns = try Window(kernelSize: size.width, stride: s).outputSize(input: x.width)
        let (row, column) = (cell[0] / columns, cell[0] % columns)
        return [
          "window \(cell[0]) stands at row \(row)·\(s) = \(row * s), column \(column)·\(s) = "
            + "\(column * s) (\(columns) windows side by side)",
          "its cell (\(cell[2]), \(cell[3])) of channel \(cell[1]) is x[0, \(cell[1]), "
            + "\(row * s + cell[2]), \(column * s + cell[3])] = "
            + "\(x[0, cell[1], row * s + cell[2], column * s + cell[3]])",
        ]
      },
      decoys: [
        Decoy("column after column", "The windows go row after row.") { x, size, s in
          let right = try windows(x, size, s)
          let columns = try Window(kernelSize: size.width, stride: s).outputSize(input: x.width)
          let rows = right.batch / columns
          return reindexed(right) { [$0[0] % rows * columns + $0[0] / rows, $0[1], $0[2], $0[3]] }
        },
        Decoy("stride forgotten", "Windows stand stride cells apart.") { x, size, _ in
          try windows(x, size, 1)
        },
        Decoy(
          "windows side by side without overlap", "The stride, not the size, separates windows."
        ) {
          x, size, _ in
          let (rows, columns) = (x.height / size.height, x.width / size.width)
          return reindexed(.zeros([rows * columns, x.channels, size.height, size.width]), from: x) {
            [
              0, $0[1], $0[0] / columns * size.height + $0[2],
              $0[0] % columns * size.width + $0[3],
            ]
          }
        },
        Decoy("only channel 0", "A window has all channels of the picture.") { x, size, s in
          let right = try windows(x, size, s)
          return reindexed(right) { [$0[0], 0, $0[2], $0[3]] }
        },
        Decoy("only channel 0 filled", "A window has all channels of the picture.") { x, size, s in
          let right = try windows(x, size, s)
          return Tensor(
            shape: right.shape,
            elements: right.elements.indices.map {
              right.coordinates(of: $0)[1] == 0 ? right.elements[$0] : 0
            })
        },
        Decoy(
          "the last row and column of windows forgotten", "(height − size)/s + 1 rows of windows."
        ) {
          x, size, s in
          try some(
            x, size, s, rows: 0..<(x.height - size.height) / s,
            columns: 0..<(x.width - size.width) / s)
        },
        Decoy("the last column of windows forgotten", "(width − size)/s + 1 windows in a row.") {
          x, size, s in
          try some(
            x, size, s, rows: 0..<(x.height - size.height) / s + 1,
            columns: 0..<(x.width - size.width) / s)
        },
        Decoy("the last row of windows forgotten", "(height − size)/s + 1 rows of windows.") {
          x, size, s in
          try some(
            x, size, s, rows: 0..<(x.height - size.height) / s,
            columns: 0..<(x.width - size.width) / s + 1)
        },
        Decoy("only the first row of windows", "The windows go down, too.") { x, size, s in
          try some(x, size, s, rows: 0..<1, columns: 0..<(x.width - size.width) / s + 1)
        },
        Decoy("stride in the number of windows alone", "Window (r, q) begins at (r·s, q·s).") {
          x, size, s in
          let (rows, columns) = ((x.height - size.height) / s + 1, (x.width - size.width) / s + 1)
          let like = Tensor<Int>.zeros([rows * columns, x.channels, size.height, size.width])
          return reindexed(like, from: x) {
            [0, $0[1], $0[0] / columns + $0[2], $0[0] % columns + $0[3]]
          }
        },
        Decoy("the first window again and again", "Window (r, q) begins at (r·s, q·s).") {
          x, size, s in
          reindexed(try windows(x, size, s)) { [0, $0[1], $0[2], $0[3]] }
        },
        Decoy("windows turned", "A window is a part of the picture as it lies.") { x, size, s in
          reindexed(try windows(x, size, s)) {
            [$0[0], $0[1], size.height - 1 - $0[2], size.width - 1 - $0[3]]
          }
        },
        Decoy(
          "from the last window to the first", "The windows go row after row from the top left."
        ) {
          x, size, s in
          let right = try windows(x, size, s)
          return reindexed(right) { [right.batch - 1 - $0[0], $0[1], $0[2], $0[3]] }
        },
      ])
  }
}

private func windows(_ x: Tensor<Int>, _ size: Size, _ s: Int) throws -> Tensor<Int> {
  let count = try Convolution(kernelSize: size, stride: Size(s)).outputSize(input: x.size)
  return reindexed(.zeros([count.area, x.channels, size.height, size.width]), from: x) {
    [0, $0[1], $0[0] / count.width * s + $0[2], $0[0] % count.width * s + $0[3]]
  }
}

private func some(
  _ x: Tensor<Int>, _ size: Size, _ s: Int, rows: Range<Int>, columns: Range<Int>
) throws -> Tensor<Int> {
  let like = Tensor<Int>.zeros([
    rows.count * columns.count, x.channels, size.height, size.width,
  ])
  return reindexed(like, from: x) {
    [0, $0[1], $0[0] / columns.count * s + $0[2], $0[0] % columns.count * s + $0[3]]
  }
}
