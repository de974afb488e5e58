import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 14: which of several sizes is restored.
  static var outputPadding: Lesson {
    Lesson(
      number: 14, slug: "output-padding", title: "Output padding",
      part: .matrixAndTranspose,
      question: "What is output padding, and why does a convolution have none?",
      corrects: "Output padding adds zeros to the output.",
      parameters: [.input: 2, .kernel: 3, .stride: 2, .padding: 1, .outputPadding: 1]
    ) { own throws(GeometryError) in
      let (i, k, s) = (own[.input], own[.kernel], own[.stride])
      let (p, a) = (own[.padding], own[.outputPadding])
      try mustLeaveSomething(
        of: Window(kernelSize: k, stride: s, padding: p).transposed(), input: i)
      let x = Tensor<Int>.ramp([1, 1, 1, i])
      let w = Tensor<Int>.ramp([1, 1, 1, k])
      let up = try Window(kernelSize: k, stride: s, padding: p).transposed(outputPadding: a)
      let without = try transposedConvolve(x, w, stride: across(s), padding: beside(p))
      let example = try TraceCase.transposed(
        x, w, stride: across(s), padding: beside(p), outputPadding: across(a, down: 0))
      let y = example.output
      let sizes = up.forward.inputSizes(output: i)!

      prose(
        (s == 1
          ? "A convolution with a stride above 1 sends several input sizes to the same output size (lesson "
            + "5), and then its transpose has to be told which of them to restore. With stride 1, as "
            + "here, there is nothing to choose. "
          : "A convolution with stride \(s) sends several input sizes to the same output size (lesson 5). "
            + "So its transpose has to be told which of them to restore. ")
          + "Kernel \(k), stride \(s), padding \(p): an output of \(i) \(s == 1 ? "comes" : "can come") "
          + "from an input of \(eitherOf(sizes)).")
      table(
        ["forward input", "forward output", "output padding that restores it"],
        rows: try sizes.map { size throws(GeometryError) in
          [
            "\(size)", "\(try up.forward.outputSize(input: size))", "\(size - sizes.lowerBound)",
          ]
        })
      prose(
        "Output padding is that choice: how many more cells than the least possible. They are added at "
          + "the far end, and they are computed like all the others.")
      let last = try example.equation(row: 0, column: y.width - 1)
      let empty = try up.axis(input: i).inputsPastLastWindow
      predict(
        a == 0
          ? "What is the output without output padding?"
          : "Without output padding the output is \(cellsText(without)). What is it with output padding "
            + "\(a)?",
        answer: cellsText(y),
        why: a == 0
          ? "Output padding 0 is no output padding."
          : empty == 1
            ? "No stamp reaches the last cell, so its sum is empty: 0."
            : empty > 1
              ? "No stamp reaches the last \(empty) cells, so their sums are empty: 0."
              : "The last cell is computed like every other: \(last.text).")
      if a > 0 {
        grids(
          Grid(.output, without, title: "output, output padding 0"),
          Grid(.output, y, title: "output, output padding \(a)"))
      }
      heading("Every cell by hand")
      trace(try example.trace())
      claim(
        a == 0
          ? "output padding 0 changes nothing"
          : "without the last \(a == 1 ? "cell" : "\(a) cells") it is the output without output padding",
        Array(y.elements[0..<without.width]), equals: without.elements)

      heading("What it really does")
      let full = try transposedConvolve(x, w, stride: across(s))
      prose(
        "The stamps reach \(counted(full.width, "cell")): \(cellsText(full)). "
          + (p == 0
            ? "With p = 0 nothing is cut off. "
            : "The padding p = \(p) cuts \(p) off at each end. ")
          + whatIsAdded(a, cropped: p))
      let reached = min(y.width, max(0, full.width - p))
      claim(
        "the output is the uncropped one, cell \(p) first, with 0 beyond its end", y.elements,
        equals: full.elements[min(p, full.width)..<min(full.width, p + reached)]
          + Array(repeating: 0, count: y.width - reached))

      heading("The mistake")
      let (two, three) = (Tensor(row: [1, 2]), Tensor(row: [1, 2, 3]))
      let table14 = try [(1, 0), (1, 1), (0, 0), (0, 1)].map { p, a throws(GeometryError) in
        let out = try transposedConvolve(
          two, three, stride: across(2), padding: beside(p), outputPadding: across(a, down: 0))
        return (p: p, a: a, out: out)
      }
      prose(
        "Output padding does not add zeros. It looks so only where more is added than the crop has taken. "
          + "With p = 0, for one, the new cell lies beyond the reach of every stamp, and an empty sum is "
          + "0.")
      table(
        ["p", "p′", "output padding", "output of 1 2 with kernel 1 2 3, stride 2"],
        rows: table14.map { ["\($0.p)", "\(3 - 1 - $0.p)", "\($0.a)", cellsText($0.out)] })
      claim(
        "with p = 1 the new cell is 2·3, no zero", table14[1].out.elements.last!, equals: 2 * 3)
      claim("with p = 0 it is beyond reach", table14[3].out.elements.last!, equals: 0)

      heading("The rule")
      formula(
        "o′ = s(i′ − 1) + d(k − 1) + 1 − 2p + output padding",
        "   = \(s)·(\(i) − 1) + \(k) − 2·\(p) + \(a) = \(try up.outputSize(input: i))")
      prose(
        "It need not be larger than s − 1, for there are only s sizes to choose from. (PyTorch and this "
          + "book refuse one that is neither below the stride nor below the dilation.) For the forward "
          + "input i, with dilation 1, take (i + 2p − k) mod s.")
      let message = refusal { () throws(GeometryError) in
        try Window(kernelSize: 3, stride: 2).transposed(outputPadding: 2)
      }
      claim("2 is too much for stride 2", evidence: message ?? "accepted", holds: message != nil)
      let forward = try Window(kernelSize: k, stride: s, padding: p)
      let swept = (1...60).filter { (try? forward.outputSize(input: $0)) != nil }
      claim(
        "with it, every forward size comes back",
        evidence: "\(counted(swept.count, "size")) up to 60 went forward and back",
        holds: try swept.map { size throws(GeometryError) in
          let a = (size + 2 * p - k) % s
          return try forward.transposed(outputPadding: a)
            .outputSize(input: forward.outputSize(input: size))
        } == Array(swept))

      heading("Where it is not needed")
      prose(
        "A convolution has no such choice: its input is there, and the floor decides the rest. A "
          + "transposed one with stride 1 has none either: there is one size. And a network that crops its output "
          + "anyway can do without.")

      heading("In FCN")
      prose(
        "FCN has no output padding. It pads so much at the beginning that the output is always larger "
          + "than the picture, and cuts the picture out. In U-Nets (lesson 31) and others written for PyTorch, "
          + "output padding 1 with k = 3, s = 2, p = 1 is a usual way to exactly twice the size:")
      let double = try Window(kernelSize: 3, stride: 2, padding: 1).transposed(outputPadding: 1)
      claim(
        "2·(i′ − 1) + 3 − 2·1 + 1 = 2i′ for every size from 1 to 100",
        evidence: "tried all of them",
        holds: try (1...100).map { size throws(GeometryError) in
          try double.outputSize(input: size) == 2 * size
        }.allSatisfy { $0 })
      underYourHands(example.command())
    }
  }
}

/// What an output padding brings at the far end, where so many cells were cropped.
private func whatIsAdded(_ a: Int, cropped p: Int) -> String {
  let beyond = a - min(a, p)
  let outOfReach = "beyond the reach of every stamp and \(beyond == 1 ? "is" : "are") 0."
  return if a == 0 {
    "Output padding 0 leaves it at that."
  } else if beyond == 0 {
    "Output padding \(a) cuts \(a) fewer off at the far end. It gives back what the crop has taken, so "
      + "the \(a == 1 ? "cell was" : "cells were") there before."
  } else if p == 0 {
    "The \(a == 1 ? "cell" : "\(a) cells") that output padding \(a) adds \(a == 1 ? "lies" : "lie") "
      + outOfReach
  } else {
    "Output padding \(a) gives back what the crop has taken at the far end; "
      + counted(beyond, "cell more lies ", "cells more lie ") + outOfReach
  }
}
