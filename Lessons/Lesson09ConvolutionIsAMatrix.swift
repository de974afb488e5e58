import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 9: the matrix of a convolution.
  static var convolutionIsAMatrix: Lesson {
    Lesson(
      number: 9, slug: "convolution-is-a-matrix", title: "Convolution is a matrix: sparse and tied",
      part: .matrixAndTranspose,
      question: "Is a convolution layer something other than a fully connected layer?",
      corrects: "Convolution layers and fully connected layers are two different things."
    ) { _ in
      let x = Tensor(row: [1, 2, 3, 4])
      let w = Tensor(row: [1, 2, 3])
      let example = try TraceCase.convolution(x, w)

      prose(
        "A fully connected layer multiplies the input by a matrix: each output has a weight of its own "
          + "for each input. Write down what a convolution does in the same way, one row for each "
          + "output cell, one column for each input cell. Where a tap (o, i, k) exists, the matrix C "
          + "has w[k] in row o, column i. Where there is none (a dot), it has 0.")
      trace(try example.trace(.matrix))
      let c = try convolutionMatrix(w, inputSize: x.size)
      claim(
        "the matrix times the input is the convolution", try linear(flat(x), c).elements,
        equals: example.output.elements)
      prose(
        "So it is a fully connected layer with two promises: where there is no tap the weight is 0, which "
          + "in a large matrix is nearly everywhere (sparse), and the rest repeat the same few numbers "
          + "(tied). Here each row is the row above, moved one cell on.")

      heading("In two dimensions")
      prose(
        "A map is read row after row into one long list. A 4×4 input has 16 cells, a 3×3 kernel leaves "
          + "2×2 = 4 outputs, so C is 4×16. These two, and their matrix:")
      let kernel = Tensor<Int>.ramp([1, 1, 3, 3])
      let square = Tensor<Int>.ramp([1, 1, 4, 4])
      let trace16 = try TraceCase.convolution(square, kernel).trace(.matrix)
      grids(Grid(.input, square), Grid(.kernel, kernel), between: "∗")
      grids([trace16.given[0]])
      prose(
        "The three runs in each row are the three kernel rows; the gap between them is the rest of the "
          + "input row.")
      let c16 = try convolutionMatrix(kernel, inputSize: square.size)
      claim("C is 4×16", c16.shape.dimensions, equals: [4, 16])
      claim(
        "and gives the same as the window", try linear(flat(square), c16).elements,
        equals: try convolve(square, kernel).elements)

      heading("Counting")
      let c25 = try convolutionMatrix(kernel, inputSize: 5)
      let nonZero = c25.elements.filter { $0 != 0 }
      predict(
        "For a 5×5 input and a 3×3 kernel C is \(c25.shape[0])×\(c25.shape[1]). How many of its "
          + "\(c25.shape.count) numbers are not 0?",
        answer: "\(nonZero.count)",
        why: "Each of the 9 rows has the 9 kernel numbers: 9·9 = \(nonZero.count).")
      table(
        ["layer, 5×5 in, 3×3 out", "numbers in the matrix", "not 0", "to be learned"],
        rows: [
          ["fully connected", "\(c25.shape.count)", "\(c25.shape.count)", "\(c25.shape.count)"],
          ["convolution", "\(c25.shape.count)", "\(nonZero.count)", "\(Set(nonZero).count)"],
        ])
      claim("9 rows of 9 numbers that are not 0", nonZero.count, equals: 9 * 9)
      claim(
        "as many different ones as the kernel has", Set(nonZero).count, equals: kernel.shape.count)

      heading("The rule")
      formula("C[o, i] = w[k] for each tap (o, i, k),  0 elsewhere", "y = C x")
      prose(
        "Stride, padding and dilation change which taps there are, and nothing else. Stride 2 leaves out "
          + "every second row. Padding adds rows whose kernel is cut off by the border:")
      let padded = try TraceCase.convolution(x, w, padding: beside(1)).trace(.matrix)
      let strided = try TraceCase.convolution(x, w, stride: across(2), padding: beside(1))
      grids(
        renamed(padded.given[0], "C, padding 1"),
        renamed(try strided.trace(.matrix).given[0], "C, padding 1, stride 2"))
      let (p, s) = (
        try convolutionMatrix(w, by: Convolution(of: w, padding: beside(1)), inputSize: x.size),
        try convolutionMatrix(
          w, by: Convolution(of: w, stride: across(2), padding: beside(1)), inputSize: x.size)
      )
      claim(
        "with stride 2 the rows 0 and 2 remain", s.elements,
        equals: Array(p.elements[0..<4] + p.elements[8..<12]))

      heading("Where it breaks")
      prose(
        "A matrix can only multiply and add. Max pooling has no matrix: if it had one, the pooling of "
          + "a sum would be the sum of the poolings.")
      let (a, b) = (Tensor(row: [1, 0]), Tensor(row: [0, 1]))
      let together = try maxPool(Tensor(row: [1, 1]), kernelSize: across(2))[0]
      let apart = try maxPool(a, kernelSize: across(2))[0] + maxPool(b, kernelSize: across(2))[0]
      claim(
        "the largest of 1 0 plus 0 1 is not the largest of 1 0 plus the largest of 0 1",
        together, differsFrom: apart)
      prose("And the matrix belongs to one input size; the kernel belongs to none.")

      heading("In FCN")
      prose(
        "If a convolution is a fully connected layer, then a fully connected layer may be a convolution: "
          + "one whose kernel is as large as its input. That is how FCN turns a network that names a "
          + "whole picture into one for pictures of any size, in lesson 22. And once we have a matrix, we can transpose it: "
          + "that is the next lesson.")
      ownNumbers(
        "These lines print the first matrix of this lesson, and the last.",
        example.command(.matrix),
        strided.command(.matrix))
    }
  }
}

/// A map as one row of a matrix, which is what a fully connected layer is given.
func flat<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  x.reshaped([1, x.shape.count])
}

/// A grid under another title.
func renamed(_ grid: Grid, _ title: String) -> Grid {
  var result = grid
  result.title = title
  return result
}
