internal import ConvolutionArithmetic
public import ExerciseKit
internal import Primitives
public import Tensors

extension Exercises {
  public static var kernelGradient: Exercise<(Tensor<Int>, Tensor<Int>, Size, Size), Tensor<Int>> {
    Exercise(
      "kernelGradient", lesson: 33, title: "the gradient of a convolution by its kernel",
      hints: [
        "Which inputs does kernel cell 0 meet while the window slides?",
        "result[k] = Σ over o of x[o·s + k] · gradient[o].",
        "Four loops as in the convolution; add x[0, 0, row * stride.height + down, …] * "
          + "gradient[0, 0, row, column] to result[0, 0, down, right].",
      ],
      cases: {
        [
          (row([3, 4]), row([5]), Size(height: 1, width: 2), Size(1)),
          (row([1, 2, 3, 4]), row([1, 10]), Size(height: 1, width: 2), Size(2)),
          (row([1, 2, 3, 4, 5]), row([1, 10, 100]), Size(1), Size(2)),
          (
            tensor([1, 1, 4, 5], seed: 79), tensor([1, 1, 3, 3], seed: 80),
            Size(height: 2, width: 3), Size(1)
          ),
          (
            tensor([1, 1, 5, 6], seed: 116), tensor([1, 1, 2, 5], seed: 117),
            Size(height: 4, width: 2), Size(1)
          ),
          (
            tensor([1, 1, 7, 6], seed: 81), tensor([1, 1, 3, 2], seed: 82),
            Size(height: 3, width: 2), Size(height: 2, width: 3)
          ),
          (
            tensor([1, 1, 8, 11], seed: 122), tensor([1, 1, 4, 4], seed: 123),
            Size(2), Size(height: 2, width: 3)
          ),
        ]
      },
      show: { x, gradient, k, stride in
        [
          Shown("x", x), Shown("gradient", gradient), named("kernelSize", k),
          named("stride", stride),
        ]
      },
      expected: { x, gradient, k, stride in try byFiniteDifferences(x, gradient, k, stride) },
      arithmetic: { input, cell in
        let (x, gradient, k, stride) = input
        let geometry = try Convolution(kernelSize: k, stride: stride).geometry(input: x.size)
        let terms = geometry.rows.taps.filter { $0.kernel == cell[2] }.flatMap { down in
          geometry.columns.taps.filter { $0.kernel == cell[3] }.map { right in
            (x[0, 0, down.input, right.input], gradient[0, 0, down.output, right.output])
          }
        }
        return ["kernel (\(cell[2]), \(cell[3])) as input times gradient: " + sumText(terms)]
      },
      decoys: [
        Decoy("kernel flipped", "Kernel cell k meets x[o·s + k]; nothing is turned.") {
          x, gradient, k, stride in try byFiniteDifferences(x, gradient, k, stride).flipped()
        },
        Decoy("stride forgotten", "Output o reads from cell o·s on.") { x, gradient, k, _ in
          try places(x, gradient, k) { o, a in (o.0 + a.0, o.1 + a.1) }
        },
        Decoy(
          "averaged over the places", "The gradient is the sum over all places, not their mean."
        ) {
          x, gradient, k, stride in
          try byFiniteDifferences(x, gradient, k, stride).map { $0 / gradient.size.area }
        },
        Decoy("only the last place", "Every place of the window adds its share.") {
          x, gradient, k, stride in
          var last = gradient.map { _ in 0 }
          last.elements[last.elements.count - 1] = gradient.elements[gradient.elements.count - 1]
          return try byFiniteDifferences(x, last, k, stride)
        },
        Decoy("only the first place", "Every place of the window adds its share.") {
          x, gradient, k, stride in
          var first = gradient.map { _ in 0 }
          first.elements[0] = gradient.elements[0]
          return try byFiniteDifferences(x, first, k, stride)
        },
        Decoy("the inputs without the gradient", "Each input is multiplied by gradient[o].") {
          x, gradient, k, stride in
          try byFiniteDifferences(x, gradient.map { _ in 1 }, k, stride)
        },
        Decoy("the gradient without the inputs", "gradient[o] is multiplied by x[o·s + k].") {
          x, gradient, k, stride in
          try byFiniteDifferences(x.map { _ in 1 }, gradient, k, stride)
        },
        Decoy("stride times the kernel cell", "Kernel cell k meets x[o·s + k], not x[o + k·s].") {
          x, gradient, k, stride in
          try places(x, gradient, k) { o, a in
            (o.0 + a.0 * stride.height, o.1 + a.1 * stride.width)
          }
        },
        Decoy("one input for the whole kernel", "Kernel cell k meets x[o·s + k].") {
          x, gradient, k, stride in
          try places(x, gradient, k) { o, _ in (o.0 * stride.height, o.1 * stride.width) }
        },
        Decoy("the gradient turned", "gradient[o] belongs to place o.") { x, gradient, k, stride in
          try byFiniteDifferences(x, gradient.flipped(), k, stride)
        },
      ])
  }
}

/// The loss is Σ gradient · y, which is linear in the kernel: raising one weight by 1 changes it by
/// exactly the gradient at that weight.
private func byFiniteDifferences(
  _ x: Tensor<Int>, _ gradient: Tensor<Int>, _ k: Size, _ stride: Size
) throws -> Tensor<Int> {
  let shape: Shape = [1, 1, k.height, k.width]
  return Tensor(
    shape: shape,
    elements: try (0..<shape.count).map { cell in
      var w = Tensor<Int>.zeros(shape)
      w.elements[cell] = 1
      let y = try convolve(x, w, stride: stride)
      return zip(y.elements, gradient.elements).reduce(0) { $0 + $1.0 * $1.1 }
    })
}

/// The sums with another place of x for output o and kernel cell a.
private func places(
  _ x: Tensor<Int>, _ gradient: Tensor<Int>, _ k: Size,
  _ place: ((Int, Int), (Int, Int)) -> (Int, Int)
) throws -> Tensor<Int> {
  var result = Tensor<Int>.zeros([1, 1, k.height, k.width])
  for o in 0..<gradient.size.area {
    for a in 0..<k.area {
      let (r, c) = place((o / gradient.width, o % gradient.width), (a / k.width, a % k.width))
      guard r < x.height, c < x.width else { throw NoAnswer() }
      result.elements[a] += x[0, 0, r, c] * gradient.elements[o]
    }
  }
  return result
}
