internal import ConvolutionArithmetic
public import ExerciseKit
internal import LessonKit
internal import Primitives
public import Tensors

extension Exercises {
  /// Lesson 11: stamping the kernel.
  public static let transposedConvolve = Exercise<
    (Tensor<Int>, Tensor<Int>, Size), Tensor<Int>
  >(
    "transposedConvolve", lesson: 11, title: "a transposed convolution by stamping the kernel",
    hints: [
      "Where does the stamp of the second cell begin with stride 2? Where does the last one end?",
      "x̂[r·s + a, q·s + b] += y[r, q] · w[a, b]; the size is s(i − 1) + k.",
      "Make a map of zeros of that size; in four loops add y[0, 0, r, q] * w[0, 0, a, b] to "
        + "x[0, 0, r * stride.height + a, q * stride.width + b].",
    ],
    cases: {
      [
        (row([3]), row([1, 2]), Size(1)), (row([1, 2]), row([1, 2, 3]), Size(1)),
        (row([1, 2]), row([1, 2, 3]), Size(2)),
        (Tensor([[0, 1], [2, 3]]), Tensor([[0, 1], [2, 3]]), Size(1)),
        (
          tensor([1, 1, 2, 3], seed: 26), tensor([1, 1, 3, 2], seed: 27), Size(height: 2, width: 1)
        ),
        (
          tensor([1, 1, 3, 2], seed: 28), tensor([1, 1, 2, 2], seed: 29), Size(height: 2, width: 3)
        ),
      ]
    },
    show: { y, w, stride in [Shown("y", y), Shown("w", w), named("stride", stride)] },
    expected: { y, w, stride in try Primitives.transposedConvolve(y, w, stride: stride) },
    arithmetic: { input, cell in
      try cellArithmetic(.transposed(input.0, input.1, stride: input.2), cell)
    },
    replay: { y, w, stride in traceCommand("conv-transpose", y, w, stride: stride) },
    decoys: [
      Decoy("overwritten instead of added", "Where stamps overlap they are added.") {
        y, w, stride in
        var x = try Primitives.transposedConvolve(y, w, stride: stride).map { _ in 0 }
        for row in 0..<y.height {
          for column in 0..<y.width {
            for k in 0..<w.size.area {
              let (down, right) = (k / w.width, k % w.width)
              x[0, 0, row * stride.height + down, column * stride.width + right] =
                y[0, 0, row, column] * w[0, 0, down, right]
            }
          }
        }
        return x
      },
      Decoy("kernel flipped", "The stamp is the kernel as it lies.") { y, w, stride in
        try Primitives.transposedConvolve(y, w.flipped(), stride: stride)
      },
      Decoy("stride forgotten", "Neighbouring stamps stand stride cells apart.") { y, w, _ in
        try Primitives.transposedConvolve(y, w)
      },
      Decoy("stride times input", "The last stamp needs k cells, not s: s(i − 1) + k in all.") {
        y, w, stride in
        let x = try Primitives.transposedConvolve(y, w, stride: stride)
        var cut = Tensor<Int>.zeros([1, 1, stride.height * y.height, stride.width * y.width])
        for row in 0..<min(cut.height, x.height) {
          for column in 0..<min(cut.width, x.width) {
            cut[0, 0, row, column] = x[0, 0, row, column]
          }
        }
        return cut
      },
    ])
}
