import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 4: zeros around the input.
  static var padding: Lesson {
    Lesson(
      number: 4, slug: "padding", title: "Padding: none, half, full, and even kernels",
      part: .slidingWindow,
      question: "How can the output be as large as the input, or larger?",
      corrects: "Padding ‘same’ means k/2 zeros on each side.",
      parameters: [.input: 5, .kernel: 3]
    ) { own throws(GeometryError) in
      let (i, k) = (own[.input], own[.kernel])
      let x = Tensor<Int>.ramp([1, 1, 1, i])
      let w = Tensor<Int>.ramp([1, 1, 1, k])
      let same = ((k - 1) / 2, k - 1 - (k - 1) / 2)

      prose(
        "Where every window must stay inside, the output has k − 1 cells fewer than the input. So we "
          + "put zeros around the input, and let the window reach out over the end. The dots are the zeros of the padding: a kernel cell "
          + "that meets one adds nothing, so we leave the product out. An input with its zeros is "
          + "called padded.")
      let paddings: [(name: String, padding: Padding)] = [
        ("none (“valid”)", 0),
        ("half (“same”)", Padding(top: 0, left: same.0, bottom: 0, right: same.1)),
        ("full", beside(k - 1)),
      ]
      for (name, padding) in paddings {
        grids(
          Grid(.input, x, title: "input, padding \(name)", padding: padding), Grid(.kernel, w),
          Grid(.output, try convolve(x, w, padding: padding)), between: "∗", "=")
      }
      heading("Full padding by hand")
      let traced = try TraceCase.convolution(x, w, padding: beside(k - 1))
      trace(try traced.trace())
      prose(
        "Every input cell now meets every kernel cell once, at the border too. Hence “full”: no "
          + "larger padding could add a product.")
      let full = try Window(kernelSize: k, padding: k - 1).axis(input: i)
      claim(
        "\(counted(i, "input cell")) times \(counted(k, "kernel cell")): "
          + counted(i * k, "product"), full.taps.count,
        equals: i * k)

      heading("The rule")
      formula(
        "o = i + p₁ + p₂ − k + 1        p₁ zeros before, p₂ zeros after; the window moves by 1")
      table(
        ["padding", "before", "after", "output size", "counted"],
        rows: try paddings.map { name, padding throws(GeometryError) in
          let sum = "\(i) + \(padding.left) + \(padding.right) − \(k) + 1"
          let counted = try convolve(x, w, padding: padding).width
          return [name, "\(padding.left)", "\(padding.right)", sum, "\(counted)"]
        })
      claim(
        "half padding keeps the size", try convolve(x, w, padding: paddings[1].padding).width,
        equals: i)
      claim(
        "full padding adds k − 1 cells", try convolve(x, w, padding: paddings[2].padding).width,
        equals: i + (k - 1))

      heading("The mistake")
      let even = Tensor(row: [1, 1])
      let five = Tensor<Int>.ramp([1, 1, 1, 5])
      let wrong = try convolve(five, even, padding: beside(even.width / 2))
      predict(
        "An even kernel, k = \(even.width). With k/2 = \(even.width / 2) zero on each side, how many "
          + "cells does an input of \(five.width) give?",
        answer: "\(wrong.width)",
        why: "\(five.width) + 1 + 1 − 2 + 1 = \(wrong.width): one cell too many.")
      let ruled = try Window(kernelSize: even.width).padded(by: .same, input: five.width)
      let rule = Padding(
        top: 0, left: ruled.paddingBefore, bottom: 0, right: ruled.paddingAfter)
      prose(
        "An even kernel has no middle cell. To keep the size it needs k − 1 = 1 zero in all, and one "
          + "zero cannot be shared between two sides. PyTorch, TensorFlow and ONNX's SAME_UPPER all put "
          + "the odd one after the input: \(rule.left) before, \(rule.right) after.")
      grids(
        Grid(.input, five, padding: rule), Grid(.kernel, even),
        Grid(.output, try convolve(five, even, padding: rule)), between: "∗", "=")
      claim("k/2 on each side misses the size", wrong.width, differsFrom: five.width)
      claim(
        "0 before and 1 after keeps it", try convolve(five, even, padding: rule).width,
        equals: five.width)

      heading("Where it breaks: “same” with longer steps")
      prose(
        "With a stride of s (the next lesson), TensorFlow's SAME promises ⌈i/s⌉ cells (⌈ ⌉ rounds "
          + "up), and the zeros then depend on the input size. The left and right sides can differ even for an odd kernel:"
      )
      table(
        ["input", "kernel", "stride", "before", "after", "output"],
        rows: try [(6, 3, 2), (224, 7, 2), (225, 7, 2)].map { i, k, s throws(GeometryError) in
          let padded = try Window(kernelSize: k, stride: s).padded(by: .sameUpper, input: i)
          let o = try padded.outputSize(input: i)
          return [i, k, s, padded.paddingBefore, padded.paddingAfter, o].map(String.init)
        })
      let uneven = try Window(kernelSize: 3, stride: 2).padded(by: .sameUpper, input: 6)
      claim(
        "6 cells, kernel 3, stride 2: the two sides differ", uneven.paddingBefore,
        differsFrom: uneven.paddingAfter)
      prose(
        "A network trained in one library and run in another can go wrong here by one cell, without a "
          + "word.")

      heading("In FCN")
      prose(
        "Of the thirteen 3×3 convolutions of FCN's trunk twelve have padding 1, which is half padding: "
          + "they keep the size and leave the shrinking to other layers. The first has padding 100. "
          + "Lesson 26 shows why.")
      let first = try Window(kernelSize: 3, padding: 100).outputSize(input: 500)
      claim("500 pixels become 500 + 200 − 3 + 1", first, equals: 500 + 200 - 3 + 1)
      underYourHands(traced.command())
    }
  }
}
