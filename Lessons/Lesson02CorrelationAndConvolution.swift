import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 2: which way round the kernel lies.
  static var correlationAndConvolution: Lesson {
    Lesson(
      number: 2, slug: "correlation-and-convolution", title: "Correlation and convolution",
      part: .slidingWindow,
      question: "Is what networks call a convolution what mathematics calls a convolution?",
      corrects: "Correlation and convolution are the same thing."
    ) { _ in
      let x = Tensor(row: [1, 2, 3, 4, 5])
      let w = Tensor(row: [1, 0, -1])
      let correlated = try convolve(x, w)
      let convolved = try trueConvolve(x, w)

      prose(
        "Almost. Lesson 1 laid the kernel over the input as it was written. That is called "
          + "cross-correlation. The convolution of mathematics first turns the kernel round, so "
          + "that its last cell comes first, and then does the same.")
      grids(
        Grid(.kernel, w), Grid(.kernel, w.flipped(), title: "kernel turned"), between: "→")
      predict(
        "Lesson 1 got \(cellsText(correlated)) with this kernel. What comes out with the turned one?",
        answer: cellsText(convolved),
        why: "Every product changes its sign, because here turning the kernel exchanges 1 and -1.")
      let turned = try TraceCase.convolution(x, w.flipped())
      trace(try turned.trace())
      claim(
        "turning the kernel turns the answer into another one", convolved, differsFrom: correlated)

      heading("Which is which")
      prose(
        "Send in an impulse, a single 1 among zeros. Whatever comes out is the kernel as the "
          + "operation sees it:")
      let impulse = Tensor(row: [0, 0, 1, 0, 0])
      let ramp = Tensor(row: [1, 2, 3])
      let backwards = try convolve(impulse, ramp)
      let forwards = try trueConvolve(impulse, ramp)
      table(
        ["operation", "kernel", "impulse gives"],
        rows: [
          ["cross-correlation", cellsText(ramp), cellsText(backwards)],
          ["convolution of mathematics", cellsText(ramp), cellsText(forwards)],
        ])
      claim("the convolution of mathematics returns the kernel as it is", forwards, equals: ramp)
      claim("cross-correlation returns it backwards", backwards, equals: ramp.flipped())

      heading("The rule")
      formula(
        "cross-correlation   y[o] = Σ over k of  x[o + k] · w[k]",
        "convolution         y[o] = Σ over k of  x[o + k] · w[K − 1 − k]",
        "where K is the number of kernel cells")
      prose(
        "In two dimensions the kernel is turned by 180°: rows and columns both in reverse order.")
      let square = Tensor([[1, 2], [3, 4]])
      grids(
        Grid(.kernel, square), Grid(.kernel, square.flipped(), title: "kernel turned by 180°"),
        between: "→")
      claim("turning twice changes nothing", square.flipped().flipped(), equals: square)

      heading("Where the difference disappears")
      let symmetric = Tensor(row: [1, 2, 1])
      claim(
        "a kernel that reads the same both ways, \(cellsText(symmetric)), gives one answer",
        try convolve(x, symmetric), equals: try trueConvolve(x, symmetric))

      heading("Why mathematics turns it")
      prose(
        "Because then input and kernel may change places, as the factors of a product may. Let the "
          + "kernel hang over both ends as far as one cell still meets (more on that in lesson 4):")
      let (a, b) = (Tensor(row: [1, 2, 3]), Tensor(row: [4, 5]))
      claim(
        "\(cellsText(a)) convolved with \(cellsText(b)) is \(cellsText(b)) convolved with "
          + cellsText(a),
        try fullConvolve(a, b), equals: try fullConvolve(b, a))
      let correlations = (
        try fullConvolve(a, b.flipped()), try fullConvolve(b, a.flipped())
      )
      claim(
        "cross-correlation has no such law: the second answer is the first one backwards",
        correlations.0, equals: correlations.1.flipped())
      claim("and so a different one", correlations.0, differsFrom: correlations.1)

      heading("In FCN, and in this book")
      prose(
        "PyTorch, Keras, Caffe and ONNX compute the cross-correlation and call it convolution; we do "
          + "too. For a kernel that is learned it makes no difference, for it is learned the way it "
          + "is used. It matters when you bring a kernel from elsewhere (a signal processing library "
          + "turns it), and it comes back in lesson 12: there the turned kernel is exactly what "
          + "people forget.")
      ownNumbers(
        "The trace lays the kernel down as it is typed: the first line is lesson 1's, the second this "
          + "one's.", try TraceCase.convolution(x, w).command(), turned.command())
    }
  }
}
