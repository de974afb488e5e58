import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 46: equal weights stay equal, and random ones must have the right size.
  static var howWeightsBegin: Lesson {
    Lesson(
      number: 46, slug: "how-weights-begin", title: "How weights begin", part: .understood,
      question: "Why do weights begin at random, and how large must they be?",
      corrects: "Any small random numbers will do."
    ) { _ in
      heading("Not all alike")
      let x = [Fraction(2), 1]
      let alike = twins([1, 1], [1, 1], reading: x)
      let apart = twins([1, 1], [1, 0], reading: x)
      prose(
        "Two features read the same two cells, 2 and 1, and a score adds them up. The loss is half of the "
          + "score's square, the rate 1/16. Both begin with weights "
          + "1 1. Lesson 41 gives the gradient by each feature's weights: what comes from behind, times "
          + "the cell. Everything is equal, so the steps are equal too, and both features remain one:"
      )
      table(
        ["steps", "feature 0", "feature 1"],
        rows: alike.enumerated().map {
          [
            "\($0)", $1[0].map { "\($0)" }.joined(separator: " "),
            $1[1].map { "\($0)" }.joined(separator: " "),
          ]
        })
      claim("after every step they are equal", alike.allSatisfy { $0[0] == $0[1] }, equals: true)
      claim("with beginnings 1 1 and 1 0 they differ", apart.last![0], differsFrom: apart.last![1])
      let classes = 21
      let zeros = zeroRun(feature: 0, classes: classes)
      let scoresAlone = zeroRun(feature: 1, classes: classes)
      prose(
        "All zeros is the worst case of alike. A weight's gradient is what it met times what comes from "
          + "behind: with a feature of 0 the scores meet nothing, and with scores of weight 0 nothing comes "
          + "back to the feature. Both wait for each other. Scores at zero alone, on a feature that is "
          + "there, learn at once. One pixel that is 2, a weight of the feature, which begins at 0 or at 1, "
          + "\(classes) classes, the rate 1/10, a loss that begins at ln \(classes):")
      let moments = [0, 1, 2, 5, 10]
      table(
        ["steps", "both at zero", "scores alone at zero", "feature's weight then"],
        rows: moments.map {
          [
            "\($0)", decimal(zeros[$0].loss, 4), decimal(scoresAlone[$0].loss, 4),
            decimal(scoresAlone[$0].feature, 4),
          ]
        })
      prose(
        "In the first step the feature of the last column stays where it is, for the scores send nothing "
          + "down yet; from the second on it learns, too (lesson 34). A loss that stays at ln \(classes) to "
          + "the last digit is this, or a part that the gradient does not reach.")
      claim(
        "with both at zero the loss stays at ln \(classes)", decimal(zeros[10].loss, 10),
        equals: decimal(Double.log(Double(classes)), 10))
      claim(
        "the feature moved in the second step, not in the first",
        [1, 2].map { scoresAlone[$0].feature != 1 }, equals: [false, true])

      heading("Not too small, not too large")
      let signs = (0..<8).map { pattern in (0..<3).map { pattern >> $0 & 1 == 0 ? 1 : -1 } }
      let sums = signs.map { $0.reduce(0, +) }
      let square = Fraction(sums.map { $0 * $0 }.reduce(0, +), sums.count)
      let kept = Fraction(sums.map { max($0, 0) * max($0, 0) }.reduce(0, +), sums.count)
      prose(
        "A cell of a layer is a sum of products. How large will it be? Take three inputs of 1, and weights "
          + "of 1 or −1 by the toss of a coin. There are eight cases:")
      table(
        ["weights"] + signs.map { $0.map { $0 > 0 ? "+" : "−" }.joined() },
        rows: [["sum"] + sums.map { "\($0)" }, ["squared"] + sums.map { "\($0 * $0)" }])
      predict(
        "The mean of the sums is 0. What is the mean of their squares?", answer: "\(square)",
        why:
          "(\(sums.map { "\($0 * $0)" }.joined(separator: " + ")))/8 = \(square): as many as there are "
          + "inputs. Products of different weights cancel, squares do not.")
      claim("the mean square is the number of inputs", square, equals: 3)
      prose(
        "ReLU then makes the negative half 0, so that half of the mean square is left, \(kept). To have 1 come "
          + "out where 1 went in, the weights' own mean square must be 2 over the number of inputs:"
      )
      formula("n·σ²·½ = 1", "σ² = 2/n")
      claim("half of it is left", kept, equals: square / 2)
      prose(
        "That is the rule of He, Zhang, Ren and Sun (arXiv 1502.01852). The number of inputs of a "
          + "convolution's cell is kernel cells times input channels.")

      heading("Ten layers")
      let factors: [(name: String, factor: Double)] = [("half", 0.5), ("He's", 1), ("twice", 2)]
      let runs = factors.map { meanSquares(layers: 10, width: 32, factor: $0.factor) }
      prose(
        "Ten layers of 32 cells, each reading all 32 below, with ReLU. The mean square after each, where all "
          + "weights are half of He's size, of it, twice of it:")
      table(
        ["layer"] + factors.map(\.name),
        rows: [1, 2, 4, 6, 8, 10].map { layer in
          ["\(layer)"] + runs.map { significant($0[layer - 1]) }
        })
      claim(
        "He's size keeps the mean square within a factor of 4",
        evidence: "between \(significant(runs[1].min()!)) and \(significant(runs[1].max()!))",
        holds: runs[1].allSatisfy { 0.25 < $0 && $0 < 4 })
      let shrunk = runs[1][9] / runs[0][9]
      claim(
        "half the size makes it a quarter in each layer, and after ten \(grouped(1 << 20)) times less",
        evidence: "\(grouped(shrunk)) times", holds: abs(shrunk / Double(1 << 20) - 1) < 1e-6)
      prose(
        "What goes back shrinks or grows in the same way (lesson 41): too small and the first layers learn "
          + "nothing, too large and the first step throws everything away. For long chains there is no "
          + "harmless factor.")

      heading("The rule")
      formula(
        "σ = √(2/n), n = kernel cells · input channels (per group)",
        "biases 0; the last layer of scores may be 0; upsampling bilinear")
      claim(
        "with it the mean square of the ten layers above stays near 1",
        evidence:
          "after ten layers \(significant(runs[1][9])), with half of it \(significant(runs[0][9]))",
        holds: 0.25 < runs[1][9] && runs[1][9] < 4 && runs[0][9] < 1e-5)

      heading("The mistake: .01 everywhere")
      let convolutions = Network.vgg16().layers.filter { $0.name.hasPrefix("conv") }
      let inputs = Network.vgg16().parameters.filter {
        $0.name.hasPrefix("conv") && $0.name.hasSuffix("weight")
      }.map { $0.shape.dimensions.dropFirst().reduce(1, *) }
      let perLayer = inputs.map { Double($0) * 0.0001 / 2 }
      prose(
        "AlexNet began with σ = .01 in all layers, and that was fine for its few. In VGG16 a layer multiplies "
          + "the mean square by n·.0001/2:")
      let shown = [0, 1, 4, 7, 10]
      table(
        ["layer", "n", "σ = √(2/n)", "with .01, mean square times"],
        rows: shown.map {
          [
            convolutions[$0].name, "\(inputs[$0])",
            decimal((2 / Double(inputs[$0])).squareRoot(), 4), decimal(perLayer[$0], 4),
          ]
        })
      let whole = perLayer.reduce(1, *)
      prose(
        "Over all \(inputs.count) convolutions that is \(significant(whole)). VGG's authors trained a shorter network "
          + "first and started the longer ones from it (Simonyan and Zisserman, arXiv 1409.1556); with He's "
          + "size that is not needed.")
      claim(
        "less than a millionth of a millionth is left",
        evidence: significant(whole), holds: whole < 1e-12)

      heading("In FCN")
      prose(
        "FCN takes VGG16's weights, which have learned already, so little begins at random. What is new "
          + "begins at 0 (scores) or bilinear (upsampling), and both are last or known to be right. The book's "
          + "own small networks begin the same way, with He's size in all other convolutions but the "
          + "classifier's last, whose weights begin smaller still.")
    }
  }
}

/// A pixel of 2 goes through a feature's weight, and that through a score for each class, all of them 0 at
/// first; class 0 is true. The loss and the feature's weight, step after step.
private func zeroRun(feature: Double, classes: Int) -> [(loss: Double, feature: Double)] {
  let pixel = 2.0
  var (feature, scores) = (feature, Array(repeating: 0.0, count: classes))
  return (0...10).map { _ in
    let met = feature * pixel
    let powers = scores.map { Double.exp($0 * met) }
    let sum = powers.reduce(0, +)
    let gradients = powers.indices.map { powers[$0] / sum - ($0 == 0 ? 1 : 0) }
    let back = zip(gradients, scores).reduce(0) { $0 + $1.0 * $1.1 }
    defer {
      for c in scores.indices { scores[c] -= 0.1 * gradients[c] * met }
      feature -= 0.1 * back * pixel
    }
    return (-Double.log(powers[0] / sum), feature)
  }
}

/// The weights of two features of two inputs, step after step. Their sum is pushed to 0.
private func twins(
  _ first: [Fraction], _ second: [Fraction], reading x: [Fraction]
) -> [[[Fraction]]] {
  var weights = [first, second]
  var all = [weights]
  for _ in 0..<3 {
    let products: [Fraction] = weights.flatMap { zip($0, x).map(*) }
    let sum = products.reduce(0, +)
    weights = weights.map { zip($0, x).map { $0 - Fraction(1, 16) * sum * $1 } }
    all.append(weights)
  }
  return all
}

/// The mean square of the cells after each layer, for weights of `factor` times He's size.
private func meanSquares(layers: Int, width: Int, factor: Double) -> [Double] {
  var random = SplitMix64(seed: 46)
  let samples = 8
  var cells = (0..<samples).map { _ in (0..<width).map { _ in random.normal() } }
  let deviation = factor * (2 / Double(width)).squareRoot()
  return (0..<layers).map { _ in
    let w = (0..<width).map { _ in (0..<width).map { _ in deviation * random.normal() } }
    cells = cells.map { x in
      w.map { row in max(0, zip(row, x).reduce(0) { $0 + $1.0 * $1.1 }) }
    }
    return cells.joined().reduce(0) { $0 + $1 * $1 } / Double(samples * width)
  }
}

/// Two digits that count, whatever the size: `0.94`, `3.1e-7`, `1.1e6`.
private func significant(_ value: Double) -> String {
  var (digits, exponent) = (value, 0)
  while digits >= 10 { (digits, exponent) = (digits / 10, exponent + 1) }
  while digits < 1 && digits > 0 { (digits, exponent) = (digits * 10, exponent - 1) }
  if (-2...1).contains(exponent) { return decimal(value, 1 - exponent) }
  return "\(decimal(digits, 1))e\(exponent)"
}
