import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 13: p and p′.
  static var paddingOfATransposeCrops: Lesson {
    Lesson(
      number: 13, slug: "padding-of-a-transpose-crops", title: "Padding of a transpose crops",
      part: .matrixAndTranspose,
      question: "What does padding mean in a transposed convolution?",
      corrects: "Padding 1 adds a ring of zeros, as it does everywhere.",
      parameters: [.input: 2, .kernel: 3, .stride: 2, .padding: 1]
    ) { own throws(GeometryError) in
      let (i, k, s, p) = (own[.input], own[.kernel], own[.stride], own[.padding])
      let x = Tensor<Int>.ramp([1, 1, 1, i])
      let w = Tensor<Int>.ramp([1, 1, 1, k])
      let window = try Window(kernelSize: k, stride: s, padding: p).transposed()
      let example = try TraceCase.transposed(x, w, stride: across(s), padding: beside(p))
      let y = example.output
      let full = try transposedConvolve(x, w, stride: across(s))

      prose(
        "The padding p of a transposed convolution is the padding of the convolution that it "
          + "transposes. Going forward, p zeros were put on each side. Going back, the cells that stand "
          + "in those places are not part of the picture, so they are taken away: p on each side.")
      predict(
        "What remains of \(cellsText(full)) with p = \(p)?",
        answer: cellsText(y),
        why: p == 0
          ? "Nothing is cut off: all of it remains."
          : "\(counted(p, "cell")) at each end \(p == 1 ? "is" : "are") cut off: \(full.width) − 2·\(p) = "
            + "\(y.width).",
        also: p == 0 ? ["all", "all of them"] : [])
      grids(
        Grid(.output, full, title: "output with p = 0"),
        Grid(.output, y, title: "output with p = \(p)"), between: "→")
      heading("Every cell by hand")
      trace(try example.trace())
      claim(
        p == 0
          ? "with p = 0 nothing is cut off"
          : "the result is the one with p = 0, less \(counted(p, "cell")) at each end", y,
        equals: try crop(full, offset: Size(height: 0, width: p), size: y.size))

      heading("The rule, and the other padding p′")
      prose(
        "Lesson 12 made a direct convolution of it, and that one has a padding too: p′. There zeros are "
          + "added, in the ordinary sense. The two move against each other: the more the transpose "
          + "crops, the less its direct twin adds.")
      formula(
        "p′ = d(k − 1) − p = 1·(\(k) − 1) − \(p) = \(k - 1 - p)",
        "o′ = s(i′ − 1) + d(k − 1) + 1 − 2p = \(s)·(\(i) − 1) + \(k) − 2·\(p) = \(y.width)")
      let possible = (0...k).filter {
        (try? Window(kernelSize: k, stride: s, padding: $0).transposed().outputSize(input: i))
          != nil
      }
      table(
        ["p", "p′", "output size", "output"],
        rows: try possible.map { p throws(GeometryError) in
          let out = try transposedConvolve(x, w, stride: across(s), padding: beside(p))
          return ["\(p)", "\(k - 1 - p)", "\(out.width)", cellsText(out)]
        })
      let twin = try window.equivalentConvolution()
      claim("its direct twin has padding p′", twin.paddingBefore, equals: k - 1 - p)
      claim(
        "and gives the same cells",
        try transposedConvolveByZeroInsertion(
          x, w, by: Convolution(of: w, stride: across(s), padding: beside(p)).transposed()),
        equals: y)

      heading("The mistake")
      let four = Tensor(row: [1, 2, 3, 4])
      let two = Tensor(row: [1, 2])
      let right = try transposedConvolve(two, four, stride: across(2), padding: beside(1))
      let confused = try convolve(
        try insertZeros(two, stride: across(2)), four.flipped(), padding: beside(1))
      prose(
        "With k = 3 and p = 1, p′ is 1 as well, and you can take one for the other for a long time. With "
          + "k = 4 you cannot: p = 1 means p′ = \(4 - 1 - 1).")
      grids(Grid(.input, two), Grid(.kernel, four), between: "∗")
      table(
        ["kernel 4, stride 2", "size", "output"],
        rows: [
          ["p = 1, so p′ = 2", "\(right.width)", cellsText(right)],
          ["padding the direct convolution by 1", "\(confused.width)", cellsText(confused)],
        ])
      claim("p for p′ gives another size", confused.width, differsFrom: right.width)
      let message = refusal { () throws(GeometryError) in
        try transposedConvolve(Tensor(row: [5]), Tensor(row: [1, 2, 3]), padding: beside(2))
      }
      claim(
        "and enough padding leaves nothing at all: one cell, k = 3, s = 1, p = 2",
        evidence: message ?? "computed",
        holds: message != nil)

      heading("Where p′ is negative")
      let (three, pair) = (Tensor(row: [1, 2, 3]), Tensor(row: [1, 1]))
      let stamped = try transposedConvolve(three, pair, stride: across(2))
      let wide = try transposedConvolve(three, pair, stride: across(2), padding: beside(2))
      prose(
        "A padding p larger than d(k − 1) makes p′ negative: the direct twin loses cells of its input "
          + "instead. With the kernel \(cellsText(pair)), stride 2 and padding 2, p′ = 1·(2 − 1) − 2 = "
          + "-1: \(cellsText(three)) stamps \(cellsText(stamped)), and only \(cellsText(wide)) is left."
      )
      let twin2 = try Window(kernelSize: 2, stride: 2, padding: 2).transposed()
        .equivalentConvolution()
      claim("p′ = -1", twin2.paddingBefore, equals: -1)

      heading("In FCN")
      prose(
        "FCN's transposed convolutions have p = 0: nothing is cropped there. Layers of their own crop, the "
          + "last of them the picture, and lesson 25 finds where. PyTorch users often write k = 4, s = 2, "
          + "p = 1 for “twice as large”:")
      let double = try Window(kernelSize: 4, stride: 2, padding: 1).transposed()
      formula("2·(i′ − 1) + 4 − 2·1 = 2i′")
      claim(
        "it doubles every size from 1 to 100", evidence: "tried all of them",
        holds: try (1...100).map { size throws(GeometryError) in
          try double.outputSize(input: size) == 2 * size
        }.allSatisfy { $0 })
      underYourHands(example.command())
    }
  }
}
