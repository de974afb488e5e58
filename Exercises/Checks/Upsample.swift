internal import ConvolutionArithmetic
public import ExerciseKit
internal import LessonKit
internal import Primitives
public import Tensors

extension Exercises {
  public static var upsample: Exercise<(Tensor<Fraction>, Int, Tensor<Fraction>), Tensor<Fraction>>
  {
    Exercise(
      "upsample", lesson: 19, title: "enlarging a map with a transposed convolution",
      hints: [
        "Where does the stamp of the first cell begin once f/2 cells are cut off?",
        "result[r·f + a − f/2, q·f + b − f/2] += x[r, q] · kernel[a, b], where that lies inside.",
        "Make zeros of factor * x.height by factor * x.width; stamp in four loops and pass over "
          + "places outside with guard … else { continue }.",
      ],
      cases: {
        [
          (Tensor(row: [3]), 2, bilinear(4)), (Tensor(row: [4, 8]), 2, bilinear(4)),
          (Tensor([[1, 2], [5, 3]]), 2, bilinear(4)),
          (fractions([1, 1, 2, 3], seed: 40), 2, bilinear(4)),
          (fractions([1, 1, 3, 2], seed: 41), 4, bilinear(8)),
          (fractions([1, 1, 1, 2], seed: 119), 6, bilinear(12)),
          (fractions([1, 1, 2, 2], seed: 42), 2, fractions([1, 1, 4, 4], seed: 43)),
          (fractions([1, 1, 1, 2], seed: 127), 4, fractions([1, 1, 8, 8], seed: 128)),
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
        Decoy("nearest neighbour", "These are the cells, each repeated; bilinear mixes neighbours.")
        {
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
        Decoy("cut off at the near side only", "Half goes at the near side, half at the far side.")
        {
          x, f, kernel in
          try Primitives.transposedConvolve(
            x, kernel, stride: Size(f), padding: Padding(top: f, left: f, bottom: 0, right: 0))
        },
        Decoy("overwritten instead of added", "Where stamps overlap they are added.") {
          x, f, kernel in
          stamping(x, f, kernel) { $1 }
        },
        Decoy("the first stamp where stamps meet", "Where stamps overlap they are added.") {
          x, f, kernel in stamping(x, f, kernel) { $0 == 0 ? $1 : $0 }
        },
        Decoy("the largest where stamps meet", "Where stamps overlap they are added.") {
          x, f, kernel in
          stamping(x, f, kernel) { max($0, $1) }
        },
        Decoy("moved the wrong way", "f/2 cells are cut off before the first: − f/2.") {
          x, f, kernel in
          let whole = try Primitives.transposedConvolve(x, kernel, stride: Size(f))
          var moved = try enlarged(x, f, kernel).map { _ in Fraction(0) }
          for position in moved.elements.indices {
            let (r, c) = (position / moved.width - f / 2, position % moved.width - f / 2)
            if r >= 0, c >= 0 { moved.elements[position] = whole[0, 0, r, c] }
          }
          return moved
        },
        Decoy("stamps f/2 apart", "Stamps stand f cells apart.") { x, f, kernel in
          stamping(x, f, kernel, apart: f / 2) { $0 + $1 }
        },
        Decoy("stamps next to each other", "Stamps stand f cells apart.") { x, f, kernel in
          stamping(x, f, kernel, apart: 1) { $0 + $1 }
        },
        Decoy("divided by the factor", "The kernel is taken as it is handed in.") { x, f, kernel in
          try enlarged(x, f, kernel).map { $0 / Fraction(f) }
        },
      ])
  }
}

private func enlarged(
  _ x: Tensor<Fraction>, _ f: Int, _ kernel: Tensor<Fraction>
) throws -> Tensor<Fraction> {
  try Primitives.transposedConvolve(x, kernel, stride: Size(f), padding: Padding(Size(f / 2)))
}

/// The stamps laid down one after another, with `meet` for what is there and what comes.
private func stamping(
  _ x: Tensor<Fraction>, _ f: Int, _ kernel: Tensor<Fraction>, apart: Int? = nil,
  _ meet: (Fraction, Fraction) -> Fraction
) -> Tensor<Fraction> {
  var result = Tensor<Fraction>.zeros([1, 1, f * x.height, f * x.width])
  for cell in 0..<x.size.area {
    for k in 0..<kernel.size.area {
      let r = cell / x.width * (apart ?? f) + k / kernel.width - f / 2
      let c = cell % x.width * (apart ?? f) + k % kernel.width - f / 2
      guard 0..<result.height ~= r, 0..<result.width ~= c else { continue }
      result[0, 0, r, c] = meet(result[0, 0, r, c], x.elements[cell] * kernel.elements[k])
    }
  }
  return result
}
