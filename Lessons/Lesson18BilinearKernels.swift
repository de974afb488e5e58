import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 18: the weights of an interpolation.
  static var bilinearKernels: Lesson {
    Lesson(
      number: 18, slug: "bilinear-kernels", title: "Bilinear kernels, odd and even",
      part: .upsampling,
      question: "Which weights make an upsampling smooth?",
      corrects: "Bilinear upsampling keeps a constant exactly, right up to the border.",
      parameters: [.kernel: 4]
    ) { own throws(GeometryError) in
      let k = own[.kernel]
      let f = (k + 1) / 2
      let weights = bilinearWeights(k)
      let centre = k % 2 == 0 ? Fraction(f) - Fraction(1, 2) : Fraction(f - 1)

      prose(
        "A tent: highest in the middle, falling in a straight line to both sides. A kernel of k cells "
          + "belongs to the factor f = ⌈k/2⌉, by which it enlarges. For k = \(k), f = \(f), and the "
          + "middle of the kernel is at \(centre).")
      formula("w[i] = 1 − |i − centre| / f")
      table(
        ["i", "distance from \(centre)", "weight"],
        rows: weights.enumerated().map { i, weight in
          let distance = (Fraction(i) - centre).magnitude
          return ["\(i)", "\(distance)", "1 − (\(distance))/\(f) = \(weight)"]
        })
      prose("The two that one meets most often, for the factor 2:")
      grids(
        Grid(.kernel, Tensor(row: bilinearWeights(3)), title: "odd kernel"),
        Grid(.kernel, Tensor(row: bilinearWeights(4)), title: "even kernel"))
      claim(
        "the tent is symmetric", weights, equals: Array(weights.reversed()))
      claim("its weights sum to f", weights.reduce(0, +), equals: Fraction(f))

      heading("Ones in")
      let ones = Tensor(shape: [1, 1, 1, 4], repeating: Fraction(1))
      let four = Tensor(row: bilinearWeights(4))
      let example = try TraceCase.transposed(ones, four, stride: across(2), padding: beside(1))
      let out = example.output
      predict(
        "Four ones, kernel \(cellsText(four)), stride 2, padding 1. What comes out?",
        answer: cellsText(out),
        why: "Inside, ¼ + ¾ = 1. The first and the last cell have lost their neighbour.")
      trace(try example.trace())

      heading("The rule")
      prose(
        "With stride f, the cells of the kernel that are f apart meet in the same output cell. If each "
          + "such group sums to 1, a constant stays constant.")
      table(
        ["output cells", "weights that meet", "sum"],
        rows: (0..<f).map { phase in
          let group = stride(from: phase, to: k, by: f).map { weights[$0] }
          let ending = f == 2 ? "nd" : f == 3 ? "rd" : "th"
          let cells = f == 1 ? "every one" : "every \(f)\(ending), from \(phase)"
          return [
            cells, group.map { $0.description }.joined(separator: " + "), "\(group.reduce(0, +))",
          ]
        })
      claim(
        "every group sums to 1", evidence: counted(f, "group"),
        holds: (0..<f).allSatisfy { phase in
          let group: [Fraction] = stride(from: phase, to: k, by: f).map { weights[$0] }
          return group.reduce(0, +) == 1
        })

      heading("Odd and even")
      let x = Tensor<Fraction>(row: [0, 4, 8, 4])
      let odd = try transposedConvolve(
        x, Tensor(row: bilinearWeights(3)), stride: across(2), padding: beside(1))
      let even = try transposedConvolve(x, four, stride: across(2), padding: beside(1))
      table(
        ["kernel", "of \(cellsText(x)), stride 2, padding 1"],
        rows: [["odd, 3", cellsText(odd)], ["even, 4", cellsText(even)]])
      prose(
        "The odd kernel has a cell in its middle, so each input number appears again and the means stand "
          + "between. The even kernel has no middle: its cells lie a quarter of a step to either side of "
          + "the old ones. It gives exactly twice as many cells, and the odd one a cell less.")
      claim(
        "with the odd kernel every second cell is the input",
        stride(from: 0, to: odd.width, by: 2).map { odd[$0] }, equals: x.elements)
      claim("with the even kernel there are twice as many cells", even.width, equals: 2 * x.width)

      heading("In two dimensions")
      prose("A tent downwards times a tent to the right:")
      let square: Tensor<Fraction> = bilinearKernel(4)
      grids(Grid(.kernel, square))
      let tent = bilinearWeights(4)
      claim(
        "every cell is the product of two weights", square,
        equals: Tensor(tent.map { row in tent.map { row * $0 } }))

      heading("The mistake")
      let map = Tensor(shape: [1, 1, 3, 3], repeating: Fraction(1))
      let faded = try upsampleBilinear(map, factor: 2)
      grids(Grid(.input, map), Grid(.output, faded), between: "→")
      prose(
        "Outside the input there is nothing, and nothing counts as 0 here. So the border fades: "
          + "\(faded[0, 0, 0, 2]) along an edge, \(faded[0, 0, 0, 0]) in a corner. Interpolation, "
          + "which repeats the last cell (lesson 19), does not fade.")
      claim("the corner is ¾·¾", faded[0, 0, 0, 0], equals: Fraction(3, 4) * Fraction(3, 4))
      claim(
        "interpolation keeps the ones everywhere",
        Set(try interpolateBilinear(map, scale: 2).elements), equals: [1])

      heading("Where it breaks")
      let wrong = try transposedConvolve(ones, four, stride: across(3))
      prose(
        "With another stride than f the sums are no longer 1, not even inside. Kernel 4 with stride 3:"
      )
      grids(Grid(.output, wrong))
      claim("the sums inside are not 1", Set(wrong.elements[4..<9]), differsFrom: [1])

      heading("In FCN")
      let sizes = [4, 16, 32, 64]
      prose(
        "The kernels of FCN are even: "
          + sizes.map { "\($0) for stride \($0 / 2)" }.joined(separator: ", ")
          + ". The faded border does little harm: FCN's map is larger than the picture, so that a part of "
          + "it is cropped away, and what remains is faded for every class alike.")
      claim(
        "all of them keep constants inside", evidence: "each group of each kernel sums to 1",
        holds: sizes.allSatisfy { k in
          let w = bilinearWeights(k)
          return (0..<k / 2).allSatisfy { w[$0] + w[$0 + k / 2] == 1 }
        })
      underYourHands(example.command())
    }
  }
}
