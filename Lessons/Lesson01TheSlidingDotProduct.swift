import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 1: a kernel slides along a row.
  static var theSlidingDotProduct: Lesson {
    Lesson(
      number: 1, slug: "the-sliding-dot-product", title: "The sliding dot product",
      part: .slidingWindow,
      question: "What does a convolution compute?",
      corrects: "It multiplies two lists cell by cell, so as many numbers come out as went in."
    ) { _ in
      let x = Tensor(row: [1, 2, 3, 4, 5])
      let w = Tensor(row: [1, 0, -1])
      let example = try TraceCase.convolution(x, w)
      let y = example.output

      prose(
        "You need multiplication and addition, nothing else. Take a row of numbers, the input, and a "
          + "shorter row, the kernel. Lay the kernel over the first cells of the input, multiply "
          + "what lies on top of each other, and add up. That is the first cell of the output.")
      grids(
        Grid(.input, x, window: Region(rows: 0..<1, columns: 0..<w.width)), Grid(.kernel, w),
        between: "∗")
      formula(try example.equation(row: 0, column: 0).text)
      prose(
        "The cells in brackets are the window: what the kernel covers now. Move the window one cell "
          + "to the right and do the same again.")
      predict(
        "What is the next cell of the output?", answer: "\(y[0, 0, 0, 1])",
        why: try example.equation(row: 0, column: 1).text)
      heading("Every cell by hand")
      trace(try example.trace())
      prose(
        "A sum of products of two lists is called a dot product. So a convolution is a dot product "
          + "that slides. Here it subtracts from each number its neighbour two places on: the input "
          + "rises by 1 at each step, and every output is \(y[0, 0, 0, 0]).")

      heading("The rule")
      formula("y[o] = Σ over k of  x[o + k] · w[k]")
      prose(
        "o counts the output cells, k the kernel cells, both from 0. One such triple (o, o + k, k), "
          + "output cell, input cell, kernel cell, is a tap. Everything in this book is a way of "
          + "reading a list of taps.")
      let taps = x.width - w.width + 1
      claim(
        "the window fits in as many places as the input has cells, less the kernel's, plus 1",
        evidence: "\(x.width) - \(w.width) + 1 = \(taps), and \(y.width) cells came out",
        holds: taps == y.width)

      heading("Where it breaks")
      let short = Tensor(row: [1, 2])
      let message = refusal { try convolve(short, w) }
      prose("A window that hangs over the end has nothing to multiply, so it is not computed:")
      claim(
        "a kernel of \(w.width) does not fit on an input of \(short.width)",
        evidence: message ?? "it was computed", holds: message != nil)

      heading("The mistake")
      prose(
        "Multiplying cell by cell would need two lists of the same length. Here \(x.width) cells and "
          + "\(w.width) cells give \(y.width): the kernel is used again at each place. However long "
          + "the input is, the kernel stays as it is.")
      let longer = Tensor<Int>.ramp([1, 1, 1, 100])
      claim(
        "the same \(w.width) numbers serve an input of \(longer.width) cells, and "
          + "\(longer.width) − \(w.width) + 1 come out",
        try convolve(longer, w).width, equals: longer.width - w.width + 1)

      heading("In FCN")
      prose(
        "A network is a chain of steps like this one, called layers: what comes out of one goes into "
          + "the next. Nobody chooses the numbers of its kernels; they are found from examples, and "
          + "that is called learning (lesson 32). A kernel does not care how long the input is. So a "
          + "network of such layers alone, a fully convolutional one, takes a small picture and a "
          + "large one. That is the idea it stands on.")
      ownNumbers("This line prints the sums above. Change its numbers:", example.command())
    }
  }
}
