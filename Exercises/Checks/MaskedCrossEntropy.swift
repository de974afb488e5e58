public import ExerciseKit
internal import Platform
public import Tensors

extension Exercises {
  public static var maskedCrossEntropy: Exercise<(Tensor<Double>, [Int], Int), Double> {
    Exercise(
      "maskedCrossEntropy", lesson: 32, title: "the mean loss over the pixels that count",
      hints: [
        "By what is the sum divided if half of the pixels are ignored?",
        "mean over the pixels that count of ln(Σ e^(score − m)) + m − score of the label.",
        "Loop over labels.enumerated() where label != ignored; collect the pixel's scores over the "
          + "channels; add log(total) + largest - own[label]; divide by the number of pixels added.",
      ],
      // exp and log differ in their last digits between systems, and sums in their order.
      tolerance: 1e-9,
      cases: {
        [
          (Tensor(shape: [1, 2, 1, 1], elements: [0, 0]), [1], 255),
          (Tensor(shape: [1, 2, 1, 2], elements: [1, 0, 0, 3]), [0, 255], 255),
          (Tensor(shape: [1, 2, 1, 2], elements: [1, 0, 0, 3]), [255, 1], 255),
          (Tensor(shape: [1, 2, 1, 2], elements: [1, 0, 0, 3]), [0, 1], 0),
          (Tensor(shape: [1, 3, 1, 3], elements: [1, 0, 2, 0, 3, 1, 2, 1, 4]), [2, 1, 0], 1),
          (Tensor(shape: [1, 2, 1, 1], elements: [2, 5]), [9], 9),
          (Tensor(shape: [1, 2, 1, 2], elements: [2, 1, 5, 4]), [-1, 0], -1),
          (Tensor(shape: [1, 2, 1, 1], elements: [-1000, -998]), [0], 255),
          (Tensor(shape: [1, 2, 1, 1], elements: [0, 1000]), [0], 255),
          (Tensor(shape: [1, 2, 1, 2], elements: [-1000, 0, -998, 1]), [0, 0], 255),
          (Tensor(shape: [1, 2, 2, 1], elements: [-1000, 0, -998, 1]), [0, 0], 255),
          (Tensor(shape: [1, 3, 1, 2], elements: [1000, 1, 900, 2, 0, 3]), [1, 2], 255),
          (scores([1, 4, 2, 3], 73), [0, 1, 255, 3, 255, 2], 255),
          (scores([1, 3, 4, 2], 74), [2, 1, 0, 7, 7, 0, 1, 1], 7),
        ]
      },
      show: { scores, labels, ignored in
        [Shown("scores", scores), Shown("labels", labels), Shown("ignored", ignored)]
      },
      expected: { scores, labels, ignored in
        let losses = losses(scores, labels, ignored)
        return losses.isEmpty ? 0 : losses.reduce(0, +) / Double(losses.count)
      },
      arithmetic: { input, _ in
        let losses = losses(input.0, input.1, input.2)
        guard !losses.isEmpty else { return ["every pixel is ignored: 0"] }
        return [
          "losses of the \(losses.count) pixels that count: "
            + losses.map { numberText($0) }.joined(separator: ", "),
          "their sum, divided by \(losses.count): "
            + numberText(losses.reduce(0, +) / Double(losses.count)),
        ]
      },
      decoys: [
        Decoy("divided by all pixels", "Ignored pixels do not count below the line, either.") {
          scores, labels, ignored in
          losses(scores, labels, ignored).reduce(0, +) / Double(labels.count)
        },
        Decoy("summed, not averaged", "Divide by the number of pixels that count.") {
          scores, labels, ignored in losses(scores, labels, ignored).reduce(0, +)
        },
        Decoy("ignored taken for class 0", "Pass over these pixels.") { scores, labels, ignored in
          let all = losses(scores, labels.map { $0 == ignored ? 0 : $0 }, -1)
          return all.reduce(0, +) / Double(all.count)
        },
        Decoy(
          "Σ e^score of scores as they are",
          "e^1000 is infinite and e^−1000 is 0, so their logarithm has no value: subtract each pixel's "
            + "own largest score first."
        ) {
          scores, labels, ignored in
          let losses = losses(scores, labels, ignored, shifted: false)
          return losses.isEmpty ? 0 : losses.reduce(0, +) / Double(losses.count)
        },
        Decoy("sign turned", "The loss is −ln of the softmax.") { scores, labels, ignored in
          let losses = losses(scores, labels, ignored)
          return losses.isEmpty ? 0 : -losses.reduce(0, +) / Double(losses.count)
        },
        Decoy(
          "a softmax of scores that are too large or too small",
          "e^1000 is infinite and e^−1000 is 0, so the softmax has no value there: subtract each "
            + "pixel's own largest score first."
        ) { scores, labels, ignored in
          mean(scores, labels, ignored) { own, label, _ in
            -log(exp(own[label]) / own.reduce(0) { $0 + exp($1) })
          }
        },
        Decoy("one largest score for the whole map", "m is the largest score of the pixel itself.")
        {
          scores, labels, ignored in
          mean(scores, labels, ignored) { own, label, largest in
            log(own.reduce(0) { $0 + exp($1 - largest) }) + largest - own[label]
          }
        },
        Decoy("m not added back", "ln(Σ e^(score − m)) + m − score of the label.") {
          scores, labels, ignored in
          mean(scores, labels, ignored) { own, label, _ in
            log(own.reduce(0) { $0 + exp($1 - own.max()!) }) - own[label]
          }
        },
        Decoy("m and the label's score left out", "ln(Σ e^(score − m)) + m − score of the label.") {
          scores, labels, ignored in
          mean(scores, labels, ignored) { own, _, _ in
            log(own.reduce(0) { $0 + exp($1 - own.max()!) })
          }
        },
        Decoy("the label's score left out", "ln(Σ e^(score − m)) + m − score of the label.") {
          scores, labels, ignored in
          mean(scores, labels, ignored) { own, _, _ in
            log(own.reduce(0) { $0 + exp($1 - own.max()!) }) + own.max()!
          }
        },
        Decoy("1 less the softmax", "The loss is −ln of the softmax at the label.") {
          scores, labels, ignored in
          mean(scores, labels, ignored) { own, label, _ in 1 - softmax(own, label) }
        },
        Decoy("the softmax itself", "The loss is −ln of it.") { scores, labels, ignored in
          mean(scores, labels, ignored) { own, label, _ in softmax(own, label) }
        },
        Decoy("logarithm to the base 2", "ln is the natural logarithm: log, not log2.") {
          scores, labels, ignored in
          mean(scores, labels, ignored) { own, label, _ in loss(own, label) / log(2) }
        },
        Decoy("logarithm to the base 10", "ln is the natural logarithm: log, not log10.") {
          scores, labels, ignored in
          mean(scores, labels, ignored) { own, label, _ in loss(own, label) / log(10) }
        },
        Decoy("divided by the classes, too", "The mean is over pixels.") {
          scores, labels, ignored in
          mean(scores, labels, ignored, loss) / Double(scores.channels)
        },
        Decoy("0/0 where every pixel is ignored", "If no pixel counts the loss is 0.") {
          scores, labels, ignored in
          let losses = losses(scores, labels, ignored)
          return losses.reduce(0, +) / Double(losses.count)
        },
        Decoy("divided by one pixel too many", "Divide by the pixels that count.") {
          scores, labels, ignored in
          let losses = losses(scores, labels, ignored)
          return losses.reduce(0, +) / Double(losses.count + 1)
        },
        Decoy("the loss of the last pixel", "The mean is over all pixels that count.") {
          scores, labels, ignored in losses(scores, labels, ignored).last ?? 0
        },
      ] + withHelp)
  }
}

private func losses(
  _ scores: Tensor<Double>, _ labels: [Int], _ ignored: Int, shifted: Bool = true
) -> [Double] {
  labels.indices.filter { labels[$0] != ignored }.map { pixel in
    let own = (0..<scores.channels).map {
      scores[0, $0, pixel / scores.width, pixel % scores.width]
    }
    let largest = shifted ? own.max()! : 0
    return log(own.reduce(0) { $0 + exp($1 - largest) }) + largest - own[labels[pixel]]
  }
}

private func scores(_ shape: Shape, _ seed: UInt64) -> Tensor<Double> {
  tensor(shape, seed: seed).map { Double($0) / 4 }
}

private func softmax(_ own: [Double], _ label: Int) -> Double {
  let largest = own.max()!
  return exp(own[label] - largest) / own.reduce(0) { $0 + exp($1 - largest) }
}

private func loss(_ own: [Double], _ label: Int, _: Double = 0) -> Double {
  log(own.reduce(0) { $0 + exp($1 - own.max()!) }) + own.max()! - own[label]
}

/// A softmax that was kept from 0, in the two ways and with the numbers that are common.
private let withHelp: [Decoy<(Tensor<Double>, [Int], Int), Double>] =
  [1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20, 1e-30].map { small in
    Decoy(
      "a softmax kept from 0 with \(small)",
      "The loss has no such bound: ln(Σ e^(score − m)) + m − score has a value without one."
    ) { scores, labels, ignored in
      mean(scores, labels, ignored) { own, label, _ in -log(max(small, softmax(own, label))) }
    }
  }
  + [1e-5, 1e-6, 1e-7, 1e-8].map { small in
    Decoy(
      "\(small) added to the softmax",
      "That changes the loss: ln(Σ e^(score − m)) + m − score needs no such help."
    ) { scores, labels, ignored in
      mean(scores, labels, ignored) { own, label, _ in -log(small + softmax(own, label)) }
    }
  }

/// The mean over the pixels that count of a loss of the pixel's scores, its label and the largest score
/// of the map; 0 if there is none.
private func mean(
  _ scores: Tensor<Double>, _ labels: [Int], _ ignored: Int,
  _ loss: ([Double], Int, Double) -> Double
) -> Double {
  let losses = labels.indices.filter { labels[$0] != ignored }.map { pixel in
    let own = (0..<scores.channels).map {
      scores[0, $0, pixel / scores.width, pixel % scores.width]
    }
    return loss(own, labels[pixel], scores.elements.max()!)
  }
  return losses.isEmpty ? 0 : losses.reduce(0, +) / Double(losses.count)
}
