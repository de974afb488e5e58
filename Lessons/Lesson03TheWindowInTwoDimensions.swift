import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 3: the window slides over a map.
  static var theWindowInTwoDimensions: Lesson {
    Lesson(
      number: 3, slug: "the-window-in-two-dimensions", title: "The window in two dimensions",
      part: .slidingWindow,
      question: "How does a kernel slide over a picture?",
      corrects: "Width or height first, it does not matter."
    ) { _ in
      let x = guideInput
      let w = guideKernel
      let example = try TraceCase.convolution(x, w)
      let y = example.output

      prose(
        "As it slides over a row, but in two directions: to the right, and when the row is done, one "
          + "row down and from the left again. At each place, multiply the \(w.size) cells under the "
          + "window by the \(w.size) cells of the kernel and add up the \(w.size.area) products.")
      grids(
        Grid(.input, x, window: Region(rows: 0..<3, columns: 0..<3)), Grid(.kernel, w),
        partly(y, [(0, 0)]), between: "∗", "=")
      formula(try example.equation(row: 0, column: 0).text)
      prose(
        "One step to the right. Two of the three columns were under the window before: neighbouring "
          + "windows overlap.")
      let second = try example.equation(row: 0, column: 1)
      grids(
        Grid(.input, x, window: Region(rows: 0..<3, columns: 1..<4)),
        partly(y, [(0, 0), (0, 1)]), between: "→")
      formula(second.text)
      predict(
        "Lay the window into the lower right corner. What is the last cell of the output?",
        answer: "\(y[0, 0, 2, 2])", why: try example.equation(row: 2, column: 2).text)

      heading("All nine cells by hand")
      trace(try example.trace())

      heading("The rule")
      formula(
        "y[r, c] = Σ over a, b of  x[r + a, c + b] · w[a, b]",
        "output height = input height − kernel height + 1,  and the same for the width")
      let tall = Tensor<Int>.ramp([1, 1, 4, 6])
      let narrow = Tensor<Int>.ramp([1, 1, 3, 2])
      claim(
        "a \(tall.size) input and a \(narrow.size) kernel give \(4 - 3 + 1)×\(6 - 2 + 1)",
        try convolve(tall, narrow).size, equals: Size(height: 4 - 3 + 1, width: 6 - 2 + 1))
      prose(
        "The two directions do not know of each other. The taps of a window in two dimensions are all "
          + "pairs of a tap downwards and a tap to the right:")
      let rows = try Window(kernelSize: 3).axis(input: 5)
      claim(
        "3 rows times 3 columns of taps for each output cell",
        rows.taps(ofOutput: 0).count * rows.taps(ofOutput: 0).count,
        equals: try example.equation(row: 0, column: 0).terms.count)

      heading("The mistake")
      prose(
        "In this book, as in nearly every library, height comes first: a 2×3 map has 2 rows and 3 "
          + "columns, and cell (r, c) is in row r, column c. Exchange them and you compute something "
          + "else, often with no error to warn you:")
      let map = Tensor([[1, 2, 4], [8, 16, 32]])
      let across = Tensor([[1, -1]])
      let down = Tensor([[1], [-1]])
      let (acrossResult, downResult) = (try convolve(map, across), try convolve(map, down))
      grids(
        Grid(.input, map), Grid(.kernel, across), Grid(.output, acrossResult), between: "∗", "=")
      grids(Grid(.input, map), Grid(.kernel, down), Grid(.output, downResult), between: "∗", "=")
      claim(
        "a 1×2 kernel compares neighbours in a row, a 2×1 kernel neighbours in a column",
        acrossResult, differsFrom: downResult)
      let exchanged = Tensor((0..<3).map { row in (0..<3).map { w[0, 0, $0, row] } })
      claim(
        "our \(w.size) kernel with rows and columns exchanged gives another map",
        try convolve(x, exchanged), differsFrom: y)

      heading("Where it breaks")
      let message = refusal { try convolve(Tensor<Int>.ramp([1, 1, 2, 9]), w) }
      claim(
        "the window must fit in both directions: a 2×9 input is wide enough, but not high enough",
        evidence: message ?? "it was computed", holds: message != nil)

      heading("In FCN")
      prose(
        "FCN is built on an older network, VGG16, and the thirteen convolutions of it all have "
          + "3×3 kernels like this one. A picture is just a larger input: of each map it reads, an "
          + "output cell still takes nine cells. (This input and kernel are those of Dumoulin and "
          + "Visin's guide to convolution arithmetic; we will meet them again.)")
      ownNumbers(
        "A / ends a row. This line prints the sums above; with `--cell 2,2` it shows one cell, and "
          + "where an input cell goes:", example.command())
    }
  }
}
