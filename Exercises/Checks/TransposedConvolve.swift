internal import ConvolutionArithmetic
public import ExerciseKit
internal import LessonKit
internal import Primitives
public import Tensors

extension Exercises {
  public static var transposedConvolve: Exercise<(Tensor<Int>, Tensor<Int>, Size), Tensor<Int>> {
    Exercise(
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
          (row([1, 2]), row([1, 2, 3]), Size(2)), (row([1, 2]), row([4]), Size(3)),
          (row([1, 2, 3]), row([1, 10, 100]), Size(2)),
          (Tensor([[0, 1], [2, 3]]), Tensor([[0, 1], [2, 3]]), Size(1)),
          (
            tensor([1, 1, 2, 3], seed: 26), tensor([1, 1, 3, 2], seed: 27),
            Size(height: 2, width: 1)
          ),
          (
            tensor([1, 1, 3, 2], seed: 28), tensor([1, 1, 2, 2], seed: 29),
            Size(height: 2, width: 3)
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
          try stamping(y, w, stride) { $1 }
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
        Decoy("the largest where stamps meet", "Where stamps overlap they are added.") {
          y, w, stride in
          try stamping(y, w, stride) { max($0 ?? 0, $1) }
        },
        Decoy("the first stamp where stamps meet", "Where stamps overlap they are added.") {
          y, w, stride in try stamping(y, w, stride) { $0 ?? $1 }
        },
        Decoy(
          "the kernel without the cell's value", "A stamp is the kernel times the cell's value."
        ) {
          y, w, stride in try Primitives.transposedConvolve(y.map { _ in 1 }, w, stride: stride)
        },
        Decoy(
          "the cell's value without the kernel", "A stamp is the kernel times the cell's value."
        ) {
          y, w, stride in try Primitives.transposedConvolve(y, w.map { _ in 1 }, stride: stride)
        },
        Decoy(
          "height and width of the stride swapped", "stride.height goes down, stride.width across."
        ) {
          y, w, stride in
          try Primitives.transposedConvolve(
            y, w, stride: Size(height: stride.width, width: stride.height))
        },
        Decoy("stride.height for both axes", "Along a row stamps stand stride.width apart.") {
          y, w, stride in
          try Primitives.transposedConvolve(y, w, stride: Size(stride.height))
        },
        Decoy("stride.width for both axes", "Along a column stamps stand stride.height apart.") {
          y, w, stride in try Primitives.transposedConvolve(y, w, stride: Size(stride.width))
        },
        Decoy("a stride too large by 1", "Stamps begin s cells apart; s − 1 cells lie between.") {
          y, w, stride in
          try Primitives.transposedConvolve(
            y, w, stride: Size(height: stride.height + 1, width: stride.width + 1))
        },
        Decoy("as many cells as s·i + k", "The last stamp begins at s(i − 1): s(i − 1) + k in all.")
        {
          y, w, stride in
          let x = try Primitives.transposedConvolve(y, w, stride: stride)
          var large = Tensor<Int>.zeros([1, 1, x.height + stride.height, x.width + stride.width])
          for position in x.elements.indices {
            large[0, 0, position / x.width, position % x.width] = x.elements[position]
          }
          return large
        },
        Decoy("only the first cell's stamp", "Every cell of y stamps the kernel.") { y, w, stride in
          let first = reindexed(.zeros(y.shape), from: y) { $0 }
          var only = first.map { _ in 0 }
          only[0, 0, 0, 0] = first[0, 0, 0, 0]
          return try Primitives.transposedConvolve(only, w, stride: stride)
        },
      ])
  }
}

/// The stamps laid down one after another, with `meet` for what was there, if anything, and what comes.
func stamping(
  _ y: Tensor<Int>, _ w: Tensor<Int>, _ stride: Size, _ meet: (Int?, Int) -> Int
) throws -> Tensor<Int> {
  var x = try Primitives.transposedConvolve(y, w, stride: stride).map { _ in Int?.none }
  for cell in 0..<y.size.area {
    for k in 0..<w.size.area {
      let row = cell / y.width * stride.height + k / w.width
      let column = cell % y.width * stride.width + k % w.width
      x[0, 0, row, column] = meet(x[0, 0, row, column], y.elements[cell] * w.elements[k])
    }
  }
  return x.map { $0 ?? 0 }
}
