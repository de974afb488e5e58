import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 43: softmax and cross-entropy together give p − y, and apart they break.
  static var probabilityLessTruth: Lesson {
    Lesson(
      number: 43, slug: "probability-less-truth", title: "Probability less truth",
      part: .understood,
      question: "Softmax and the loss are two complicated steps. Why is their gradient just p − y?",
      corrects: "The loss wants probabilities, so a softmax belongs before it."
    ) { _ in
      let powers = [1, 2, 1]
      let total = powers.reduce(0, +)
      let p = powers.map { Fraction($0, total) }
      let truth = 0
      let y = powers.indices.map { Fraction($0 == truth ? 1 : 0) }
      prose(
        "The pixel of lesson 32 again: scores 0, ln 2 and 0, so that e to the score is \(listed(powers)), and "
          + "class \(truth) is true. Its gradient was the probability, less 1 for the true class: p − y, "
          + "where y is 1 for the true class and 0 for the others. Where does that come from?")
      table(
        ["class", "e^score", "p", "y", "p − y"],
        rows: powers.indices.map {
          ["\($0)", "\(powers[$0])", "\(p[$0])", "\(y[$0])", "\(p[$0] - y[$0])"]
        })

      heading("The long way: two steps")
      prose(
        "By the chain rule (lesson 41): first the loss by the probabilities, then these by the scores. "
          + "The loss is −ln of the true class's probability, and the slope of ln at p is 1/p:")
      let byP = powers.indices.map { $0 == truth ? -1 / p[$0] : Fraction(0) }
      formula("by p:  " + byP.map { "\($0)" }.joined(separator: "  "))
      prose(
        "A push on score j raises e^j, and with it the sum by which all are divided. So p[j] rises and all "
          + "others fall. The slope of p[i] by score j is p[i]·(1 − p[j]) where i is j, else −p[i]·p[j]:"
      )
      let jacobian = Tensor(
        p.indices.map { i in p.indices.map { j in p[i] * ((i == j ? 1 : 0) - p[j]) } })
      grids(Grid(.matrix, jacobian, title: "slope of p[row] by score[column]"))
      let columns = p.indices.map { j in p.indices.map { jacobian[0, 0, $0, j] }.reduce(0, +) }
      predict(
        "What does every column of this matrix sum to?", answer: "0",
        why: "The probabilities sum to 1 whatever the scores are; what one gains the others lose.",
        also: ["zero", "nothing"])
      claim("every column sums to 0", Set(columns), equals: [0])
      let long = p.indices.map { j in
        p.indices.map { byP[$0] * jacobian[0, 0, $0, j] }.reduce(0, +)
      }
      prose(
        "Multiply and add, one path for each probability; only that of the true class is not 0:")
      formula(
        p.indices.map { j in
          "by score \(j):  \(byP[truth])·(\(jacobian[0, 0, truth, j])) = \(long[j])"
        })
      claim("the two steps together give p − y", long, equals: zip(p, y).map { $0 - $1 })

      heading("The short way: one step")
      prose(
        "Put the two formulas together before taking slopes. The logarithm undoes the power, and only a "
          + "logarithm of a sum is left:")
      formula(
        "−ln p[t] = −ln( e^score[t] / Σ e^score ) = ln Σ e^score − score[t]",
        "slope by score c:  e^score[c] / Σ e^score − (1 if c is t) = p[c] − y[c]")
      prose(
        "The slope of ln of a sum is 1 over the sum, times the slope of its term, which for e^score is e^score "
          + "itself. That is the whole derivation. The p[t] in the denominator and the p[t] in the matrix "
          + "have cancelled.")

      heading("Where it breaks: the long way, in a computer")
      let sure = Tensor(shape: [1, 2, 1, 1], elements: [0.0, 800.0])
      let label = Tensor(shape: [1, 1, 1, 1], elements: [0])
      let q = try softmax(sure)
      let apart = (-1 / q[0]) * (q[0] * (1 - q[0]))
      let together = try crossEntropyGradient(sure, labels: label)
      prose(
        "Where the true class has a score far below another, its p is smaller than any number a computer "
          + "holds, and becomes 0. The long way then has 1/0 times 0. Scores 0 and 800, class 0 true:"
      )
      table(
        ["", "p of class 0", "gradient by score 0"],
        rows: [
          ["two steps", "\(decimal(q[0], 1))", apart.isNaN ? "no number" : decimal(apart, 1)],
          ["p − y", "\(decimal(q[0], 1))", decimal(together[0], 1)],
        ])
      claim("apart it is no number", evidence: "−∞ times 0", holds: apart.isNaN)
      claim("together it is as large as a gradient gets", together[0], equals: -1)

      heading("The mistake: softmax twice")
      let doubled = try (0..<2).map { times -> Double in
        let scores = Tensor(shape: [1, 3, 1, 1], elements: [100.0, 0, 0])
        return try crossEntropy(times == 0 ? scores : softmax(scores), labels: label)
      }
      prose(
        "PyTorch's cross_entropy takes scores and has the softmax inside, as this book's crossEntropy has. "
          + "Many networks end in a softmax of their own. Then probabilities are taken for scores: they lie "
          + "between 0 and 1, so that the loss can't get small even where the network is quite sure and "
          + "right. Three classes, scores 100, 0 and 0, class 0 true:")
      table(
        ["", "loss"],
        rows: [
          ["scores given", decimal(doubled[0], 4)],
          ["probabilities given", decimal(doubled[1], 4)],
        ])
      let least = { (classes: Int) in Double.log(1 + Double(classes - 1) / Double.exp(1)) }
      claim(
        "with three classes a doubled softmax never gets below ln(1 + 2/e)",
        evidence: decimal(least(3), 4), holds: abs(doubled[1] - least(3)) < 1e-12)
      prose(
        "With 21 classes that floor is ln(1 + 20/e) = \(decimal(least(21), 4)), not far below the ln 21 = "
          + "\(decimal(Double.log(21), 4)) of the first step. A loss that seems to stay where it began "
          + "and creeps to such a number has two softmaxes. And the gradient has shrunk on the way:"
      )
      let slopes = try (0..<2).map { times -> Double in
        let scores = Tensor<Double>.zeros([1, 21, 1, 1])
        let once = try crossEntropyGradient(
          times == 0 ? scores : softmax(scores), labels: label)
        guard times == 1 else { return once[0] }
        let p = try softmax(scores)
        return (0..<21).map { i in once[i] * p[i] * ((i == 0 ? 1 : 0) - p[0]) }.reduce(0, +)
      }
      table(
        ["at the first step, 21 classes", "gradient by the true score"],
        rows: [
          ["one softmax", decimal(slopes[0], 4)], ["two", decimal(slopes[1], 4)],
        ])
      let ratio = slopes[0] / slopes[1]
      claim(
        "with the second softmax everything learns 21 times as slowly",
        evidence: decimal(ratio, 2), holds: abs(ratio - 21) < 1e-9)

      heading("The rule")
      formula(
        "loss(scores, t) = ln Σ e^score − score[t]", "gradient        = p − y",
        "give the loss scores, never probabilities")
      let scores = Tensor(
        shape: [1, powers.count, 1, 1], elements: powers.map { Double.log(Double($0)) })
      let byBook = try crossEntropyGradient(scores, labels: Tensor(row: [truth]))
      claim(
        "the book's crossEntropyGradient gives it for the pixel above",
        byBook.elements.map { decimal($0, 4) }, equals: zip(p, y).map { decimal($0 - $1, 4) })

      heading("In FCN")
      prose(
        "Caffe's SoftmaxWithLoss is that one step: FCN's training networks end in it and have no softmax, "
          + "and those for use need none either, for the largest score has the largest probability. With "
          + "p − y no pixel pushes any score by more than 1, which is why gradients at the top of a "
          + "network are tame whatever the scores are.")
      ownNumbers(
        "The long way as a trace: each score's gradient with all the paths, to six digits:",
        "convbook trace softmax --input "
          + powers.map { $0 == 1 ? "0" : decimal(Double.log(Double($0)), 6) }.joined(separator: ",")
          + " --backward --gradient " + byP.map { "\($0)" }.joined(separator: ","))
    }
  }
}
