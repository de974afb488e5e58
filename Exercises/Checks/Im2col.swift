internal import ConvolutionArithmetic
public import ExerciseKit
public import Tensors

extension Exercises {
  public static var im2col: Exercise<(Tensor<Int>, Size, Size), Tensor<Int>> {
    Exercise(
      "im2col", lesson: 36, title: "a picture unrolled for a matrix product",
      hints: [
        "How many rows does the matrix have for 2 channels and a 2×3 window? What stands in its first "
          + "column?",
        "matrix[(c·kh + a)·kw + b, r·width + q] = x[0, c, r·s + a, q·s + b].",
        "Make zeros([x.channels * kernelSize.area, height * width]); loop over channel, down, right, "
          + "row and column.",
      ],
      cases: {
        [
          (row([1, 2, 3, 4]), Size(height: 1, width: 2), Size(1)),
          (row([1, 2, 3, 4, 5]), Size(1), Size(2)),
          (Tensor([[1], [2], [3], [4], [5]]), Size(1), Size(2)),
          (Tensor([[1, 2, 3], [4, 5, 6]]), Size(2), Size(1)),
          (tensor([1, 2, 3, 4], seed: 90), Size(height: 2, width: 3), Size(1)),
          (tensor([1, 1, 4, 8], seed: 112), Size(height: 1, width: 2), Size(height: 2, width: 3)),
          (tensor([1, 1, 5, 7], seed: 91), Size(height: 3, width: 2), Size(height: 2, width: 3)),
          (tensor([1, 3, 4, 3], seed: 92), Size(height: 1, width: 2), Size(height: 2, width: 1)),
        ]
      },
      show: { x, k, s in [Shown("x", x), named("kernelSize", k), named("stride", s)] },
      expected: { x, k, s in try unrolled(x, k, s) },
      arithmetic: { input, cell in
        let (x, k, s) = input
        let width = try Convolution(kernelSize: k, stride: s).outputSize(input: x.size).width
        let (row, column) = (cell[1] / width, cell[1] % width)
        let (channel, rest) = (cell[0] / k.area, cell[0] % k.area)
        let (down, right) = (rest / k.width, rest % k.width)
        return [
          "row \(cell[0]) is channel \(channel), kernel cell (\(down), \(right)); column \(cell[1]) is "
            + "the window at (\(row), \(column))",
          "x[0, \(channel), \(row)·\(s.height) + \(down), \(column)·\(s.width) + \(right)] = "
            + "\(x[0, channel, row * s.height + down, column * s.width + right])",
        ]
      },
      decoys: [
        Decoy("transposed", "A column for each window, not a row.") { x, k, s in
          let right = try unrolled(x, k, s)
          let (rows, columns) = (right.shape[0], right.shape[1])
          return Tensor(
            shape: [columns, rows],
            elements: (0..<rows * columns).map { right[$0 % rows, $0 / rows] })
        },
        Decoy("stride forgotten", "Windows stand stride cells apart.") { x, k, _ in
          try unrolled(x, k, 1)
        },
        Decoy("channels innermost", "The cells go channel by channel, each row by row.") {
          x, k, s in
          let right = try unrolled(x, k, s)
          let columns = right.shape[1]
          return Tensor(
            shape: right.shape,
            elements: (0..<right.shape.count).map {
              let line = $0 / columns
              return right[line % x.channels * k.area + line / x.channels, $0 % columns]
            })
        },
        Decoy("columns of the window first", "Within a channel the cells go row by row.") {
          x, k, s in
          let right = try unrolled(x, k, s)
          let columns = right.shape[1]
          return Tensor(
            shape: right.shape,
            elements: (0..<right.shape.count).map {
              let (line, column) = ($0 / columns, $0 % columns)
              let (channel, rest) = (line / k.area, line % k.area)
              let turned = rest % k.height * k.width + rest / k.height
              return right[channel * k.area + turned, column]
            })
        },
        Decoy(
          "height and width of the stride swapped", "stride.height goes down, stride.width across."
        ) {
          x, k, s in try unrolled(x, k, Size(height: s.width, width: s.height))
        },
        Decoy("places column after column", "The windows go row after row.") { x, k, s in
          let right = try unrolled(x, k, s)
          let width = try Convolution(kernelSize: k, stride: s).outputSize(input: x.size).width
          let height = right.shape[1] / width
          return Tensor(
            shape: right.shape,
            elements: (0..<right.shape.count).map {
              let place = $0 % right.shape[1]
              return right[$0 / right.shape[1], place % height * width + place / height]
            })
        },
        Decoy("stride in the number of windows alone", "Window (r, q) begins at (r·s, q·s).") {
          x, k, s in
          let size = try Convolution(kernelSize: k, stride: s).outputSize(input: x.size)
          let all = try unrolled(x, k, 1)
          let width = x.width - k.width + 1
          return Tensor(
            shape: [all.shape[0], size.area],
            elements: (0..<all.shape[0] * size.area).map {
              let place = $0 % size.area
              return all[$0 / size.area, place / size.width * width + place % size.width]
            })
        },
        Decoy("kernel cells in reverse order", "A column holds the window's cells as they lie.") {
          x, k, s in
          let right = try unrolled(x, k, s)
          return Tensor(
            shape: right.shape,
            elements: (0..<right.shape.count).map {
              let (line, column) = ($0 / right.shape[1], $0 % right.shape[1])
              return right[line / k.area * k.area + k.area - 1 - line % k.area, column]
            })
        },
        Decoy("only channel 0", "A window sees all channels of the picture.") { x, k, s in
          let right = try unrolled(x, k, s)
          return Tensor(
            shape: right.shape,
            elements: (0..<right.shape.count).map {
              $0 / right.shape[1] < k.area ? right.elements[$0] : 0
            })
        },
        Decoy("every channel like channel 0", "The rows of channel c hold x[0, c].") { x, k, s in
          let right = try unrolled(x, k, s)
          return Tensor(
            shape: right.shape,
            elements: (0..<right.shape.count).map {
              right[$0 / right.shape[1] % k.area, $0 % right.shape[1]]
            })
        },
        Decoy("only channel 0, and rows for it alone", "There are channels · kernel area rows.") {
          x, k, s in
          let right = try unrolled(x, k, s)
          return Tensor(
            shape: [k.area, right.shape[1]],
            elements: Array(right.elements.prefix(k.area * right.shape[1])))
        },
      ])
  }
}

/// From the taps of each window.
private func unrolled(_ x: Tensor<Int>, _ k: Size, _ s: Size) throws -> Tensor<Int> {
  let size = try Convolution(kernelSize: k, stride: s).outputSize(input: x.size)
  let columns = try (0..<size.area).map { place in
    try (0..<x.channels).flatMap { channel in
      try windowValues(x, k, s, [0, channel, place / size.width, place % size.width])
    }
  }
  let rows = x.channels * k.area
  return Tensor(
    shape: [rows, size.area],
    elements: (0..<rows).flatMap { row in columns.map { $0[row] } })
}
