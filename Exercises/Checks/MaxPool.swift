internal import ConvolutionArithmetic
public import ExerciseKit
public import Tensors

extension Exercises {
  /// Lesson 8: the largest number of each window.
  public static let maxPool = Exercise<(Tensor<Int>, Size, Size), Tensor<Int>>(
    "maxPool", lesson: 8, title: "the largest number in each window",
    hints: [
      "What is the largest of −3, −1, −2? With which number must the search begin?",
      "y[c, r, q] = max over (a, b) of x[c, r·s + a, q·s + b].",
      "Begin with Int.min and take max(largest, x[0, channel, row * stride.height + a, "
        + "column * stride.width + b]) over the window.",
    ],
    cases: {
      [
        (Tensor([[1, 5, 2, 4], [3, 0, 1, 2]]), Size(2), Size(2)),
        (Tensor([[-3, -1], [-2, -4]]), Size(2), Size(1)),
        (tensor([1, 1, 4, 5], seed: 18), Size(height: 2, width: 3), Size(1)),
        (tensor([1, 2, 5, 7], seed: 19), Size(2), Size(height: 1, width: 2)),
        (tensor([1, 3, 6, 4], seed: 20).map { -abs($0) }, Size(height: 3, width: 2), Size(2)),
      ]
    },
    show: { x, k, s in [Shown("x", x), named("kernelSize", k), named("stride", s)] },
    expected: { x, k, s in try pooled(x, k, s) { $0.max()! } },
    arithmetic: { input, cell in
      let (x, k, s) = input
      let values = try windowValues(x, k, s, cell)
      return [
        "the window's numbers are " + values.map(String.init).joined(separator: ", ")
          + "; the largest is \(values.max()!)"
      ]
    },
    decoys: [
      Decoy("begun at 0", "Where all numbers are negative, 0 wins although it is not there.") {
        x, k, s in try pooled(x, k, s) { max(0, $0.max()!) }
      },
      Decoy("stride taken from the kernel", "The stride is given by itself.") { x, k, _ in
        try pooled(x, k, k) { $0.max()! }
      },
      Decoy("smallest taken for largest", "The comparison is the wrong way round.") { x, k, s in
        try pooled(x, k, s) { $0.min()! }
      },
      Decoy("summed", "A pooling with max picks one number; it does not add.") { x, k, s in
        try pooled(x, k, s) { $0.reduce(0, +) }
      },
    ])
}

/// One number for each window.
func pooled(
  _ x: Tensor<Int>, _ kernelSize: Size, _ stride: Size, _ value: ([Int]) -> Int
) throws -> Tensor<Int> {
  let size = try Window2D(kernelSize: kernelSize, stride: stride).outputSize(input: x.size)
  let shape: Shape = [1, x.channels, size.height, size.width]
  let empty = Tensor<Int>.zeros(shape)
  return Tensor(
    shape: shape,
    elements: try (0..<shape.count).map {
      value(try windowValues(x, kernelSize, stride, empty.coordinates(of: $0)))
    })
}

/// The numbers in the window of one output cell, from its taps.
func windowValues(
  _ x: Tensor<Int>, _ kernelSize: Size, _ stride: Size, _ cell: [Int]
) throws -> [Int] {
  let geometry = try Window2D(kernelSize: kernelSize, stride: stride).geometry(input: x.size)
  return geometry.rows.taps(ofOutput: cell[2]).flatMap { down in
    geometry.columns.taps(ofOutput: cell[3]).map { x[0, cell[1], down.input, $0.input] }
  }
}
