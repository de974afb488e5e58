import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 32: the loss of a map of scores.
  static var theLoss: Lesson {
    Lesson(
      number: 32, slug: "the-loss", title: "The loss: one softmax per pixel", part: .learning,
      question: "How wrong is a map of scores, in one number?",
      corrects: "A learning rate of 1e-10 is tiny."
    ) { _ in
      let powers = [1, 2, 1]
      let scores = Tensor(
        shape: [1, 3, 1, 1], elements: powers.map { Double.log(Double($0)) })
      let probabilities = try softmax(scores)
      let total = powers.reduce(0, +)

      prose(
        "One pixel first, with a score for each of three classes. Softmax makes probabilities of them: "
          + "raise e to each score, divide by the sum. We choose the scores 0, ln 2 and 0, because then e "
          + "to the score is \(listed(powers)), and everything can be done by hand.")
      table(
        ["class", "score", "e^score", "probability"],
        rows: powers.indices.map {
          [
            "\($0)", powers[$0] == 1 ? "0" : "ln \(powers[$0])", "\(powers[$0])",
            "\(powers[$0])/\(total) = \(Fraction(powers[$0], total))",
          ]
        })
      claim(
        "softmax gives these",
        evidence: probabilities.elements.map { decimal($0, 4) }.joined(separator: " "),
        holds: zip(probabilities.elements, powers).allSatisfy {
          abs($0 - Double($1) / Double(total)) < 1e-15
        })
      prose(
        "The loss of the pixel is −ln of the probability that its true class got, also called the cross-entropy. "
          + "If class 1 is true, that is −ln ½; if class 0 is, −ln ¼, twice as much:")
      let losses = try (0..<3).map {
        try crossEntropy(scores, labels: Tensor(shape: [1, 1, 1, 1], elements: [$0]))
      }
      formula(
        "true class 1:  −ln \(Fraction(powers[1], total)) = \(decimal(losses[1], 4))",
        "true class 0:  −ln \(Fraction(powers[0], total)) = \(decimal(losses[0], 4))")
      claim(
        "−ln ¼ = 2·(−ln ½)", evidence: "\(decimal(losses[0], 4)) = 2·\(decimal(losses[1], 4))",
        holds: abs(losses[0] - 2 * losses[1]) < 1e-15)

      heading("The gradient")
      let gradient = try crossEntropyGradient(
        scores, labels: Tensor(shape: [1, 1, 1, 1], elements: [0]))
      prose(
        "By how much does each score push the loss? By its probability, less 1 for the true class. Here "
          + "class 0 is true:")
      table(
        ["class", "probability", "less", "gradient"],
        rows: powers.indices.map {
          let p = Fraction(powers[$0], total)
          let one = $0 == 0 ? 1 : 0
          return ["\($0)", "\(p)", "\(one)", "\(p - Fraction(one))"]
        })
      predict(
        "Whatever the scores, what do the gradients of one pixel sum to?", answer: "0",
        why: "The probabilities sum to 1, and 1 is taken away once.", also: ["nothing"])
      claim(
        "they sum to 0", evidence: "to within 1e-15",
        holds: abs(gradient.elements.reduce(0, +)) < 1e-15)
      claim(
        "the computed gradient is −¾, ½, ¼",
        evidence: gradient.elements.map { decimal($0, 4) }.joined(separator: " "),
        holds: zip(gradient.elements, [-0.75, 0.5, 0.25]).allSatisfy { abs($0 - $1) < 1e-15 })

      heading("A map of pixels")
      let map = Tensor<Double>(
        shape: [1, 3, 2, 3],
        elements: (0..<3).flatMap { c in (0..<6).map { $0 % 3 == c ? Double.log(2) : 0 } })
      let truth = Tensor([[0, 0, 255], [255, 1, 2]])
      let each = try (0..<6).map { pixel -> Double? in
        guard truth[pixel] != 255 else { return nil }
        let scores = Tensor(
          shape: [1, 3, 1, 1], elements: (0..<3).map { map[0, $0, pixel / 3, pixel % 3] })
        return try crossEntropy(
          scores, labels: Tensor(shape: [1, 1, 1, 1], elements: [truth[pixel]]))
      }
      prose(
        "Every pixel is a classification of its own. Some have no true class: in VOC the rims around objects "
          + "carry the label 255 and are left out, of the sum and of the count. Here each pixel gives one class "
          + "the score ln 2, and 0 to the two others:")
      grids(
        Grid(
          .input, Tensor([[0, 1, 2], [0, 1, 2]]), title: "class with the score ln 2"),
        Grid(.input, truth, title: "true classes; 255 is ignored"))
      prose("So its loss is −ln ½ where the two are the same, and −ln ¼ elsewhere:")
      grids(
        Grid(
          .output, size: Size(height: 2, width: 3),
          rows: (0..<2).map { row in
            (0..<3).map { column in
              each[row * 3 + column].map { Grid.Cell(decimal($0, 4)) }
                ?? Grid.Cell(Grid.dot, .empty)
            }
          }))
      let sum = try crossEntropy(map, labels: truth, reduction: .sum)
      let mean = try crossEntropy(map, labels: truth)
      let counted = each.compactMap { $0 }
      formula(
        "sum   " + counted.map { decimal($0, 4) }.joined(separator: " + ")
          + " = \(decimal(sum, 4))",
        "mean  \(decimal(sum, 4)) / \(counted.count) = \(decimal(mean, 4))")
      claim(
        "the library's sum is this sum", evidence: decimal(sum, 10),
        holds: abs(sum - counted.reduce(0, +)) < 1e-12)
      let slope = try crossEntropyGradient(map, labels: truth)
      claim(
        "ignored pixels have no gradient",
        (0..<3).flatMap { [slope[0, $0, 0, 2], slope[0, $0, 1, 0]] },
        equals: Array(repeating: 0, count: 6))

      heading("The mistake: is 1e-10 tiny?")
      prose(
        "To learn is to change each weight a little against its gradient, again and again. The learning rate "
          + "says how little: weight − rate · gradient.")
      let pixels = 500 * 500
      let rate = Fraction(pixels, 10_000_000_000)
      prose(
        "The reference code trains FCN-32s with a learning rate of 1e-10 (16s 1e-12, 8s 1e-14). People "
          + "copy it into a library that takes the mean, and next to nothing is learned. The reference "
          + "code sums over the pixels:")
      formula(
        "1e-10 · 500·500 = \(grouped(pixels)) / 10,000,000,000 = \(rate) = 2.5e-5",
        "a rate of 1e-10 on the sum is one of 2.5e-5 on the mean")
      claim("2.5e-5 is 25 millionths", rate, equals: Fraction(25, 1_000_000))
      let summed = try crossEntropyGradient(map, labels: truth, reduction: .sum)
      claim(
        "the gradient of the sum is the mean's, times the pixels counted",
        evidence: "\(counted.count) pixels, all \(summed.shape.count) numbers",
        holds: zip(summed.elements, slope.elements).allSatisfy {
          abs($0 - Double(counted.count) * $1) < 1e-12
        })
      prose(
        "And a sum depends on the size of the picture: one of twice the side has four times as many pixels "
          + "that push. There is momentum as well: each step repeats a share of the step before, there .99 "
          + "of it. So one push goes on pushing, .99, .99², .99³ … times as hard, and counts a hundred "
          + "times in the end:")
      var (pushed, push) = (0.0, 1.0)
      for _ in 0..<2000 {
        pushed += push
        push *= 0.99
      }
      claim(
        "1 + .99 + .99² + … comes to 1/(1 − .99) = 100", evidence: decimal(pushed, 4),
        holds: abs(pushed - 100) < 1e-3)

      heading("The rule")
      formula(
        "p = softmax(scores) at each pixel",
        "loss = Σ of −ln p[true class], over pixels with a true class",
        "gradient = p − 1 at the true class, p elsewhere, 0 at ignored pixels",
        "for the mean, both divided by the number of pixels with a true class")

      heading("Where it breaks")
      let huge = Tensor(shape: [1, 2, 1, 1], elements: [1000.0, 998.0])
      let safe = try softmax(huge)
      let smaller = try softmax(huge.map { $0 - 998 })
      prose(
        "e to the 1000 is no number a computer holds. Since only differences of scores matter, the "
          + "largest is taken away from all first:")
      claim(
        "scores 1000 and 998 are no trouble",
        evidence: safe.elements.map { decimal($0, 4) }.joined(separator: " "),
        holds: safe.elements.allSatisfy(\.isFinite) && safe == smaller)
      let none = Tensor(shape: [1, 1, 1, 1], elements: [255])
      claim(
        "a picture with ignored pixels alone has loss 0, not 0/0",
        try crossEntropy(scores, labels: none), equals: 0)

      heading("In FCN")
      let start = try crossEntropy(
        Tensor<Double>.zeros([1, 21, 1, 1]), labels: Tensor(shape: [1, 1, 1, 1], elements: [4]))
      prose(
        "FCN-32s begins with a score layer of zeros, so all 21 classes have probability 1/21 and the mean loss "
          + "is ln 21 = \(decimal(start, 4)). A first loss far from that is a bug. FCN-16s and FCN-8s begin "
          + "with what the network before them has learned, and so with a far smaller loss (lesson 34). "
          + "Classes are not weighted; the paper tried balancing them and found it unnecessary.")
    }
  }
}
