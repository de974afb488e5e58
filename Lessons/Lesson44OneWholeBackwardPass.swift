import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 44: a tiny FCN with one skip, forward and back, on paper.
  static var oneWholeBackwardPass: Lesson {
    Lesson(
      number: 44, slug: "one-whole-backward-pass", title: "One whole backward pass",
      part: .understood,
      question: "How does every weight of a network with a skip learn from four pixels?",
      corrects: "The coarse stream trains the network, the skip only adds detail."
    ) { _ in
      let net = TinyFCN.example
      let forward = try net.forward()
      let back = try net.backward(forward)
      prose(
        "The smallest network that has everything FCN-8s has: a convolution, ReLU, a pooling, scores for "
          + "two classes, upsampling, a skip, a sum. Four pixels in a row. All is whole numbers and "
          + "fractions: take 2 in place of e and the logarithm of base 2 in place of ln. Then a score "
          + "of n gives 2 to the n, and lesson 43 holds as it stands: the gradient is p − y.")
      heading("Forward")
      grids(
        Grid(.input, net.picture, title: "picture"), Grid(.kernel, net.kernel),
        Grid(.output, forward.features, padding: 0), between: "∗", "=")
      prose(
        "The convolution has padding 1. ReLU makes the −1 a 0; the pooling keeps the larger of two:"
      )
      grids(
        Grid(.output, forward.active, title: "after ReLU"),
        Grid(.output, forward.pooled.values, title: "pooled"))
      prose(
        "Coarse scores, for the classes a and b: the pooled map times \(net.coarse[0]) and times "
          + "\(net.coarse[1]). Upsampling gives each of them to two pixels. The skip has scores from the "
          + "map before the pooling: times \(net.skip[0]) and times \(net.skip[1]). Their sum:")
      table(
        ["", "a", "b"],
        rows: [
          ["coarse, upsampled", forward.upsampled.row(0), forward.upsampled.row(1)],
          ["skip", forward.skipped.row(0), forward.skipped.row(1)],
          ["scores", forward.scores.row(0), forward.scores.row(1)],
        ])
      predict(
        "Pixel 0 has scores \(forward.scores[0, 0, 0, 0]) for a and \(forward.scores[0, 1, 0, 0]) for b. "
          + "Which probability has a, as a fraction, with 2 to the score?",
        answer: "\(forward.probabilities[0, 0, 0, 0])",
        why: "2 to the score is 1 for a and 2 for b, together 3. One of these three is for a.")
      table(
        ["pixel"] + (0..<4).map { "\($0)" },
        rows: [
          ["true class"] + net.truth.map { $0 == 0 ? "a" : "b" },
          ["p of a"] + forward.probabilities.cells(0), ["p of b"] + forward.probabilities.cells(1),
        ])

      heading("Back to the scores")
      prose("At each pixel p − y, summed over pixels and not averaged, so nothing is divided by 4:")
      grids(
        Grid(.output, back.byScores, title: "gradient, scores of a"),
        Grid(.output, back.byScores, title: "gradient, scores of b", channel: 1))
      prose(
        "The sum copies (lesson 42): the upsampled coarse scores and the skip's scores both get this."
      )

      heading("The skip")
      prose(
        "By each weight: the sum of what it was multiplied with, times the gradient there (lesson 33). By the "
          + "map it reads: weight times gradient, over both classes.")
      formula(
        (0..<2).map { c in
          "by the skip's \(c == 0 ? "a" : "b"):  "
            + sumText(
              (0..<4).map { "\(forward.active[$0])·(\(back.byScores[0, c, 0, $0]))" })
            + " = \(back.bySkip[c])"
        })
      grids(Grid(.input, back.throughSkip, title: "what the skip sends down"))

      heading("The coarse stream")
      prose(
        "Upsampling gave each coarse score to two pixels, so it takes both their gradients back. Then the "
          + "weights, then the pooled map, then home to the winners of the pooling, the first cell "
          + "and the last:")
      table(
        ["", "a", "b"],
        rows: [["by the coarse scores", back.byCoarseScores.row(0), back.byCoarseScores.row(1)]])
      formula(
        (0..<2).map { c in
          "by the coarse \(c == 0 ? "a" : "b"):  "
            + sumText(
              (0..<2).map { "\(forward.pooled.values[$0])·(\(back.byCoarseScores[0, c, 0, $0]))" })
            + " = \(back.byCoarse[c])"
        })
      grids(Grid(.input, back.throughPool, title: "what the coarse stream sends down"))

      heading("Where they meet")
      prose("The map before the pooling was read twice. A fork adds:")
      table(
        ["cell"] + (0..<4).map { "\($0)" },
        rows: [
          ["by the skip"] + back.throughSkip.cells(0),
          ["by the coarse stream"] + back.throughPool.cells(0),
          ["both"] + back.byActive.cells(0), ["ReLU lets pass"] + back.byFeatures.cells(0),
        ])
      prose(
        "ReLU stops what came to the cell that was −1. The two streams need not agree: one knows each pixel, "
          + "the other only a pair, and in the first and last cell they pull in opposite directions. What "
          + "the map below learns is the sum.")
      claim(
        "in the first and last cell they have opposite signs",
        [0, 3].map { (back.throughSkip[$0] * back.throughPool[$0]) < 0 }, equals: [true, true])

      heading("The kernel")
      formula(
        (0..<3).map { k in
          let terms = (0..<4).compactMap { o -> String? in
            let i = o + k - 1
            guard (0..<4).contains(i), back.byFeatures[o] != 0 else { return nil }
            return "\(net.picture[i])·(\(back.byFeatures[o]))"
          }
          return "by w[\(k)]:  " + sumText(terms) + " = \(back.byKernel[k])"
        })

      heading("Checked by trying")
      let weights = TinyFCN.weightNames
      let step = 0.001
      let slopes = try weights.indices.map { try net.slope(of: $0, step: step) }
      let gradients = back.all.map(\.doubleValue)
      prose(
        "Seven weights. Push each by \(decimal(step, 3)) up and down, run the network forward, divide. The loss "
          + "bends (lesson 33), so equality is to some digits only:")
      table(
        ["weight", "gradient", "as decimal", "by trying"],
        rows: weights.indices.map {
          [weights[$0], "\(back.all[$0])", decimal(gradients[$0], 6), decimal(slopes[$0], 6)]
        })
      claim(
        "all seven agree to a millionth",
        evidence: "largest difference below 1e-6",
        holds: zip(gradients, slopes).allSatisfy { abs($0 - $1) < 1e-6 })

      heading("One step")
      let rate = Fraction(1, 8)
      let moved = net.moved(by: back, rate: rate)
      let losses = try [net, moved].map { try $0.loss(pushing: nil, by: 0) }
      prose("Every weight goes \(rate) of its gradient down:")
      formula(
        "loss before  \(decimal(losses[0], 4)) bits", "loss after   \(decimal(losses[1], 4)) bits")
      claim(
        "the step made the loss smaller",
        evidence: "\(decimal(losses[1], 4)) against \(decimal(losses[0], 4))",
        holds: losses[1] < losses[0])

      heading("Where it breaks: a skip at zero")
      var quiet = net
      quiet.skip = [0, 0]
      let silent = try quiet.backward(quiet.forward())
      prose(
        "FCN's skips begin with weights of 0. Then the skip sends nothing down in the first step, and the map "
          + "below hears of the loss through the coarse stream alone. But the skip's own weights have a "
          + "gradient, since that asks for the map and not for them; after one step they are not 0, and "
          + "from then on both streams train what lies below (lesson 34).")
      claim("what it sends down is 0", Set(silent.throughSkip.elements), equals: [0])
      claim("its own gradient is not", silent.bySkip.elements, differsFrom: [0, 0])

      heading("The mistake")
      let lost = try convolutionKernelGradient(
        net.picture, try reluGradient(back.throughPool, input: forward.features),
        by: Convolution(kernelSize: net.kernel.size, padding: beside(1)))
      prose(
        "Forget the fork and keep only what came back last, by the coarse stream. The kernel then gets "
          + "\(cellsText(lost)), a number for each weight that looks as good as any other, and no "
          + "program complains. Checking by trying would have found it.")
      claim("it is not the gradient", lost, differsFrom: back.byKernel)

      heading("The rule")
      formula(
        "forward, and remember each step's input", "p − y at the scores",
        "back through each step: by its weights, by its input", "where a map was read twice, add",
        "check every weight by trying, once")
      claim(
        "so came the seven gradients above, and trying gave the same to a millionth",
        evidence: back.all.map { "\($0)" }.joined(separator: " "),
        holds: zip(gradients, slopes).allSatisfy { abs($0 - $1) < 1e-6 })

      heading("In FCN")
      prose(
        "FCN-8s does this with 134 million weights and a quarter of a million pixels, with larger kernels, more "
          + "channels, biases and a second skip. Two kinds of steps come to these: crops, whose gradient "
          + "lesson 42 pads, and the dropout of lesson 49. The exercises build it from your own pieces."
      )
      ownNumbers(
        "The kernel's gradient with all its taps, also those where nothing came back:",
        backward(
          try TraceCase.convolution(net.picture, net.kernel, padding: beside(1)), of: .kernel,
          back.byFeatures))
    }
  }
}
