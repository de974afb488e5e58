import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 5: windows some cells apart.
  static var strideAndTheFloor: Lesson {
    Lesson(
      number: 5, slug: "stride-and-the-floor", title: "Stride and the floor",
      part: .slidingWindow,
      question: "What if the window moves by more than one cell?",
      corrects: "The formula gives 9/2, and there is no half cell, so this layer is an error.",
      parameters: [.input: 5, .kernel: 3, .stride: 2, .padding: 1]
    ) { own throws(GeometryError) in
      let (i, k, s, p) = (own[.input], own[.kernel], own[.stride], own[.padding])
      let window = try Window(kernelSize: k, stride: s, padding: p)
      let axis = try window.axis(input: i)

      prose(
        "Then it passes over places, and fewer numbers come out. Here is the map of lesson 3 again, padded "
          + "by 1, the window moving by 2:")
      let example = try TraceCase.convolution(guideInput, guideKernel, stride: 2, padding: 1)
      let y = example.output
      figure(try example.figure(cell: (0, 1)))
      grids(
        Grid(.input, guideInput, padding: 1, window: Region(rows: 0..<3, columns: 2..<5)),
        Grid(.kernel, guideKernel), Grid(.output, y, window: Region(row: 0, column: 1)),
        between: "∗", "=")
      formula(
        try (0..<3).map { column throws(GeometryError) in
          try example.equation(row: 0, column: column).text
        })
      let all = try convolve(guideInput, guideKernel, padding: 1)
      let kept = Tensor([0, 2, 4].map { row in [0, 2, 4].map { all[0, 0, row, $0] } })
      claim("stride 2 computes every second cell of what stride 1 computes", y, equals: kept)

      heading("Along one axis")
      let drawn = i + 2 * p
      prose(
        "Rows and columns behave alike, so one axis is enough to count. Input \(i), kernel \(k), "
          + "stride \(s), padding \(p): the padded row has \(counted(drawn, "cell")). Each line shows where the "
          + "window stands for one output cell"
          + (axis.outputSize > 8 ? ", for the first four and the last three." : "."))
      grids(windowPositions(axis, padding: p))
      formula(try window.substitution(input: i).lines)
      claim(
        "counting the places gives what the formula gives",
        stride(from: 0, through: drawn - k, by: s).map { $0 }.count,
        equals: try window.outputSize(input: i))

      heading("The floor")
      prose(
        "Take larger and larger inputs. "
          + (s == 1
            ? "With stride 1 the division always comes out. With a larger one it need not, and then the "
              + "floor ⌊ ⌋ drops the rest."
            : "The division does not always come out; the floor ⌊ ⌋ drops the rest. It is no error: the "
              + "last step would carry the window over the end, so it is not made."))
      let o = axis.outputSize
      let siblings = window.inputSizes(output: o)!
      let inputs = Array(siblings.lowerBound...i + s)
      predict(
        "Which input sizes give \(counted(o, "output cell"))?",
        answer: siblings.map(String.init).joined(separator: " "),
        why: s == 1
          ? "With stride 1 each input size has an output size of its own."
          : "The rest of the division may be anything from 0 to \(s - 1), so \(s) sizes in a row have the "
            + "same output"
            + (siblings.count < s
              ? "; of these, \(siblings.count == 1 ? "one is" : "\(siblings.count) are") above 0."
              : "."),
        anyOrder: true)
      table(
        ["input", "(i + 2p − k)/s + 1", "output", "padded cells left over"],
        rows: try inputs.map { input throws(GeometryError) in
          let raw = Fraction(input + 2 * p - k, s) + 1
          let left = (input + 2 * p - k) % s
          return ["\(input)", "\(raw)", "\(try window.outputSize(input: input))", "\(left)"]
        })
      claim(
        "an input of \(eitherOf(siblings)) gives \(o), and no other does",
        evidence: "tried every size from 1 to \(i + 2 * s + k)",
        holds: (1...i + 2 * s + k).allSatisfy { size in
          (try? window.outputSize(input: size)) == o
            ? siblings.contains(size) : !siblings.contains(size)
        })

      heading("The cells never read")
      let last = try window.axis(input: siblings.upperBound)
      prose(
        "Look at an input of \(siblings.upperBound). "
          + (s == 1
            ? "The last window ends with the last cell: a stride of 1 leaves nothing over."
            : "What comes after the last window, input or padding, is never read.")
          + (k < s && last.outputSize > 1
            ? " And as the kernel is smaller than the stride, what lies between two windows isn't "
              + "either."
            : ""))
      grids(windowPositions(last, padding: p))
      let (end, whole) = ((last.outputSize - 1) * s + k, last.inputSize + 2 * p)
      claim(
        (s == 1 ? "no cells are" : counted(s - 1, "cell is", "cells are"))
          + " left over at the end, padding included",
        evidence: "\(counted(whole, "padded cell")), and the last window ends after \(end): "
          + "\(whole) − \(end) = \(whole - end)",
        holds: whole - end == s - 1)
      let bare = try Window(kernelSize: 3, stride: 2).axis(input: 6)
      claim(
        "without padding, input cells themselves may go unread: of 6 cells, kernel 3 with stride 2 never reads cell 5",
        bare.unreadInputs, equals: [5])

      heading("The rule")
      formula(
        "o = ⌊(i + 2p − k)/s⌋ + 1", "left over at the end = (i + 2p − k) mod s, padding included")

      heading("The mistake")
      let half = try Window(kernelSize: 3, stride: 2).outputSize(input: 10)
      prose(
        "Some texts say that a stride does not fit unless the division comes out. Where one window "
          + "fits, any stride does. "
          + "Kernel 3, stride 2, input 10: (10 − 3)/2 + 1 = \(Fraction(10 - 3, 2) + 1), and the layer "
          + "has \(half) cells. What is true is that the way back is not unique any more, and lesson "
          + "15 is about that.")
      claim(
        "the layer of “\(Fraction(10 - 3, 2) + 1) cells” computes \(half)",
        try convolve(Tensor<Int>.ramp([1, 1, 1, 10]), Tensor(row: [1, 1, 1]), stride: across(2))
          .width,
        equals: half)

      heading("In FCN")
      prose(
        "FCN takes five layers of stride 2 on its way down, and 2 five times over is 32. So a picture "
          + "of 500 pixels ends as a map of about 500/32 ≈ 16 cells, and half of this book is about "
          + "getting back.")
    }
  }
}

/// One grid whose lines show the window of each output cell on the padded input.
private func windowPositions(_ axis: Axis, padding: Int) -> Grid {
  let all = Array(0..<axis.outputSize)
  let shown = all.count <= 8 ? all : Array(all.prefix(4) + all.suffix(3))
  let rows = shown.map { output in
    let kernel = 0..<axis.window.kernelSize
    let covered = Set(kernel.map { axis.position(output: output, kernel: $0) })
    return (-padding..<axis.inputSize + padding).map { position in
      let inside = 0 <= position && position < axis.inputSize
      return Grid.Cell(
        inside ? "\(position)" : Grid.dot,
        covered.contains(position) ? .window : inside ? .none : .empty)
    }
  }
  return Grid(
    .input, title: "input cells, by number", size: Size(height: 1, width: axis.inputSize),
    rows: rows,
    rowLabels: shown.map { "output \($0)" })
}
