import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 17: uneven overlap.
  static var checkerboards: Lesson {
    Lesson(
      number: 17, slug: "checkerboards", title: "Checkerboards",
      part: .matrixAndTranspose,
      question: "Why do some networks paint a checkerboard over their output?",
      corrects: "Any kernel larger than the stride covers the output evenly.",
      parameters: [.input: 5, .kernel: 3, .stride: 2]
    ) { own throws(GeometryError) in
      let (i, k, s) = (own[.input], own[.kernel], own[.stride])
      let x = Tensor(shape: [1, 1, 1, i], repeating: 1)
      let example = try TraceCase.transposed(
        x, Tensor(shape: [1, 1, 1, k], repeating: 1), stride: across(s))

      prose(
        (s == 1
          ? "Because stamps that stand more than 1 apart need not overlap evenly. (These stand 1 apart, "
            + "and so they overlap evenly.) "
          : "Because stamps that stand \(s) apart need not overlap evenly. ")
          + "To see how often each output cell "
          + "is stamped, let the input and the kernel be all ones. Then each cell of the output counts "
          + "its own stamps.")
      trace(try example.trace(.scatter))
      predict(
        "Kernel 4, stride 2, three ones in: how often is each of the eight cells stamped?",
        answer: cellsText(try overlaps(3, 4, 2)),
        why: "The first two cells and the last two have one stamp; inside, each has 4/2 = 2.")

      heading("Some kernels, stride 2")
      prose("Six ones in, and kernels of ones:")
      let kernels = [2, 3, 4, 5, 6]
      table(
        ["kernel", "stamps on each cell", "inside", "even"],
        rows: try kernels.map { k throws(GeometryError) in
          let inside = try insideCounts(6, k, 2)
          return [
            "\(k)", cellsText(try overlaps(6, k, 2)),
            inside.sorted().map(String.init).joined(separator: " and "),
            inside.count == 1 ? "yes" : "no",
          ]
        })
      prose(
        "Inside, that is, where a longer row would change nothing, the pattern repeats with every stride: "
          + "a cell's place in it is its phase, one of s, and the k cells of a kernel are dealt out "
          + "to them in turn. Only if s divides k does each phase get the same number.")

      heading("The rule")
      formula(
        "inside, a cell is stamped ⌊k/s⌋ or ⌈k/s⌉ times",
        "it is even if, and only if, s divides k")
      let ownInside = try insideCounts(2 * k + 4, k, s)
      claim(
        "kernel \(k), stride \(s): \(k % s == 0 ? "even" : "uneven") inside",
        evidence: "in a row of \(2 * k + 4) ones the counts inside are "
          + ownInside.sorted().map(String.init).joined(separator: " and "),
        holds: (ownInside.count == 1) == (k % s == 0))
      var swept: [Bool] = []
      for s in 1...8 {
        for k in s...12 {
          swept.append((try insideCounts(2 * k + 4, k, s).count == 1) == (k % s == 0))
        }
      }
      claim(
        "so for every stride to 8 and every kernel from the stride to 12",
        evidence: "\(swept.count) pairs counted",
        holds: swept.allSatisfy { $0 })

      heading("In two dimensions")
      let (ones, stamp) = (
        Tensor(shape: [1, 1, 4, 4], repeating: 1), Tensor(shape: [1, 1, 3, 3], repeating: 1)
      )
      let map = try transposedConvolve(ones, stamp, stride: 2)
      prose("Rows and columns multiply, and the stripes become a checkerboard:")
      grids(Grid(.input, ones), Grid(.kernel, stamp), between: "∗")
      grids(Grid(.output, map, title: "stamps, kernel 3×3, stride 2"))
      pictures(
        MapPicture("kernel 3×3", map.map(Double.init)),
        MapPicture(
          "kernel 4×4",
          try transposedConvolve(
            Tensor(shape: [1, 1, 4, 4], repeating: 1.0),
            Tensor(shape: [1, 1, 4, 4], repeating: 1.0),
            stride: 2)))
      let row = try overlaps(4, 3, 2).elements
      claim(
        "cell (r, c) is stamped as often as r times as often as c",
        map.elements, equals: row.flatMap { r in row.map { r * $0 } })

      heading("The mistake")
      let three = try insideCounts(10, 3, 2)
      prose(
        "A kernel of 3 is larger than a stride of 2, and still uneven: some cells get \(three.max()!) "
          + "stamps, some \(three.min()!), in two dimensions from \(three.min()! * three.min()!) to "
          + "\(three.max()! * three.max()!). A network can learn weights that even it out, but "
          + "with weights that are much alike it starts from this pattern.")
      claim("kernel 3, stride 2 is uneven", three.count, differsFrom: 1)

      heading("Where the rule is not enough")
      prose(
        "Even counts do not make equal sums: what must be even is the sum of the weights that meet in "
          + "a cell. And an uneven kernel can have even sums. The weights ½ 1 ½ with stride 2:")
      let tent = Tensor(row: [Fraction(1, 2), 1, Fraction(1, 2)])
      let fourOnes = Tensor(shape: [1, 1, 1, 4], repeating: Fraction(1))
      let flatRow = try transposedConvolve(fourOnes, tent, stride: across(2))
      grids(
        Grid(.input, fourOnes), Grid(.kernel, tent), Grid(.output, flatRow, title: "output of ones")
      )
      claim(
        "inside, every sum is 1", Set(flatRow.elements[1..<flatRow.width - 1]), equals: [1])

      heading("In FCN")
      prose(
        "FCN takes k = 2s everywhere: 4 with stride 2, 16 with 8, 32 with 16, 64 with 32. So each cell "
          + "inside meets exactly two stamps in each direction, and with bilinear weights, those "
          + "of the next lesson, their sum is 1.")
      claim(
        "two stamps inside for each of the four", evidence: "kernels 4, 16, 32, 64 counted",
        holds: try [2, 8, 16, 32].map { s throws(GeometryError) in try insideCounts(6, 2 * s, s) }
          .allSatisfy { $0 == [2] })
      underYourHands(example.command(.scatter))
    }
  }
}

/// How often each output cell is stamped.
private func overlaps(_ i: Int, _ k: Int, _ s: Int) throws(GeometryError) -> Tensor<Int> {
  try transposedConvolve(
    Tensor(shape: [1, 1, 1, i], repeating: 1), Tensor(shape: [1, 1, 1, k], repeating: 1),
    stride: across(s))
}

/// The different counts away from both borders.
private func insideCounts(_ i: Int, _ k: Int, _ s: Int) throws(GeometryError) -> Set<Int> {
  let counts = try overlaps(i, k, s).elements
  return Set(counts[k..<counts.count - k])
}
