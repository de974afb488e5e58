import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 6: a kernel with holes.
  static var dilation: Lesson {
    Lesson(
      number: 6, slug: "dilation", title: "Dilation",
      part: .slidingWindow,
      question: "How can three weights look at five cells?",
      corrects: "Dilation 0 means no dilation.",
      parameters: [.input: 7, .kernel: 3, .dilation: 2]
    ) { own throws(GeometryError) in
      let (i, k, d) = (own[.input], own[.kernel], own[.dilation])
      let window = try Window(kernelSize: k, dilation: d)
      let effective = window.effectiveKernelSize
      let x = Tensor<Int>.ramp([1, 1, 1, i])
      let w = Tensor<Int>.ramp([1, 1, 1, k])
      let example = try TraceCase.convolution(x, w, dilation: across(d))

      prose(
        "By standing apart. The numbers of a kernel are its weights. With dilation d, neighbouring weights "
          + "meet input cells that are d apart; "
          + "the cells between are stepped over"
          + (d == 1 ? ". (With d = 1, as here, there are none between.)" : "."))
      let first = try example.trace(cell: (0, 0))
      grids(first.given, between: ["∗"])
      formula(first.equations.map { $0.text })
      heading("The rule")
      prose(
        "The window now spans d(k − 1) + 1 cells, though it reads only k of them. That span is called "
          + "the effective kernel size, and it takes the kernel size's place in every formula.")
      formula("effective kernel size = d(k − 1) + 1 = \(d)·(\(k) − 1) + 1 = \(effective)")
      predict(
        "How many output cells are there?", answer: "\(i - effective + 1)",
        why:
          "There are as many as places where \(counted(effective, "cell fits", "cells fit")) into "
          + "\(i).")
      formula(
        "o = i − effective kernel size + 1 = \(i) − \(effective) + 1 = \(i - effective + 1)")
      heading("Every cell by hand")
      trace(try example.trace())
      claim(
        "the formula and the count agree", example.output.width, equals: i - effective + 1)

      heading("The same kernel, written out")
      prose("Put d − 1 zeros between the weights, and an ordinary convolution does the same:")
      let spread = try insertZeros(w, stride: across(d))
      grids(Grid(.kernel, w), Grid(.kernel, spread, title: "kernel with zeros"), between: "→")
      claim("both give the same output", try convolve(x, spread), equals: example.output)

      heading("The mistake")
      let message = refusal { () throws(GeometryError) in
        try Window(kernelSize: 3, dilation: 0)
      }
      prose(
        "Dilation counts the steps from one weight to the next, as the stride counts the steps from "
          + "one window to the next. Next-door neighbours are 1 apart, so an ordinary convolution has "
          + "d = 1. With d = 0 all weights would stand on one cell.")
      claim("d = 0 is refused", evidence: message ?? "it was accepted", holds: message != nil)
      claim(
        "d = 1 is the ordinary convolution", try convolve(x, w, dilation: across(1)).elements,
        equals: (0...i - k).map { o in (0..<k).map { x[o + $0] * w[$0] }.reduce(0, +) })

      heading("Where it breaks: the grid has holes")
      prose(
        "Stack three layers of kernel 3, each with dilation 2. How often does one output cell read "
          + "each input cell? Count with kernels of ones, sending a 1 backwards through the taps:")
      let (even, mixed) = (try readCounts([2, 2, 2]), try readCounts([1, 2, 3]))
      grids(Grid(.input, even, title: "times read, dilations 2 2 2"))
      grids(Grid(.input, mixed, title: "times read, dilations 1 2 3"))
      let unread = even.elements.count { $0 == 0 }
      let stretch: Int = 1 + 3 * 2 * 2
      claim(
        "one output cell looks at a stretch of \(even.width) cells",
        evidence: "1 + 3 layers · d(k − 1) = 1 + 3·2·2 = \(stretch)",
        holds: even.width == stretch)
      claim(
        "but \(unread) of them, every second one, are never read",
        evidence: "\(unread) zeros among the counts \(cellsText(even))",
        holds: unread == even.width / 2)
      claim(
        "dilations 1, 2 and 3 span just as many cells and leave no hole",
        evidence: cellsText(mixed), holds: mixed.width == even.width && !mixed.elements.contains(0))
      let (all, read) = (even.width * even.width, (even.width - unread) * (even.width - unread))
      prose(
        "In two dimensions a cell is read only if both its row and its column are: \(read) of "
          + "\(all) cells, so \(decimal(100 * Fraction(all - read, all), 0)) % fall into the holes. "
          + "Neighbouring outputs then look at different input cells, and the result may show a grid."
      )

      heading("In FCN")
      prose(
        "FCN has no dilation: it shrinks the map and grows it again. Its relatives, such as DeepLab, "
          + "leave out some of the shrinking and dilate the later kernels instead, to see as far at a "
          + "finer grid.")
      underYourHands(example.command())
    }
  }
}

/// How often one output cell of a stack of layers with kernel 3 reads each input cell.
private func readCounts(_ dilations: [Int]) throws(GeometryError) -> Tensor<Int> {
  var counts = Tensor(row: [1])
  for dilation in dilations {
    counts = try transposedConvolve(counts, Tensor(row: [1, 1, 1]), dilation: across(dilation))
  }
  return counts
}
