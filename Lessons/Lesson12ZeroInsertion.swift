import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 12: the direct convolution that equals a transposed one.
  static var zeroInsertion: Lesson {
    Lesson(
      number: 12, slug: "zero-insertion", title: "Zero insertion: the fractional stride",
      part: .matrixAndTranspose,
      question: "Can an ordinary convolution do what a transposed one does?",
      corrects: "Insert zeros, pad, and convolve with the same kernel."
    ) { _ in
      let x = Tensor(row: [1, 2])
      let w = Tensor(row: [1, 2, 3])
      let example = try TraceCase.transposed(x, w, stride: across(2))
      let y = example.output
      let spread = try insertZeros(x, stride: across(2))

      prose(
        "Yes, on a prepared input. Stamps that stand 2 apart can be had from a window that moves by 1, "
          + "if we first pull the input apart: put s − 1 zeros between neighbours. Then pad, so that the "
          + "window may hang over, and turn the kernel round.")
      grids(
        Grid(.input, x), Grid(.input, spread, title: "input with zeros inserted"), between: "→")
      heading("Every cell by hand")
      trace(try example.trace(.zeroInsertion))
      claim(
        "the same as by stamping",
        try transposedConvolveByZeroInsertion(
          x, w, by: Convolution(of: w, stride: across(2)).transposed()),
        equals: y)

      heading("Why the kernel is turned")
      prose(
        "Follow the cell 1. Its stamp begins with w[0] at output 0 and goes on with w[1] at output 1. But "
          + "the window that reaches it first does so with its last cell. For that cell to carry w[0], "
          + "the kernel must be laid down backwards. In the trace above, output 0 is 1 times the last "
          + "cell of the turned kernel.")

      heading("The mistake")
      let padding = w.width - 1
      let unflipped = try convolve(spread, w, padding: beside(padding))
      predict(
        "Forget to turn the kernel. What comes out instead of \(cellsText(y))?",
        answer: cellsText(unflipped),
        why: "Each stamp is laid down backwards: 1 gives 3 2 1 at cell 0, 2 gives 6 4 2 at cell 2.")
      claim("without the turn the result is another", unflipped, differsFrom: y)
      let symmetric = Tensor(row: [1, 2, 1])
      claim(
        "and a symmetric kernel hides the mistake",
        try convolve(spread, symmetric, padding: beside(padding)),
        equals: try transposedConvolve(x, symmetric, stride: across(2)))
      prose(
        "The kernels that merely enlarge a map (lesson 18) are symmetric, so a network may run for years "
          + "with this mistake in it, until somebody trains that layer.")

      heading("The rule")
      formula(
        "transposed convolution with k, s, d, p",
        "  = insert s − 1 zeros between cells,",
        "    pad by p′ = d(k − 1) − p,",
        "    convolve with the kernel turned by 180°, stride 1, dilation d")
      prose(
        "Moving by 1 over cells that stand s apart is like moving by 1/s of a cell over the input. Hence "
          + "the old name “fractionally strided convolution”. In two dimensions zeros go between rows "
          + "and between columns:")
      let map = Tensor([[1, 2], [3, 4]])
      grids(
        Grid(.input, map),
        Grid(.input, try insertZeros(map, stride: 2), title: "zeros inserted, stride 2"),
        between: "→"
      )
      let kernel = Tensor<Int>.ramp([1, 1, 2, 3])
      claim(
        "in two dimensions too, with unequal strides, both ways agree",
        try transposedConvolveByZeroInsertion(
          map, kernel, by: Convolution(of: kernel, stride: across(3, down: 2)).transposed()),
        equals: try transposedConvolve(map, kernel, stride: across(3, down: 2)))

      heading("Where it breaks: the work")
      let direct = try example.trace(.zeroInsertion)
      let products = direct.equations.map(\.terms.count).reduce(0, +)
      let useful = try example.trace().equations.map(\.terms.count).reduce(0, +)
      prose(
        "It is a way to understand, not to compute. \(products - useful) of these \(products) products have "
          + "a factor that we have just inserted:")
      table(
        ["way", "products with an input cell or an inserted zero"],
        rows: [["zero insertion", "\(products)"], ["stamping", "\(useful)"]])
      claim(
        "stamping multiplies each input cell by each kernel cell once", useful,
        equals: x.width * w.width)
      claim("zero insertion multiplies more often", products, differsFrom: useful)

      heading("In FCN")
      prose(
        "FCN-32s has stride 32. In two dimensions there would be about 32² − 1 = \(32 * 32 - 1) zeros to "
          + "each cell. But the sizes of lessons 13 to 15 are easiest to see here, "
          + "because an ordinary convolution has an ordinary padding.")
      let sparse = try insertZeros(Tensor<Int>.ramp([1, 1, 2, 2]), stride: 32)
      claim(
        "four cells with stride 32 become a map of \(sparse.size), all zeros but four",
        sparse.elements.count { $0 != 0 }, equals: 4)
      ownNumbers("The zeros inserted, and every cell:", example.command(.zeroInsertion))
    }
  }
}
