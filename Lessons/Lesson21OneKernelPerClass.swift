import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 21: the diagonal of an upsampling layer.
  static var oneKernelPerClass: Lesson {
    Lesson(
      number: 21, slug: "one-kernel-per-class", title: "One kernel per class: the diagonal",
      part: .upsampling,
      question: "How are several score maps upsampled at once?",
      corrects: "Fill every kernel of the layer with the bilinear weights."
    ) { _ in
      let classes = 3
      let scores = Tensor(
        shape: [1, 3, 1, 3], elements: [4, 0, 0, 0, 8, 0, 0, 0, 12].map { Fraction($0) })
      let size = across(4)
      let diagonal: Tensor<Fraction> = Primitives.bilinearKernels(
        classes: classes, kernelSize: size)
      let everyPair: Tensor<Fraction> = Primitives.bilinearKernels(
        classes: classes, kernelSize: size, fill: .everyPair)
      let right = try transposedConvolve(scores, diagonal, stride: across(2), padding: beside(1))
      let wrong = try transposedConvolve(scores, everyPair, stride: across(2), padding: beside(1))

      prose(
        "A score map for each class goes in, a larger score map for each class comes out. The layer has a "
          + "kernel for every pair of an input class and an output class (lesson 7). Each class should be "
          + "enlarged and left alone by the others: so the kernels from a class to itself, on the "
          + "diagonal, are bilinear, and all others are zero.")
      grids((0..<classes).map { Grid(.input, scores, title: "scores of class \($0)", channel: $0) })
      for m in 0..<classes {
        grids(
          (0..<classes).map {
            Grid(.kernel, diagonal, title: "from \(m) to \($0)", batch: m, channel: $0)
          })
      }
      grids(
        (0..<classes).map { Grid(.output, right, title: "class \($0), upsampled", channel: $0) })
      let labels = try argmax(right)
      formula("class with the highest score: \(cellsText(labels))")
      claim("every class wins somewhere", Set(labels.elements), equals: [0, 1, 2])

      heading("By hand")
      let example = try TraceCase.transposed(
        scores, diagonal, stride: across(2), padding: beside(1))
      prose("Output cell 2 of class 1 adds up three classes, but two of them through zeros:")
      figure(try example.figure(cell: (0, 2)))
      formula(try example.equation(row: 0, column: 2, channel: 1).text)

      heading("The mistake")
      prose(
        "Now fill every kernel, on the diagonal and off it, as some well-known listings do. It looks "
          + "harmless: the shape is the same.")
      predict(
        "The three classes have different scores. Do the three output maps still differ?",
        answer: "no", why: "Each of them is the sum of all classes, upsampled: all the same.",
        also: [
          "all the same", "the same", "equal", "they are equal", "identical", "they are identical",
        ])
      grids((0..<classes).map { Grid(.output, wrong, title: "class \($0)", channel: $0) })
      let maps = (0..<classes).map { cellsText(channel($0, of: wrong)) }
      claim("all classes become one map", Set(maps).count, equals: 1)
      let summed = Tensor(
        row: (0..<3).map { cell in (0..<classes).map { scores[0, $0, 0, cell] }.reduce(0, +) })
      claim(
        "it is the sum of the classes, upsampled", channel(0, of: wrong),
        equals: try transposedConvolve(
          summed, Tensor(row: bilinearWeights(4)), stride: across(2), padding: beside(1)))
      claim(
        "where all are equal the first one wins, everywhere: class 0",
        Set(try argmax(wrong).elements), equals: [0])

      heading("What it does to training")
      prose(
        "A network learns by changing its numbers, step by step. Softmax turns the scores of a pixel into "
          + "probabilities; the loss is one number that says how small the true class's probability is; "
          + "the gradient says by how much each number pushes the loss, and each goes a little against "
          + "it (lessons 32 to 34).")
      prose(
        "Equal scores make equal probabilities, 1/\(classes) each, so the loss is ln \(classes) whatever "
          + "the picture. And while this layer stays as it is, nothing is learned below it: the gradient "
          + "of such a loss sums to 0 over the classes, and going back, every class receives exactly that "
          + "sum.")
      let probabilities = try softmax(wrong.map(\.doubleValue))
      claim(
        "all probabilities are 1/\(classes)", evidence: "largest distance below 10⁻¹⁵",
        holds: probabilities.elements.allSatisfy { abs($0 - 1 / Double(classes)) < 1e-15 })
      var gradient = Tensor(shape: [1, 3, 1, 6], repeating: Fraction(1, 3))
      for cell in 0..<6 { gradient[0, cell % 3, 0, cell] -= 1 }
      let back = try convolve(gradient, everyPair, stride: across(2), padding: beside(1))
      claim(
        "the gradient that reaches the scores is 0 in every cell", Set(back.elements), equals: [0])
      let alive = try convolve(gradient, diagonal, stride: across(2), padding: beside(1))
      claim("through the diagonal it is not", Set(alive.elements), differsFrom: [0])

      let own = try convolutionKernelGradient(
        scores, gradient,
        by: Convolution(kernelSize: size, stride: across(2), padding: beside(1)).transposed())
      prose(
        "FCN's upsampling is fixed in the authors' code, so there such a fault would last. A layer that is "
          + "trained gets a gradient of its own, and not the same for all pairs: after one step its maps "
          + "differ, and what is below begins to learn, late.")
      claim(
        "the layer's own kernels have gradients that differ from class to class",
        Set((0..<classes).map { cellsText(channel($0, of: own)) }).count, equals: classes)
      let moved = zip(everyPair.elements, own.elements).map { $0 - $1 * Fraction(1, 10) }
      let later = try convolve(
        gradient, Tensor(shape: everyPair.shape, elements: moved), stride: across(2),
        padding: beside(1))
      claim(
        "after one step of a tenth of it, a gradient passes", Set(later.elements), differsFrom: [0])

      heading("Three such layers")
      var (growing, steady) = (scores, summed)
      for _ in 0..<3 {
        growing = try transposedConvolve(growing, everyPair, stride: across(2), padding: beside(1))
        steady = try transposedConvolve(
          steady, Tensor(row: bilinearWeights(4)), stride: across(2), padding: beside(1))
      }
      prose(
        "FCN-8s has three upsampling layers. The first makes all classes one sum; each later one adds up "
          + "\(classes) equal maps, and so multiplies by \(classes).")
      claim(
        "after three layers the sum has grown by \(classes)·\(classes)", channel(0, of: growing),
        equals: steady.map { $0 * Fraction(classes * classes) })

      heading("The rule")
      formula("w[from, to] = bilinear kernel if from = to,  0 otherwise")
      let nonZero = 21 * 64 * 64
      let all = 21 * nonZero
      table(
        ["21 classes, kernel 64×64", "numbers stored"],
        rows: [
          ["every pair, most of them 0", grouped(all)], ["the diagonal alone", grouped(nonZero)],
        ])
      prose("With as many groups as classes the zeros need not be stored:")
      let perGroup: Tensor<Fraction> = Primitives.bilinearKernels(
        classes: classes, kernelSize: size, fill: .perGroup)
      claim(
        "groups give the same output",
        try transposedConvolve(
          scores, perGroup, stride: across(2), padding: beside(1), groups: classes), equals: right)

      heading("Where it breaks")
      prose(
        "The diagonal is where FCN starts, and where its last layer stays. The two smaller layers are "
          + "trained in the paper. A layer that stores every pair may then move off the diagonal, because "
          + "its zeros get a gradient too, and let the score of one class speak for another. A layer with "
          + "as many groups as classes can't: it keeps one kernel a class.")
      let offDiagonal = try convolutionKernelGradient(
        scores, gradient,
        by: Convolution(kernelSize: size, stride: across(2), padding: beside(1)).transposed())
      claim(
        "the kernel from class 0 to class 1 is 0, and its gradient is not",
        (0..<4).map { offDiagonal[0, 1, 0, $0] }, differsFrom: [0, 0, 0, 0])

      heading("In FCN")
      prose(
        "Caffe's bilinear filler fills every kernel it sees; it is right only with `group` equal to the "
          + "number of classes. The reference code fills the diagonal in Python instead. Lesson 30 finds "
          + "this mistake in a listing by looking at its output.")
    }
  }
}
