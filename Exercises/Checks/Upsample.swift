internal import ConvolutionArithmetic
public import ExerciseKit
internal import LessonKit
internal import Primitives
public import Tensors

extension Exercises {
  /// Lesson 19: enlarging with a transposed convolution.
  public static let upsample = Exercise<
    (Tensor<Fraction>, Int, Tensor<Fraction>), Tensor<Fraction>
  >(
    "upsample", lesson: 19, title: "enlarging a map with a transposed convolution",
    hints: [
      "Where does the stamp of the first cell begin once f/2 cells are cut off?",
      "result[r·f + a − f/2, q·f + b − f/2] += x[r, q] · kernel[a, b], where that lies inside.",
      "Make zeros of factor * x.height by factor * x.width; stamp in four loops and pass over "
        + "places outside with guard … else { continue }.",
    ],
    cases: {
      [
        (Tensor(row: [4, 8]), 2, bilinear(4)), (Tensor([[1, 2], [5, 3]]), 2, bilinear(4)),
        (fractions([1, 1, 2, 3], seed: 40), 2, bilinear(4)),
        (fractions([1, 1, 3, 2], seed: 41), 4, bilinear(8)),
        (fractions([1, 1, 2, 2], seed: 42), 2, fractions([1, 1, 4, 4], seed: 43)),
      ]
    },
    show: { x, f, kernel in [Shown("x", x), Shown("factor", f), Shown("kernel", kernel)] },
    expected: { x, f, kernel in try enlarged(x, f, kernel) },
    arithmetic: { input, cell in
      let (x, f, kernel) = input
      return try cellArithmetic(
        .transposed(x, kernel, stride: Size(f), padding: Padding(Size(f / 2))), cell)
    },
    decoys: [
      Decoy("border not cut off", "f/2 cells go at each side; f·i are left.") { x, f, kernel in
        try Primitives.transposedConvolve(x, kernel, stride: Size(f))
      },
      Decoy("cut off at the far side only", "Half goes at the near side, half at the far side.") {
        x, f, kernel in
        try Primitives.transposedConvolve(
          x, kernel, stride: Size(f), padding: Padding(top: 0, left: 0, bottom: f, right: f))
      },
      Decoy("nearest neighbour", "Each cell was repeated; bilinear mixes neighbours.") {
        x, f, _ in
        let shape: Shape = [1, 1, f * x.height, f * x.width]
        let like = Tensor<Int>.zeros(shape)
        return Tensor(
          shape: shape,
          elements: (0..<shape.count).map {
            let place = like.coordinates(of: $0)
            return x[0, 0, place[2] / f, place[3] / f]
          })
      },
      Decoy(
        "kernel flipped",
        "The stamp is the kernel as it lies; turned it only looks alike where it is symmetric."
      ) {
        x, f, kernel in try enlarged(x, f, kernel.flipped())
      },
    ])
}

private func enlarged(
  _ x: Tensor<Fraction>, _ f: Int, _ kernel: Tensor<Fraction>
) throws -> Tensor<Fraction> {
  try Primitives.transposedConvolve(x, kernel, stride: Size(f), padding: Padding(Size(f / 2)))
}
