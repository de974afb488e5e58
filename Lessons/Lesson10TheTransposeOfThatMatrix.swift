import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 10: the transpose restores the shape, not the values.
  static var theTransposeOfThatMatrix: Lesson {
    Lesson(
      number: 10, slug: "the-transpose-of-that-matrix", title: "The transpose of that matrix",
      part: .matrixAndTranspose,
      question: "How do we get from a small map back to a large one?",
      corrects: "A deconvolution undoes a convolution."
    ) { _ in
      let x = Tensor(row: [1, 2, 3, 4])
      let w = Tensor(row: [1, 2, 3])
      let y = try convolve(x, w)
      let back = try transposedConvolve(y, w)

      prose(
        "Lesson 9 made a convolution into a matrix C with a row for each output and a column for each "
          + "input. C takes 4 cells to 2. Exchange its rows and columns, and the matrix takes 2 cells to "
          + "4. Multiplying by this transpose is called a transposed convolution.")
      let forward = try TraceCase.convolution(x, w)
      let trace1 = try forward.trace(.matrix)
      grids([trace1.given[0], Grid(.input, x), Grid(.output, y)], between: ["×", "="])
      formula(trace1.equations.map(\.text))

      heading("The way back, by hand")
      prose(
        "Now give those two numbers to the transpose of the same matrix. (Every trace of a transposed "
          + "convolution begins with its two paddings; lesson 13 explains them.)")
      let backward = try TraceCase.transposed(y, w)
      predict(
        "We started from \(cellsText(x)). Shall we have it back?",
        answer: "no",
        why: "We get \(cellsText(back)). There are four cells again, but not those.",
        also: [cellsText(back)])
      trace(try backward.trace(.matrix))
      claim("the shape comes back", back.shape, equals: x.shape)
      claim("the values do not", back, differsFrom: x)

      heading("The rule")
      formula(
        "convolution             y = C x       y[o] += x[i] · w[k]",
        "transposed convolution  x̂ = Cᵀ y      x̂[i] += y[o] · w[k]")
      prose(
        "The taps (o, i, k) are the same ones; only the arrow is turned. An input cell now collects from "
          + "all outputs it once went to. What a transpose does promise is this: for any x and any y, "
          + "the dot product of C x and y is that of x and Cᵀ y.")
      let any = Tensor(row: [5, -1])
      let left = dot(y, any)
      let right = dot(x, try transposedConvolve(any, w))
      formula(
        "C x · y  = \(sumText(y, any)) = \(left)",
        "x · Cᵀ y = \(sumText(x, try transposedConvolve(any, w))) = \(right)")
      claim("both products are equal, for y = \(cellsText(any)) too", left, equals: right)

      heading("Why nothing could undo it")
      prose(
        "Two different inputs can give the same output. Then no layer, whatever its name, can tell which "
          + "one it was.")
      let invisible = Tensor(row: [1, -2, 1, 0])
      let other = Tensor(row: zip(x.elements, invisible.elements).map { $0 + $1 })
      table(
        ["input", "convolved with \(cellsText(w))"],
        rows: try [x, other, invisible].map { [cellsText($0), cellsText(try convolve($0, w))] })
      claim(
        "\(cellsText(x)) and \(cellsText(other)) give the same", try convolve(other, w), equals: y)

      heading("Where it does invert")
      prose(
        "Almost nowhere. The plainest example is a kernel that hands the map on as it is, with a single 1 "
          + "in its middle.")
      let shift = Tensor(row: [0, 1, 0])
      let moved = try convolve(x, shift, padding: beside(1))
      claim(
        "with the kernel \(cellsText(shift)) and padding 1 the transpose returns the input",
        try transposedConvolve(moved, shift, padding: beside(1)), equals: x)

      heading("About the name")
      prose(
        "Early papers called this layer deconvolution, and Caffe's layer is still named so. In "
          + "signal processing a deconvolution is the attempt to undo a convolution, which this is not. "
          + "We say transposed convolution.")

      heading("In FCN")
      prose(
        "FCN comes as three networks, FCN-32s, FCN-16s and FCN-8s. The layers with which they make their "
          + "maps large again, which is called upsampling, are transposed convolutions. They enlarge, no "
          + "more than that: the detail that pooling threw away does not come back. "
          + "That is why FCN needs its skips (lessons 28 and 29).")
      ownNumbers(
        "There, and back:", forward.command(.matrix), backward.command(.matrix))
    }
  }
}

/// The sum of the products cell by cell.
func dot(_ a: Tensor<Int>, _ b: Tensor<Int>) -> Int {
  zip(a.elements, b.elements).map { $0 * $1 }.reduce(0, +)
}

/// That sum written out: `14·5 + 20·(-1)`.
private func sumText(_ a: Tensor<Int>, _ b: Tensor<Int>) -> String {
  sumText(zip(a.elements, b.elements).map { "\($0)·" + ($1 < 0 ? "(\($1))" : "\($1)") })
}
