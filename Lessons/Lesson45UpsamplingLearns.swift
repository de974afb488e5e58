import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 45: the gradients of an upsampling layer, fixed or learned.
  static var upsamplingLearns: Lesson {
    Lesson(
      number: 45, slug: "upsampling-learns", title: "Upsampling, fixed and learned",
      part: .understood,
      question:
        "FCN's upsampling starts bilinear. What changes when it learns, and what when it does not?",
      corrects: "A layer that is fixed stops the gradient."
    ) { _ in
      let x = Tensor<Fraction>(row: [1, 3])
      let w = Tensor(row: bilinearWeights(4))
      let up = try Convolution(of: w, stride: across(2), padding: beside(1)).transposed()
      let y = try transposedConvolve(x, w, stride: across(2), padding: beside(1))
      let g = Tensor<Fraction>(row: [2, -1, 1, 0])
      prose(
        "Two coarse scores become four pixels, by the bilinear kernel of lesson 18 with stride 2. Behind "
          + "it stands a loss that grows with the four pixels by 2, −1, 1 and 0:")
      grids(Grid(.input, x), Grid(.kernel, w), Grid(.output, y), between: "∗′", "=")
      grids(Grid(.output, g, title: "gradient by the output"))

      heading("Down to the scores")
      let byInput = try convolutionInputGradient(g, w, by: up, inputSize: x.size)
      prose(
        "Going back is a convolution of stride 2 with the same kernel (lesson 33). Coarse score 0 stamped "
          + "pixels −1 to 2, and the one at −1 was cropped:")
      formula(
        (0..<2).map { i in
          let terms = (0..<4).compactMap { k -> String? in
            let o = 2 * i + k - 1
            return (0..<4).contains(o) ? "\(g[o])·\(w[k])" : nil
          }
          return "by score \(i) = " + sumText(terms) + " = \(byInput[i])"
        })
      let by = { (x: Tensor<Fraction>, w: Tensor<Fraction>) throws -> Fraction in
        zip(
          try transposedConvolve(x, w, stride: across(2), padding: beside(1)).elements, g.elements
        ).map(*).reduce(0, +)
      }
      let tried = try x.elements.indices.map { cell -> Fraction in
        var pushed = x
        pushed[cell] += 1
        return try by(pushed, w) - by(x, w)
      }
      claim("trying gives the same", byInput.elements, equals: tried)

      heading("Down to the kernel")
      let byKernel = try convolutionKernelGradient(x, g, by: up)
      predict(
        "Kernel cell 1 put score 0 on pixel 0 and score 1 on pixel 2. What is the gradient by it?",
        answer: "\(byKernel[1])",
        why:
          "\(x[0])·\(g[0]) + \(x[1])·\(g[2]) = \(byKernel[1]): what it carried, times the gradient where it "
          + "put it.")
      formula(
        (0..<4).map { k in
          let terms = (0..<2).compactMap { i -> String? in
            let o = 2 * i + k - 1
            return (0..<4).contains(o) ? "\(x[i])·(\(g[o]))" : nil
          }
          return "by w[\(k)] = " + sumText(terms) + " = \(byKernel[k])"
        })
      let triedKernel = try w.elements.indices.map { cell -> Fraction in
        var pushed = w
        pushed[cell] += 1
        return try by(x, pushed) - by(x, w)
      }
      claim("trying gives the same, exactly", byKernel.elements, equals: triedKernel)

      heading("Fixed")
      prose(
        "A fixed layer has a learning rate of 0: its kernel gets no step. But the gradient by its input "
          + "is what it was, and everything below learns as before. FCN's last upsampling is fixed, and "
          + "all of FCN learns through it.")
      heading("Learned")
      let rate = Fraction(1, 16)
      let moved = Tensor(row: zip(w.elements, byKernel.elements).map { $0 - rate * $1 })
      let ones = Tensor<Fraction>(row: [1, 1, 1, 1])
      let even = try transposedConvolve(ones, w, stride: across(2), padding: beside(1))
      let uneven = try transposedConvolve(ones, moved, stride: across(2), padding: beside(1))
      prose("A learned one goes down its gradient. With a rate of \(rate):")
      grids(
        Grid(.kernel, w, title: "bilinear"), Grid(.kernel, moved, title: "after one step"),
        between: "→")
      prose(
        "It is no bilinear kernel any more. Its two phases, cells 0 and 2, cells 1 and 3, need not sum to "
          + "1, and a map of ones shows it: inside, it comes back uneven, with the checkerboard of "
          + "lesson 17.")
      grids(
        Grid(.output, even, title: "ones, bilinear"),
        Grid(.output, uneven, title: "ones, after the step"))
      claim(
        "before the step the inside was all 1", Set(even.elements[1..<7]), equals: [1])
      claim(
        "after it, neighbours differ", uneven[3], differsFrom: uneven[4])
      prose(
        "Is that bad? It is what the pictures asked for; with many of them the pushes of single edges "
          + "cancel. But a kernel that starts at random has all of it to learn, and starts with the checkerboard."
      )

      heading("One kernel per class, or all pairs")
      let scores = Tensor<Fraction>(shape: [1, 2, 1, 2], elements: [1, 3, -2, 0])
      let two = Tensor<Fraction>(shape: [1, 2, 1, 4], elements: [2, -1, 1, 0, -2, 1, -1, 0])
      let grouped = try convolutionKernelGradient(
        scores, two,
        by: Convolution(kernelSize: across(4), stride: across(2), padding: beside(1), groups: 2)
          .transposed())
      let full = try convolutionKernelGradient(
        scores, two,
        by: Convolution(kernelSize: across(4), stride: across(2), padding: beside(1)).transposed())
      prose(
        "Lesson 21 filled the diagonal, kernels that lead from a class to itself, and left 0 between "
          + "classes. Those zeros have a gradient as well. Two classes, scores \(cellsText(scores)), gradients "
          + "\(cellsText(two)):")
      table(
        ["kernel from → to", "gradient"],
        rows: (0..<2).flatMap { i in
          (0..<2).map { o in
            [
              "\(i == 0 ? "a" : "b") → \(o == 0 ? "a" : "b")",
              (0..<4).map { "\(full[i, o, 0, $0])" }.joined(separator: " "),
            ]
          }
        })
      claim(
        "on the diagonal both layers have the same gradient",
        (0..<2).flatMap { c in (0..<4).map { grouped[c, 0, 0, $0] } },
        equals: (0..<2).flatMap { c in (0..<4).map { full[c, c, 0, $0] } })
      claim(
        "off it, the layer of all pairs learns too", (0..<4).map { full[0, 1, 0, $0] },
        differsFrom: [0, 0, 0, 0])
      prose(
        "A layer of all pairs starts as upsampling and may learn to mix classes, edge by edge: more "
          + "numbers, more freedom. With as many groups as classes it can't, whatever happens.")

      heading("The rule")
      formula(
        "by the scores : a convolution of the gradient, stride s, same kernel",
        "by the kernel : ŵ[k] += x[i]·ŷ[o] over its taps, as everywhere",
        "fixed         : no step for ŵ; the scores get theirs")

      heading("The mistake")
      prose(
        "To fix a layer, people cut it off (PyTorch: no_grad, or detach). Then nothing goes back through it, "
          + "and all layers below keep their first numbers; only what stands behind learns. Switch off the "
          + "learning of its kernel instead (requires_grad = False on the kernel, lr_mult 0 in Caffe)."
      )
      claim(
        "what a cut would have sent down is not the gradient", byInput.elements,
        differsFrom: [0, 0])

      heading("In FCN")
      prose(
        "The paper fixes the last upsampling and lets those between learn; the authors' code fixes all (lesson "
          + "34 has both recipes), as the networks of this book were trained. What a fixed layer may save is the sum for its own kernel, "
          + "half of its way back; the way down has to be gone in any case.")
      let traced = try TraceCase.transposed(x, w, stride: across(2), padding: beside(1))
      ownNumbers(
        "Down to the kernel and down to the scores, with every tap:",
        backward(traced, of: .kernel, g), backward(traced, g))
    }
  }
}
