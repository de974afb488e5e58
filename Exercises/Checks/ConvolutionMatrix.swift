internal import ConvolutionArithmetic
public import ExerciseKit
internal import LessonKit
public import Tensors

extension Exercises {
  public static var convolutionMatrix: Exercise<(Tensor<Int>, Size), Tensor<Int>> {
    Exercise(
      "convolutionMatrix", lesson: 9, title: "the matrix of a convolution",
      hints: [
        "Which input cells does output cell 0 read, as numbers in the row-after-row order? And the "
          + "first output of the second row?",
        "C[r · output width + q, (r + a) · input width + q + b] = w[a, b], all else 0.",
        "Loop over output rows r and columns q and kernel cells a, b; set "
          + "c[r * output.width + q, (r + a) * input.width + q + b] = w[0, 0, a, b].",
      ],
      cases: {
        [
          (Tensor(row: [1, 2]), Size(height: 1, width: 3)),
          (Tensor([[1, 2], [3, 4]]), Size(height: 2, width: 3)),
          (Tensor([[1, 2], [3, 4]]), Size(3)),
          (Tensor([[1], [2]]), Size(height: 3, width: 4)),
          (tensor([1, 1, 2, 3], seed: 21), Size(height: 3, width: 4)),
          (guideKernel.map { $0 + 1 }, Size(4)),
          (tensor([1, 1, 2, 3], seed: 104), Size(height: 4, width: 6)),
        ]
      },
      show: { w, input in [Shown("w", w), named("input", input)] },
      expected: { w, input in try matrix(w, input) },
      arithmetic: { input, cell in
        let (w, size) = input
        let width = size.width - w.width + 1
        let output = (cell[0] / width, cell[0] % width)
        let from = (cell[1] / size.width, cell[1] % size.width)
        let (down, right) = (from.0 - output.0, from.1 - output.1)
        let meets = (0..<w.height).contains(down) && (0..<w.width).contains(right)
        return [
          "row \(cell[0]) is output cell \(output), column \(cell[1]) is input cell \(from)",
          meets
            ? "they meet in kernel cell (\(down), \(right)), which is \(w[0, 0, down, right])"
            : "the kernel at \(output) does not reach \(from): 0",
        ]
      },
      decoys: [
        Decoy("kernel flipped", "Row r of C holds the kernel as it lies, not turned.") { w, input in
          try matrix(reindexed(w) { [0, 0, w.height - 1 - $0[2], w.width - 1 - $0[3]] }, input)
        },
        Decoy("transposed", "Rows are outputs and columns inputs; this is Cᵀ.") { w, input in
          let c = try matrix(w, input)
          var t = Tensor<Int>.zeros([c.shape[1], c.shape[0]])
          for row in 0..<c.shape[0] {
            for column in 0..<c.shape[1] { t[column, row] = c[row, column] }
          }
          return t
        },
        Decoy("output width for input width", "Input cells are numbered by the input's width.") {
          w, input in
          let output = Size(height: input.height - w.height + 1, width: input.width - w.width + 1)
          var c = Tensor<Int>.zeros([output.area, input.area])
          for cell in 0..<output.area {
            for k in 0..<w.size.area {
              let (row, column) = (cell / output.width, cell % output.width)
              let place =
                (row + k / w.width) * output.width + column + k % w.width
              c[cell, place] = w[0, 0, k / w.width, k % w.width]
            }
          }
          return c
        },
        Decoy("only the first kernel row", "Each row of C holds every kernel cell.") { w, input in
          try matrix(reindexed(w) { $0 }.keepingRow0(), input)
        },
        Decoy("kernel not moved", "Each output's kernel begins at the input cell below it.") {
          w, input in
          try placed(w, input) { r, q, a, b in a * input.width + b }
        },
        Decoy(
          "moved by the output's number", "Output (r, q) reads from input cell r · width + q on."
        ) {
          w, input in
          let width = input.width - w.width + 1
          return try placed(w, input) { r, q, a, b in r * width + q + a * input.width + b }
        },
        Decoy("kernel rows not spread", "A kernel row lies an input row after the one before.") {
          w, input in try placed(w, input) { r, q, a, b in r * input.width + q + a * w.width + b }
        },
        Decoy("only the first row of C", "C has a row for each output cell.") { w, input in
          let c = try matrix(w, input)
          return Tensor(
            shape: c.shape, elements: c.elements.enumerated().map { $0 < c.shape[1] ? $1 : 0 })
        },
        Decoy("full of the kernel", "Where output and input do not meet there are zeros.") {
          w, input in
          let c = try matrix(w, input)
          return Tensor(
            shape: c.shape,
            elements: c.elements.indices.map { w.elements[$0 % c.shape[1] % w.size.area] })
        },
      ])
  }
}

/// The matrix from the taps.
private func matrix(_ w: Tensor<Int>, _ input: Size) throws -> Tensor<Int> {
  let geometry = try Convolution(kernelSize: w.size).geometry(input: input)
  var c = Tensor<Int>.zeros([geometry.outputSize.area, input.area])
  for down in geometry.rows.taps {
    for right in geometry.columns.taps {
      c[
        down.output * geometry.outputSize.width + right.output,
        down.input * input.width + right.input] = w[0, 0, down.kernel, right.kernel]
    }
  }
  return c
}

extension Tensor<Int> {
  /// The kernel with zeros in all rows but the first; a kernel of one row loses its last cell.
  fileprivate func keepingRow0() -> Tensor<Int> {
    var result = self
    for position in 0..<shape.count
    where height > 1 ? position >= width : position == shape.count - 1 {
      result.elements[position] = 0
    }
    return result
  }
}

/// The matrix with the kernel cell (a, b) of output (r, q) in the column that `column` says.
private func placed(
  _ w: Tensor<Int>, _ input: Size, _ column: (Int, Int, Int, Int) -> Int
) throws -> Tensor<Int> {
  let width = input.width - w.width + 1
  var c = try matrix(w, input).map { _ in 0 }
  for output in 0..<c.shape[0] {
    for k in 0..<w.size.area {
      let place = column(output / width, output % width, k / w.width, k % w.width)
      guard place < c.shape[1] else { throw NoAnswer() }
      c[output, place] = w.elements[k]
    }
  }
  return c
}
