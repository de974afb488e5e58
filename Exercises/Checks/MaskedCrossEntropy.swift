public import ExerciseKit
public import Tensors

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension Exercises {
  /// Lesson 32: one softmax for each pixel.
  public static let maskedCrossEntropy = Exercise<(Tensor<Double>, [Int], Int), Double>(
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
        (Tensor(shape: [1, 2, 1, 1], elements: [2, 5]), [9], 9),
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
        "their sum, divided by \(losses.count)",
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
      Decoy("e to a large power", "e^1000 is infinite: take the largest score out first.") {
        scores, labels, ignored in
        let losses = losses(scores, labels, ignored, shifted: false)
        return losses.isEmpty ? 0 : losses.reduce(0, +) / Double(losses.count)
      },
      Decoy("sign turned", "The loss is −ln of the softmax.") { scores, labels, ignored in
        let losses = losses(scores, labels, ignored)
        return losses.isEmpty ? 0 : -losses.reduce(0, +) / Double(losses.count)
      },
    ])
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
