public import ExerciseKit
public import Tensors

extension Exercises {
  public static var scoreGradient: Exercise<(Tensor<Int>, [Int]), Tensor<Fraction>> {
    Exercise(
      "scoreGradient", lesson: 43, title: "probability less truth, over the pixels that count",
      hints: [
        "What do the gradients of one pixel sum to? And by what is each divided if one of two pixels is 255?",
        "(e^score / Σ e^score over the pixel's classes − y) / pixels that count; y is 1 for the label.",
        "Loop over labels.enumerated() where label != 255; sum the pixel's powers over the channels; for "
          + "each c: (Fraction(power, sum) - (c == label ? 1 : 0)) / Fraction(counted).",
      ],
      cases: {
        func map(_ shape: Shape, _ elements: [Int]) -> Tensor<Int> {
          Tensor(shape: shape, elements: elements)
        }
        return [
          (map([1, 2, 1, 1], [1, 4]), [1]),
          (map([1, 3, 1, 1], [1, 2, 4]), [0]),
          (map([1, 3, 1, 1], [1, 2, 1]), [0]),
          (map([1, 2, 1, 2], [1, 5, 2, 3]), [0, 255]),
          (map([1, 2, 1, 2], [1, 5, 2, 3]), [255, 1]),
          (map([1, 2, 1, 2], [1, 5, 2, 3]), [1, 0]),
          (map([1, 2, 1, 2], [1, 5, 2, 3]), [255, 255]),
          (map([1, 1, 1, 3], [6, 1, 2]), [0, 255, 0]),
          (map([1, 2, 2, 1], [1, 999_999, 1, 1]), [0, 1]),
          (map([1, 3, 2, 1], [7, 1, 2, 8, 5, 3]), [2, 2]),
          (powers([1, 4, 2, 3], 220), [0, 1, 255, 3, 255, 2]),
          (powers([1, 3, 4, 2], 221), [2, 1, 0, 255, 255, 0, 1, 1]),
          (powers([1, 5, 1, 4], 222), [4, 3, 2, 4]),
          (powers([1, 2, 3, 4], 223), [1, 0, 255, 255, 0, 1, 1, 0, 255, 1, 1, 0]),
        ]
      },
      show: { powers, labels in [Shown("powers", powers), Shown("labels", labels)] },
      expected: { powers, labels in
        let counted = labels.count { $0 != 255 }
        return each(powers, labels) { $3 == 255 ? 0 : inTwoSteps($0, $1, $3) / Fraction(counted) }
      },
      arithmetic: { input, cell in
        let (powers, labels) = input
        let label = labels[cell[2] * powers.width + cell[3]]
        guard label != 255 else { return ["the pixel's label is 255, so it does not count: 0"] }
        let own = (0..<powers.channels).map { powers[0, $0, cell[2], cell[3]] }
        let (sum, counted) = (own.reduce(0, +), labels.count { $0 != 255 })
        let y = cell[1] == label ? 1 : 0
        let difference = Fraction(own[cell[1]], sum) - Fraction(y)
        return [
          "p = \(own[cell[1]])/(\(own.map(String.init).joined(separator: " + "))) = "
            + "\(Fraction(own[cell[1]], sum)), y = \(y): p − y = \(difference)",
          "divided by the pixels that count, \(counted): \(difference / Fraction(counted))",
        ]
      },
      decoys: [
        Decoy("y forgotten", "p − y: the true class has 1 less.") { powers, labels in
          mean(powers, labels) { own, c, _ in p(own, c) }
        },
        Decoy("divided by all pixels", "Pixels with 255 do not count below the line, either.") {
          powers, labels in
          each(powers, labels) {
            $3 == 255 ? 0 : inTwoSteps($0, $1, $3) / Fraction(labels.count)
          }
        },
        Decoy(
          "divided by the pictures, of which there is one",
          "The mean is over pixels: divide by the number of them that count."
        ) { powers, labels in
          each(powers, labels) { $3 == 255 ? 0 : inTwoSteps($0, $1, $3) }
        },
        Decoy("divided by the classes, too", "The mean is over pixels, not over scores.") {
          powers, labels in
          mean(powers, labels) { own, c, label in
            inTwoSteps(own, c, label) / Fraction(own.count)
          }
        },
        Decoy("divided by the pixels of the class", "The mean is over all pixels that count.") {
          powers, labels in
          each(powers, labels) { own, c, _, label in
            label == 255
              ? 0 : inTwoSteps(own, c, label) / Fraction(labels.count { $0 == label })
          }
        },
        Decoy("truth less probability", "p − y: the step goes against the gradient later.") {
          powers, labels in
          mean(powers, labels) { own, c, label in -inTwoSteps(own, c, label) }
        },
        Decoy("only p divided", "p − y as a whole is divided.") { powers, labels in
          undivided(powers, labels, p: true, y: false)
        },
        Decoy("only y divided", "p − y as a whole is divided.") { powers, labels in
          undivided(powers, labels, p: false, y: true)
        },
        Decoy("255 taken for class 0", "Pixels with 255 are passed over.") { powers, labels in
          mean(powers, labels.map { $0 == 255 ? 0 : $0 }) { inTwoSteps($0, $1, $2) }
        },
        Decoy("p where the label is 255", "A pixel that does not count gets 0 for every class.") {
          powers, labels in
          let counted = max(1, labels.count { $0 != 255 })
          return each(powers, labels) { own, c, _, label in
            (p(own, c) - (c == label ? 1 : 0)) / Fraction(counted)
          }
        },
        Decoy(
          "p where the label is 255, over all pixels", "Pixels with 255 get 0, and do not count."
        ) {
          powers, labels in
          each(powers, labels) { own, c, _, label in
            (p(own, c) - (c == label ? 1 : 0)) / Fraction(labels.count)
          }
        },
        Decoy("the true class alone", "The other classes are pushed, too: each by its p.") {
          powers, labels in
          mean(powers, labels) { own, c, label in c == label ? p(own, c) - 1 : 0 }
        },
        Decoy("the other classes alone", "The true class is pushed, too: by p − 1.") {
          powers, labels in
          mean(powers, labels) { own, c, label in c == label ? 0 : p(own, c) }
        },
        Decoy("powers for probabilities", "p is the power's share of the pixel's sum.") {
          powers, labels in
          mean(powers, labels) { own, c, label in Fraction(own[c]) - (c == label ? 1 : 0) }
        },
        Decoy(
          "by the probabilities",
          "−1/p is the first of two steps; the scores are behind the softmax."
        ) { powers, labels in
          mean(powers, labels) { own, c, label in c == label ? -1 / p(own, c) : 0 }
        },
        Decoy("p·(1 − p) for the slope", "The slopes of loss and softmax together give p − y.") {
          powers, labels in
          mean(powers, labels) { own, c, label in
            p(own, c) * (c == label ? p(own, c) - 1 : 1 - p(own, c))
          }
        },
        Decoy("the slope of a squared error", "The loss is −ln p: its gradient is p − y alone.") {
          powers, labels in
          mean(powers, labels) { own, c, label in 2 * (p(own, c) - (c == label ? 1 : 0)) }
        },
        Decoy("y − p at the true class", "It is p − 1, which is negative.") { powers, labels in
          mean(powers, labels) { own, c, label in c == label ? 1 - p(own, c) : p(own, c) }
        },
        Decoy("shares over the pixels", "Probabilities are shares among a pixel's own classes.") {
          powers, labels in
          let area = powers.size.area
          return mean(powers, labels) { own, c, label, pixel in
            let sum = (0..<area).reduce(0) { $0 + powers.elements[c * area + $1] }
            return Fraction(own[c], sum) - (c == label ? 1 : 0)
          }
        },
        Decoy("shares over all scores", "Probabilities are shares among a pixel's own classes.") {
          powers, labels in
          mean(powers, labels) { own, c, label in
            Fraction(own[c], powers.elements.reduce(0, +)) - (c == label ? 1 : 0)
          }
        },
        Decoy("the largest power for the sum", "p is the power's share of the sum.") {
          powers, labels in
          mean(powers, labels) { own, c, label in
            Fraction(own[c], own.max()!) - (c == label ? 1 : 0)
          }
        },
        Decoy("the largest for the true class", "y is 1 for the class that the label names.") {
          powers, labels in
          mean(powers, labels) { own, c, _ in
            p(own, c) - (c == own.firstIndex(of: own.max()!)! ? 1 : 0)
          }
        },
        Decoy("0 where the answer is right", "p − y is not 0 before p is 1.") { powers, labels in
          mean(powers, labels) { own, c, label in
            own[label] == own.max()! ? 0 : inTwoSteps(own, c, label)
          }
        },
        Decoy("labels column after column", "Labels go row after row.") { powers, labels in
          let (height, width) = (powers.height, powers.width)
          let turned = labels.indices.map { labels[$0 % width * height + $0 / width] }
          return mean(powers, turned) { inTwoSteps($0, $1, $2) }
        },
        Decoy("labels counted from 1", "Class 0 is the first.") { powers, labels in
          mean(powers, labels) { own, c, label in p(own, c) - (c + 1 == label ? 1 : 0) }
        },
      ])
  }
}

/// Powers between 1 and 9.
private func powers(_ shape: Shape, _ seed: UInt64) -> Tensor<Int> {
  tensor(shape, seed: seed).map { abs($0) }
}

/// A number for each score, from the pixel's own powers, the class, the pixel and its label.
private func each(
  _ powers: Tensor<Int>, _ labels: [Int], _ number: ([Int], Int, Int, Int) -> Fraction
) -> Tensor<Fraction> {
  let area = powers.size.area
  return Tensor(
    shape: powers.shape,
    elements: powers.elements.indices.map { cell in
      let own = (0..<powers.channels).map { powers.elements[$0 * area + cell % area] }
      return number(own, cell / area, cell % area, labels[cell % area])
    })
}

/// The same, divided by the pixels that count, and 0 for those that do not.
private func mean(
  _ powers: Tensor<Int>, _ labels: [Int], _ number: ([Int], Int, Int, Int) -> Fraction
) -> Tensor<Fraction> {
  let counted = max(1, labels.count { $0 != 255 })
  return each(powers, labels) {
    $3 == 255 ? 0 : number($0, $1, $3, $2) / Fraction(counted)
  }
}

private func mean(
  _ powers: Tensor<Int>, _ labels: [Int], _ number: ([Int], Int, Int) -> Fraction
) -> Tensor<Fraction> {
  mean(powers, labels) { own, c, label, _ in number(own, c, label) }
}

private func p(_ own: [Int], _ c: Int) -> Fraction { Fraction(own[c], own.reduce(0, +)) }

/// The long way: the loss by the probabilities, these by the scores, one path for each probability.
private func inTwoSteps(_ own: [Int], _ c: Int, _ label: Int) -> Fraction {
  own.indices.reduce(0) { sum, i in
    let byProbability = i == label ? -1 / p(own, i) : 0
    let slope = i == c ? p(own, i) * (1 - p(own, c)) : -p(own, i) * p(own, c)
    return sum + byProbability * slope
  }
}

/// p − y with only one of the two divided by the pixels that count.
private func undivided(
  _ powers: Tensor<Int>, _ labels: [Int], p divideP: Bool, y divideY: Bool
) -> Tensor<Fraction> {
  let counted = Fraction(max(1, labels.count { $0 != 255 }))
  return each(powers, labels) { own, c, _, label in
    guard label != 255 else { return 0 }
    let y: Fraction = c == label ? 1 : 0
    return p(own, c) / (divideP ? counted : 1) - y / (divideY ? counted : 1)
  }
}
