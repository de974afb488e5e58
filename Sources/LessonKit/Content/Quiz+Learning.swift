import Primitives
import Tensors

/// Questions on the loss, on what is measured, and on steps that are done by hand.
extension QuizDraw {
  mutating func learning() -> QuizQuestion? {
    switch number(0...4) {
    case 0: loss()
    case 1: intersectionOverUnion()
    case 2: twoSteps()
    case 3: dropout()
    default: classWeight()
    }
  }

  private mutating func loss() -> QuizQuestion? {
    let classes = number(2...21)
    if number(0...1) == 0 {
      return asks(
        32,
        "\(classes) classes, and all their scores are equal. The cross-entropy of a pixel is ln of which "
          + "number?",
        Fraction(classes),
        ["each p is 1/\(classes), and −ln(1/\(classes)) is ln \(classes): \(classes)"])
    }
    let powers = (0..<3).map { _ in number(1...6) }
    let label = number(0...2)
    let answer = Fraction(powers.reduce(0, +), powers[label])
    return asks(
      32,
      "Three scores, and e to the power of each is \(spaced(powers)). Class \(label), counted from 0, is "
        + "true. The cross-entropy is ln of which number?",
      answer,
      [
        "−ln p is ln 1/p: (\(powers.map { "\($0)" }.joined(separator: " + ")))/\(powers[label]) = \(answer)"
      ])
  }

  private mutating func intersectionOverUnion() -> QuizQuestion? {
    let (both, missed, wrong) = (number(1...12), number(0...8), number(0...8))
    guard missed + wrong > 0 else { return nil }
    let answer = Fraction(both, both + missed + wrong)
    return asks(
      35,
      "Of the pixels of class 1, \(both) are labelled 1 and \(missed) are labelled 0; of those of class 0, "
        + "\(wrong) are labelled 1 and \(number(10...40)) are labelled 0. What is the IU of class 1?",
      answer,
      ["right / (true or labelled): \(both)/(\(both) + \(missed) + \(wrong)) = \(answer)"])
  }

  private mutating func twoSteps() -> QuizQuestion? {
    let rate = [Fraction(1, 2), Fraction(1, 4), Fraction(1, 10)][number(0...2)]
    let descent = GradientDescent(rate: rate, momentum: Fraction(1, 2))
    let (weight, gradients) = (number(-5...5), numbers(2).map { 2 * $0 })
    let first = descent.step(
      Fraction(weight), velocity: Fraction(0), gradient: Fraction(gradients[0]))
    let second = descent.step(
      first.weight, velocity: first.velocity, gradient: Fraction(gradients[1]))
    return asks(
      47,
      "A weight of \(weight) at rest, momentum 1/2, rate \(rate), no decay. Its gradient is \(gradients[0]) in "
        + "the first step and \(gradients[1]) in the second. What is the weight after both?",
      second.weight,
      [
        "first: velocity \(first.velocity), weight \(first.weight)",
        "second: velocity 1/2·(\(first.velocity)) + (\(gradients[1])) = \(second.velocity)",
        "\(first.weight) − \(rate)·(\(second.velocity)) = \(second.weight)",
      ])
  }

  private mutating func dropout() -> QuizQuestion? {
    let parts = number(2...10)
    let dropped = Fraction(number(1...parts - 1), parts)
    let answer = 1 / (1 - dropped)
    return asks(
      49,
      "Dropout in training sets each number to 0 with probability \(dropped), and nothing is changed in use. "
        + "By what are the others multiplied in training, so that the mean stays?",
      answer, ["1/(1 − \(dropped)) = \(answer)"])
  }

  private mutating func classWeight() -> QuizQuestion? {
    let (rare, common, weight) = (number(1...5), number(6...20), number(2...10))
    let answer = Fraction(weight * rare, weight * rare + common)
    return asks(
      50,
      "Of pixels that look alike, \(rare) are rings and \(common) background. The loss of each ring pixel is "
        + "multiplied by \(weight). Which probability of a ring makes the loss smallest?",
      answer,
      [
        "weight times pixels, in proportion: \(weight)·\(rare)/(\(weight)·\(rare) + \(common)) = \(answer)"
      ])
  }
}
