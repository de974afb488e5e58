internal import ConvolutionArithmetic
public import ExerciseKit
internal import Primitives
public import Tensors

extension Exercises {
  public static var inputGradient: Exercise<(Tensor<Int>, Tensor<Int>, Size, Size), Tensor<Int>> {
    Exercise(
      "inputGradient", lesson: 33, title: "the gradient of a convolution by its input",
      hints: [
        "Which outputs does input cell 2 help to make, each through which kernel cell?",
        "result[o·s + k] += gradient[o] · w[k], along rows and columns.",
        "It is the transposed convolution in the input's own size: begin with zeros of that size and "
          + "stamp.",
      ],
      cases: {
        [
          (row([5]), row([2, 3]), Size(height: 1, width: 2), Size(1)),
          (row([1, 2]), row([1, 2, 3]), Size(height: 1, width: 6), Size(2)),
          (row([1, 2, 3]), row([1, 10]), Size(height: 1, width: 6), Size(2)),
          (
            tensor([1, 1, 2, 3], seed: 75), tensor([1, 1, 2, 2], seed: 76),
            Size(height: 3, width: 4), Size(1)
          ),
          (
            tensor([1, 1, 2, 2], seed: 77), tensor([1, 1, 3, 2], seed: 78),
            Size(height: 6, width: 5), Size(height: 2, width: 3)
          ),
          (
            tensor([1, 1, 4, 4], seed: 120), tensor([1, 1, 2, 2], seed: 121),
            Size(height: 9, width: 11), Size(height: 2, width: 3)
          ),
        ]
      },
      show: { gradient, w, input, stride in
        [
          Shown("gradient", gradient), Shown("w", w), named("input", input),
          named("stride", stride),
        ]
      },
      expected: { gradient, w, input, stride in try byFiniteDifferences(gradient, w, input, stride)
      },
      arithmetic: { input, cell in
        let (gradient, w, size, stride) = input
        let geometry = try Convolution(kernelSize: w.size, stride: stride).geometry(input: size)
        let terms = geometry.rows.taps(ofInput: cell[2]).flatMap { down in
          geometry.columns.taps(ofInput: cell[3]).map { right in
            (gradient[0, 0, down.output, right.output], w[0, 0, down.kernel, right.kernel])
          }
        }
        return ["input (\(cell[2]), \(cell[3])): " + sumText(terms)]
      },
      decoys: [
        Decoy(
          "kernel flipped", "Cell o·s + k gets w[k]; written as a stamp the kernel is not turned."
        ) { gradient, w, input, stride in
          try byFiniteDifferences(gradient, w.flipped(), input, stride)
        },
        Decoy("overwritten instead of added", "An input cell may help to make several outputs.") {
          gradient, w, input, stride in
          fitted(try stamping(gradient, w, stride) { $1 }, input)
        },
        Decoy("stride forgotten", "Output o reads from cell o·s on.") { gradient, w, input, _ in
          try within(input, gradient, w, 1)
        },
        Decoy("unread cells left out", "The gradient has the input's size; unread cells get 0.") {
          gradient, w, _, stride in try Primitives.transposedConvolve(gradient, w, stride: stride)
        },
        Decoy("the largest where contributions meet", "Contributions add up.") {
          gradient, w, input, stride in
          fitted(try stamping(gradient, w, stride) { max($0 ?? 0, $1) }, input)
        },
        Decoy("the first contribution kept", "Contributions add up.") {
          gradient, w, input, stride in
          fitted(try stamping(gradient, w, stride) { $0 ?? $1 }, input)
        },
        Decoy("the kernel without the gradient", "gradient[o] · w[k] goes back.") {
          gradient, w, input, stride in
          try byFiniteDifferences(gradient.map { _ in 1 }, w, input, stride)
        },
        Decoy("the gradient without the kernel", "gradient[o] · w[k] goes back.") {
          gradient, w, input, stride in
          try byFiniteDifferences(gradient, w.map { _ in 1 }, input, stride)
        },
        Decoy("stride.height for both axes", "Along a row output o reads from o · stride.width on.")
        {
          gradient, w, input, stride in try within(input, gradient, w, Size(stride.height))
        },
        Decoy("averaged where contributions meet", "Contributions add up; there is no mean.") {
          gradient, w, input, stride in
          let sum = try byFiniteDifferences(gradient, w, input, stride)
          let counts = try byFiniteDifferences(
            gradient.map { _ in 1 }, w.map { _ in 1 }, input, stride)
          return Tensor(
            shape: sum.shape, elements: zip(sum.elements, counts.elements).map { $0 / max(1, $1) })
        },
        Decoy("only the first output's share", "Every output gives back its share.") {
          gradient, w, input, stride in
          var only = gradient.map { _ in 0 }
          only.elements[0] = gradient.elements[0]
          return try byFiniteDifferences(only, w, input, stride)
        },
      ])
  }
}

/// The loss is Σ gradient · y, which is linear in the input: raising one cell by 1 changes it by exactly
/// the gradient at that cell.
private func byFiniteDifferences(
  _ gradient: Tensor<Int>, _ w: Tensor<Int>, _ input: Size, _ stride: Size
) throws -> Tensor<Int> {
  let shape: Shape = [1, 1, input.height, input.width]
  return Tensor(
    shape: shape,
    elements: try (0..<shape.count).map { cell in
      var x = Tensor<Int>.zeros(shape)
      x.elements[cell] = 1
      let y = try convolve(x, w, stride: stride)
      return zip(y.elements, gradient.elements).reduce(0) { $0 + $1.0 * $1.1 }
    })
}

/// The stamps on a map of the input's size; what lies beyond it does not exist.
private func fitted(_ stamps: Tensor<Int>, _ input: Size) -> Tensor<Int> {
  var result = Tensor<Int>.zeros([1, 1, input.height, input.width])
  for r in 0..<min(input.height, stamps.height) {
    for c in 0..<min(input.width, stamps.width) { result[0, 0, r, c] = stamps[0, 0, r, c] }
  }
  return result
}

/// Stamps with another stride, if they all lie on the input.
private func within(
  _ input: Size, _ gradient: Tensor<Int>, _ w: Tensor<Int>, _ stride: Size
) throws -> Tensor<Int> {
  let stamps = try Primitives.transposedConvolve(gradient, w, stride: stride)
  guard stamps.height <= input.height, stamps.width <= input.width else { throw NoAnswer() }
  return fitted(stamps, input)
}
