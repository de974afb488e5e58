import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 33: the gradient of a convolution is a transposed convolution, and the other way round.
  static var gradientsOfEachOther: Lesson {
    Lesson(
      number: 33, slug: "the-gradient-of-one-is-the-other",
      title: "The gradient of one is the other",
      part: .learning,
      question: "How does an error find its way back through a convolution?",
      corrects: "Going back through a convolution means undoing it."
    ) { _ in
      let x = Tensor(row: [1, 2, 3, 4, 5])
      let w = Tensor(row: [1, 0, -1])
      let y = try convolve(x, w)
      let g = Tensor(row: [1, -1, 2])
      let loss = { (y: Tensor<Int>) -> Int in dot(y, g) }

      prose(
        "Take lesson 1 again. Behind it stands a loss, and all we know of it is by how much it grows with "
          + "each output cell: 1, −1 and 2. These numbers are the gradient by the output. By how much "
          + "does the loss grow with each input cell?")
      grids(Grid(.input, x), Grid(.kernel, w), Grid(.output, y), between: "∗", "=")
      grids(Grid(.output, g, title: "gradient by the output"))
      heading("By trying")
      prose("Make one input cell larger by 1, do the convolution again, see what the loss does:")
      let tried = try x.elements.indices.map { cell -> (Tensor<Int>, Int) in
        var changed = x
        changed[cell] += 1
        let after = try convolve(changed, w)
        return (after, loss(after) - loss(y))
      }
      table(
        ["cell", "output becomes", "loss", "grows by"],
        rows: [["none", cellsText(y), "\(loss(y))", ""]]
          + tried.enumerated().map {
            ["\($0)", cellsText($1.0), "\(loss($1.0))", "\($1.1)"]
          })
      heading("By taps")
      prose(
        "Now without trying. Input cell i was multiplied by w[k] into output o; so a push of 1 on i "
          + "pushes o by w[k], and the loss by g[o]·w[k]. Add over all taps of i. That is a transposed "
          + "convolution of g:")
      let inputCase = try TraceCase.transposed(g, w)
      trace(try inputCase.trace())
      let back = try convolutionInputGradient(g, w, inputSize: x.size)
      claim("the gradient by the input is what trying gave", back.elements, equals: tried.map(\.1))
      claim("it is the transposed convolution", back, equals: try transposedConvolve(g, w))

      heading("By the kernel")
      let byKernel = try convolutionKernelGradient(x, g, by: Convolution(kernelSize: w.size))
      prose(
        "The same taps, collected by k: kernel cell k was multiplied by x[i] wherever it stood. The "
          + "gradient is a convolution of the input with g:")
      let kernelCase = try TraceCase.convolution(x, g)
      predict(
        "Kernel cell 0 met the inputs 1, 2 and 3. What is the gradient by it?",
        answer: "\(byKernel[0])",
        why: try kernelCase.equation(row: 0, column: 0).expression + " = \(byKernel[0])")
      formula(try (0..<3).map { try kernelCase.equation(row: 0, column: $0).text })
      let triedKernel = try (0..<3).map { cell in
        var changed = w
        changed[cell] += 1
        return loss(try convolve(x, changed)) - loss(y)
      }
      claim("trying gives the same", byKernel.elements, equals: triedKernel)

      heading("The other way round")
      let small = Tensor(row: [2, -1])
      let pushed = Tensor(row: [1, 2, 0, -1, 3])
      let upBack = try convolutionInputGradient(
        pushed, w, by: Convolution(of: w, stride: across(2)).transposed(), inputSize: small.size)
      let large = try transposedConvolve(small, w, stride: across(2))
      prose(
        "Through a transposed convolution with stride 2, from \(small.width) cells to \(large.width), the "
          + "gradient goes back by a convolution with stride 2:")
      grids(
        Grid(.output, pushed, title: "gradient by the output"), Grid(.kernel, w),
        Grid(.input, upBack, title: "gradient by the input"), between: "∗", "=")
      claim(
        "the gradient of the transposed convolution is the convolution", upBack,
        equals: try convolve(pushed, w, stride: across(2)))

      heading("The rule")
      formula(
        "convolution             y[o] += x[i]·w[k]",
        "gradient by the input   x̂[i] += ŷ[o]·w[k]     a transposed convolution",
        "gradient by the kernel  ŵ[k] += x[i]·ŷ[o]     a convolution of x with ŷ",
        "gradient by the bias    the sum of ŷ")

      heading("With everything at once")
      let report = try everyCellTried()
      prose(
        "Two input channels, three output channels, a kernel of 3×2, stride 2 down and 1 across, padding, "
          + "dilation. Every input cell and every kernel cell is tried with a push of 1:")
      table(
        ["pushed", "cells tried", "differences from the gradient"],
        rows: [
          ["input", "\(report.inputs)", "\(report.wrongInputs)"],
          ["kernels", "\(report.kernels)", "\(report.wrongKernels)"],
        ])
      claim(
        "all are equal, exactly",
        evidence: "\(report.inputs + report.kernels) cells in whole numbers",
        holds: report.wrongInputs + report.wrongKernels == 0)

      heading("Where it breaks: what is not linear")
      prose(
        "A push of 1 is exact only because a convolution is linear. The loss of lesson 32 bends. Push one "
          + "score of 0 among three by h, up and down, and the slope −⅔ is only approached:")
      let scores = Tensor<Double>.zeros([1, 3, 1, 1])
      let label = Tensor(shape: [1, 1, 1, 1], elements: [0])
      let true0 = try crossEntropyGradient(scores, labels: label)[0]
      let steps: [Fraction] = [1, Fraction(1, 2), Fraction(1, 4), Fraction(1, 8)]
      let errors = try steps.map { h -> Double in
        var (up, down) = (scores, scores)
        up[0] += h.doubleValue
        down[0] -= h.doubleValue
        let slope =
          try (crossEntropy(up, labels: label) - crossEntropy(down, labels: label))
          / (2 * h.doubleValue)
        return slope - true0
      }
      table(
        ["h", "slope by trying", "off by"],
        rows: zip(steps, errors).map { ["\($0)", decimal(true0 + $1, 6), decimal($1, 6)] })
      claim(
        "half the step, nearly a quarter of the error",
        evidence: zip(errors, errors.dropFirst()).map { decimal($0 / $1, 2) }.joined(
          separator: ", "),
        holds: zip(errors, errors.dropFirst()).allSatisfy { abs($0 / $1 - 4) < 0.3 })
      let bent = relu(Tensor(row: [-1, 0, 1]))
      prose(
        "ReLU and max pooling pass a gradient on where they passed the number on, and stop it elsewhere: "
          + "of −1, 0, 1 ReLU makes \(cellsText(bent)), and the gradient \(cellsText(try reluGradient(Tensor(row: [1, 1, 1]), input: Tensor(row: [-1, 0, 1]))))."
      )

      heading("The mistake")
      let returned = try transposedConvolve(y, w)
      prose(
        "Going back does not undo anything. The transpose of the output is not the input, and need not "
          + "be: what travels back is how much each cell matters.")
      claim("the transpose applied to y is not x", returned, differsFrom: x)

      heading("In FCN")
      prose(
        "Read backwards, FCN-8s has the convolutions where it had transposed ones and the other way "
          + "round. The upsampling layers, going back, are strided convolutions with the bilinear kernel: "
          + "for each coarse score they add up the gradients of a neighbourhood of pixels, each times its "
          + "bilinear weight. It is a sum and no average: for a factor of 2 the weights along an axis sum "
          + "to 2. A crop, going back, pads with zeros.")
      let twice: [Fraction] = bilinearWeights(4)
      claim("¼ + ¾ + ¾ + ¼", twice.reduce(0, +), equals: 2)
      let ones = Tensor<Fraction>(row: [1, 1, 1, 1, 1, 1, 1, 1])
      claim(
        "a gradient of 1 in every pixel comes back as 2 in a coarse score",
        try convolve(ones, Tensor(row: twice), stride: across(2), padding: beside(1))[1], equals: 2)
      let grown = try cropGradient(
        Tensor(row: [1, 1]), offset: across(2, down: 0), inputSize: across(6))
      claim("two cells cropped at 2 of 6, going back", grown.elements, equals: [0, 0, 1, 1, 0, 0])
      underYourHands(inputCase.command())
    }
  }
}

private struct Tried {
  var inputs = 0
  var wrongInputs = 0
  var kernels = 0
  var wrongKernels = 0
}

/// Pushes every cell of a case with unequal everything by 1, and compares with the gradients.
private func everyCellTried() throws -> Tried {
  var random = SplitMix64(seed: 33)
  func any(_ shape: Shape) -> Tensor<Int> {
    Tensor(shape: shape, elements: (0..<shape.count).map { _ in random.integer(in: -5...5) })
  }
  let x = any([1, 2, 6, 5])
  let w = any([3, 2, 3, 2])
  let stride = Size(height: 2, width: 1)
  let padding = Padding(top: 1, left: 0, bottom: 1, right: 2)
  let dilation = Size(height: 1, width: 2)
  func y(_ x: Tensor<Int>, _ w: Tensor<Int>) throws -> Tensor<Int> {
    try convolve(x, w, stride: stride, padding: padding, dilation: dilation)
  }
  let first = try y(x, w)
  let g = any(first.shape)
  let before = dot(first, g)
  let byInput = try convolutionInputGradient(
    g, w, by: Convolution(of: w, stride: stride, padding: padding, dilation: dilation),
    inputSize: x.size)
  let byKernel = try convolutionKernelGradient(
    x, g, by: Convolution(kernelSize: w.size, stride: stride, padding: padding, dilation: dilation))
  var report = Tried()
  for cell in x.elements.indices {
    var pushed = x
    pushed[cell] += 1
    report.inputs += 1
    if dot(try y(pushed, w), g) - before != byInput[cell] { report.wrongInputs += 1 }
  }
  for cell in w.elements.indices {
    var pushed = w
    pushed[cell] += 1
    report.kernels += 1
    if dot(try y(x, pushed), g) - before != byKernel[cell] { report.wrongKernels += 1 }
  }
  return report
}
