import ConvolutionArithmetic
import Primitives
import Tensors

/// Questions on gradients and on the steps they lead to.
extension QuizDraw {
  mutating func gradients() -> QuizQuestion? {
    switch number(0...8) {
    case 0, 1: byNumbers(of: .input)
    case 2: byNumbers(of: .kernel)
    case 3: throughPooling()
    case 4: chain()
    case 5: fork()
    case 6: probabilityLessTruth()
    case 7: variance()
    default: step()
    }
  }

  private func text(_ tensor: Tensor<Fraction>) -> String {
    tensor.elements.map { "\($0)" }.joined(separator: " ")
  }

  private mutating func row(_ count: Int) -> Tensor<Fraction> {
    Tensor(row: numbers(count).map { Fraction($0) })
  }

  /// One cell of the gradient of a convolution or a transposed one, read off its taps.
  private mutating func byNumbers(of target: GradientTarget) -> QuizQuestion? {
    let isTransposed = number(0...3) == 0
    let (s, p) = (Size(height: 1, width: number(1...2)), number(0...1))
    let padding = Padding(Size(height: 0, width: p))
    let (x, w) = (row(isTransposed ? number(2...3) : number(4...6)), row(number(2...3)))
    guard
      let forward = isTransposed
        ? try? TraceCase.transposed(x, w, stride: s, padding: padding)
        : try? TraceCase.convolution(x, w, stride: s, padding: padding)
    else { return nil }
    let gradient = row(forward.output.width)
    guard let back = try? forward.gradient(by: target, ofOutput: gradient) else { return nil }
    let cell = number(0...back.output.width - 1)
    guard let equation = try? back.equation(row: 0, column: cell), equation.terms.count > 1 else {
      return nil
    }
    return asks(
      isTransposed ? 45 : 33,
      "A \(isTransposed ? "transposed " : "")convolution along a row: input \(text(x)), kernel \(text(w)), "
        + "stride \(s.width), padding \(p). The loss grows with the outputs by \(text(gradient)). What is the "
        + "gradient by \(target.rawValue) cell \(cell), counted from 0?",
      back.output[0, 0, 0, cell], [equation.text])
  }

  private mutating func throughPooling() -> QuizQuestion? {
    let x = row(6)
    let (k, s) = (number(2...3), number(1...2))
    guard
      let pooling = try? Pooling(
        kernelSize: Size(height: 1, width: k), stride: Size(height: 1, width: s)),
      let forward = try? TraceCase.maxPool(x, by: pooling)
    else { return nil }
    let gradient = row(forward.output.width)
    guard let back = try? forward.gradient(by: .input, ofOutput: gradient) else { return nil }
    let cell = number(0...5)
    guard let equation = try? back.equation(row: 0, column: cell), !equation.terms.isEmpty else {
      return nil
    }
    return asks(
      42,
      "Max pooling along a row: input \(text(x)), kernel \(k), stride \(s); of equal ones the first wins. "
        + "The loss grows with the outputs by \(text(gradient)). What is the gradient by input cell \(cell), "
        + "counted from 0?",
      back.output[0, 0, 0, cell], [equation.text, "times 1 where it won, 0 where it lost"])
  }

  private mutating func chain() -> QuizQuestion? {
    let (a, b, x) = (number(2...5), number(-4...4), number(-3...3))
    let inside = a * x + b
    let sign = b < 0 ? "− \(-b)" : "+ \(b)"
    return asks(
      41,
      "u = \(a)·x \(sign), L = u·u, and x = \(x). What is the slope of L by x?",
      Fraction(2 * inside * a),
      [
        "u = \(a)·\(factor(x)) \(sign) = \(inside)",
        "slope of L by u 2·u = \(2 * inside), of u by x \(a): \(2 * inside)·\(a) = \(2 * inside * a)",
      ])
  }

  private mutating func fork() -> QuizQuestion? {
    let (weights, slopes) = (numbers(2), numbers(2))
    let sum = weights[0] * slopes[0] + weights[1] * slopes[1]
    return asks(
      42,
      "A cell feeds two layers, times \(weights[0]) and times \(weights[1]). The loss grows with what they "
        + "make of it by \(slopes[0]) and by \(slopes[1]). What is the gradient by the cell?",
      Fraction(sum),
      [
        "a fork adds: \(weights[0])·\(factor(slopes[0])) + \(weights[1])·\(factor(slopes[1])) = \(sum)"
      ])
  }

  private mutating func probabilityLessTruth() -> QuizQuestion? {
    let powers = (0..<3).map { _ in number(1...6) }
    let (label, asked) = (number(0...2), number(0...2))
    let sum = powers.reduce(0, +)
    let p = Fraction(powers[asked], sum)
    let y = asked == label ? 1 : 0
    return asks(
      43,
      "Three scores, and e to the power of each is \(spaced(powers)). Class \(label) is true. What is the "
        + "gradient of the loss by the score of class \(asked)?",
      p - Fraction(y),
      [
        "p − y = \(powers[asked])/(\(powers.map { "\($0)" }.joined(separator: " + "))) − \(y) = \(p - Fraction(y))"
      ])
  }

  private mutating func variance() -> QuizQuestion? {
    let (k, c, m) = (number(1...4), number(1...16), number(2...9))
    return asks(
      46,
      "A convolution from \(counted(c, "channel")) to \(m), kernel \(k)×\(k), with ReLU behind it. Which "
        + "mean square σ² should its first weights have, by He's rule?",
      Fraction(2, k * k * c),
      ["2/n, n the inputs of a cell: 2/(\(k)·\(k)·\(c)) = \(Fraction(2, k * k * c))"])
  }

  private mutating func step() -> QuizQuestion? {
    let rates = [Fraction(1, 2), Fraction(1, 4), Fraction(1, 10)]
    let rate = rates[number(0...2)]
    let momentum = number(0...1) == 0 ? Fraction(0) : Fraction(1, 2)
    let (weight, velocity, gradient) = (number(-5...5), 2 * number(-3...3), number(-6...6))
    let next = GradientDescent(rate: rate, momentum: momentum).step(
      Fraction(weight), velocity: Fraction(velocity), gradient: Fraction(gradient))
    return asks(
      34,
      "A weight of \(weight), its velocity \(velocity), its gradient \(gradient). Rate \(rate), momentum "
        + "\(momentum), no decay. What is the weight after the step?",
      next.weight,
      [
        "velocity \(momentum)·\(factor(velocity)) + \(factor(gradient)) = \(next.velocity)",
        "\(weight) − \(rate)·(\(next.velocity)) = \(next.weight)",
      ])
  }

  private func factor(_ number: Int) -> String { Equation.factor("\(number)") }
}

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
