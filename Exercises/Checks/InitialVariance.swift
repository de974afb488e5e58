internal import ConvolutionArithmetic
public import ExerciseKit
public import Tensors

extension Exercises {
  public static var initialVariance: Exercise<([Int], Int), Fraction> {
    Exercise(
      "initialVariance", lesson: 46, title: "He's size for a convolution's first weights",
      hints: [
        "Which of the four extents say how many products are added up for one output cell?",
        "2/n with n = kernel height · kernel width · input channels of one group.",
        "Fraction(2, shape[1] * shape[2] * shape[3]): shape[1] is in/groups already.",
      ],
      cases: {
        [
          ([1, 1, 1, 1], 1), ([16, 3, 5, 1], 2), ([64, 3, 3, 3], 1), ([7, 2, 1, 1], 1),
          ([5, 1, 1, 3], 1), ([5, 1, 3, 1], 1), ([8, 1, 5, 5], 8), ([6, 4, 2, 3], 3),
          ([32, 32, 1, 1], 1), ([2, 11, 4, 7], 2), ([21, 4096, 1, 1], 1), ([12, 2, 7, 1], 4),
          ([4096, 512, 7, 7], 1), ([40, 10, 3, 2], 5), ([3, 6, 6, 6], 3),
        ]
      },
      show: { shape, groups in [Shown("shape", shape), Shown("groups", groups)] },
      expected: { shape, groups in Fraction(2, try counted(shape, groups)) },
      arithmetic: { input, _ in
        let (shape, groups) = input
        let n = try counted(shape, groups)
        return [
          "an output cell adds up \(shape[2])·\(shape[3]) kernel cells of \(shape[1]) channels: n = \(n)",
          "2/n = \(Fraction(2, n))",
        ]
      },
      decoys: [
        Decoy(
          "counted with the outputs", "n is what goes into a cell; out is how many cells it makes."
        ) {
          shape, _ in Fraction(2, shape[0] * shape[2] * shape[3])
        },
        Decoy("all weights counted", "One output cell sees the kernels of its own map alone.") {
          shape, _ in Fraction(2, shape.reduce(1, *))
        },
        Decoy("all channels of the picture", "A group reads its own channels alone, in/groups.") {
          shape, groups in Fraction(2, shape[1] * groups * shape[2] * shape[3])
        },
        Decoy("divided by the groups once more", "shape[1] is in/groups already.") {
          shape, groups in
          Fraction(2 * groups, shape[1] * shape[2] * shape[3])
        },
        Decoy("1/n", "ReLU takes half of the mean square, so 2/n.") { shape, _ in
          Fraction(1, shape[1] * shape[2] * shape[3])
        },
        Decoy(
          "Glorot's rule",
          "2/(inputs + outputs) was made for layers without ReLU; He's is 2/inputs."
        ) { shape, _ in
          Fraction(2, (shape[0] + shape[1]) * shape[2] * shape[3])
        },
        Decoy(
          "Glorot's rule, outputs without groups",
          "2/(inputs + outputs) was made for layers without ReLU; He's is 2/inputs."
        ) { shape, groups in
          Fraction(2 * groups, (shape[0] + shape[1] * groups) * shape[2] * shape[3])
        },
        Decoy("kernel cells alone", "Every input channel has a kernel of its own: all add up.") {
          shape, _ in Fraction(2, shape[2] * shape[3])
        },
        Decoy("channels alone", "Every kernel cell adds a product.") { shape, _ in
          Fraction(2, shape[1])
        },
        Decoy("outputs alone", "n counts what one cell adds up.") { shape, _ in
          Fraction(2, shape[0])
        },
        Decoy("the kernel's height alone", "n has the kernel's height and its width.") { shape, _ in
          Fraction(2, shape[1] * shape[2])
        },
        Decoy("the kernel's width alone", "n has the kernel's height and its width.") { shape, _ in
          Fraction(2, shape[1] * shape[3])
        },
        Decoy("height and width added", "A kernel has height · width cells.") { shape, _ in
          Fraction(2, shape[1] * (shape[2] + shape[3]))
        },
        Decoy("height taken for width, too", "A kernel has height · width cells.") { shape, _ in
          Fraction(2, shape[1] * shape[2] * shape[2])
        },
        Decoy("width taken for height, too", "A kernel has height · width cells.") { shape, _ in
          Fraction(2, shape[1] * shape[3] * shape[3])
        },
        Decoy(
          "read as (height, width, in, out)", "That is Keras' order; here the outputs come first."
        ) { shape, _ in Fraction(2, shape[0] * shape[1] * shape[2]) },
        Decoy("the bias counted", "A bias begins at 0 and adds nothing to the mean square.") {
          shape, _ in Fraction(2, shape[1] * shape[2] * shape[3] + 1)
        },
        Decoy("n/2", "More inputs need smaller weights: 2/n.") { shape, _ in
          Fraction(shape[1] * shape[2] * shape[3], 2)
        },
        Decoy("n itself", "σ² = 2/n.") { shape, _ in Fraction(shape[1] * shape[2] * shape[3]) },
        Decoy("1/(2n)", "ReLU halves, so the weights' mean square is doubled: 2/n.") { shape, _ in
          Fraction(1, 2 * shape[1] * shape[2] * shape[3])
        },
        Decoy("squared once more", "σ² is asked for; 2/n is σ² already.") { shape, _ in
          let n = shape[1] * shape[2] * shape[3]
          return Fraction(2, n) * Fraction(2, n)
        },
      ])
  }
}

/// How many products one output cell is a sum of: its taps, for each channel of its group.
private func counted(_ shape: [Int], _ groups: Int) throws -> Int {
  let kernelSize = Size(height: shape[2], width: shape[3])
  let geometry = try Convolution(kernelSize: kernelSize, groups: groups).geometry(input: kernelSize)
  return shape[1] * geometry.rows.taps(ofOutput: 0).count * geometry.columns.taps(ofOutput: 0).count
}
