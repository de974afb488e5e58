import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors
import Training

extension Lesson {
  /// Lesson 34: one step of learning, and the three stages.
  static var stagedTraining: Lesson {
    Lesson(
      number: 34, slug: "staged-training", title: "Staged training: 32s, 16s, 8s", part: .learning,
      question: "In which order does FCN-8s learn, and what does each stage begin with?",
      corrects: "A layer that starts at zero can't learn."
    ) { _ in
      let features = Tensor<Fraction>(row: [2, 0, 4])
      let truth = Tensor(row: [1, 0, 1])
      let zero = Tensor<Fraction>(shape: [2, 1, 1, 1], elements: [0, 0])
      let push = scoreGradient(classes: 2, truth: truth)
      let gradient = try convolutionKernelGradient(features, push, by: Convolution(kernelSize: 1))

      prose(
        "First one step of learning by hand; then what each stage starts from; then how the networks of "
          + "this book were trained, and what each skip brought them.")
      heading("One step by hand")
      prose(
        "A score layer: one feature, two classes, three pixels, weights 0. With all scores 0 both classes "
          + "have probability ½, so the gradient of the mean loss by the scores is exact (lesson 32): "
          + "½ less 1 for the true class, divided by the 3 pixels.")
      grids(Grid(.input, features, title: "feature"), Grid(.input, truth, title: "true class"))
      grids(
        (0..<2).map { Grid(.output, push, title: "gradient, score of class \($0)", channel: $0) })
      prose("By each weight, by lesson 33, it is the sum of feature times gradient:")
      formula(
        (0..<2).map { c in
          "class \(c):  "
            + sumText((0..<3).map { "\(features[$0])·(\(push[0, c, 0, $0]))" })
            + " = \(gradient[c])"
        })
      let (rate, momentum, decay) = (Fraction(1, 10), Fraction(9, 10), Fraction(1, 2000))
      let descent = GradientDescent(rate: rate, momentum: momentum, decay: decay)
      let first = try descent.step(zero, velocity: zero, gradient: gradient)
      prose(
        "Then a step of gradient descent with momentum (lesson 32): the velocity keeps \(momentum) of "
          + "itself and takes up the gradient, and a little of the weight (weight decay, \(decay), which "
          + "pulls every weight towards 0); the weight goes the learning rate, \(rate), of the velocity "
          + "down.")
      formula(
        "v = \(momentum)·v + gradient + \(decay)·w", "w = w − \(rate)·v",
        "class 0:  v = \(first.velocity[0]),  w = 0 − \(rate)·(\(first.velocity[0])) = \(first.weight[0])",
        "class 1:  v = \(first.velocity[1]),  w = 0 − \(rate)·(\(first.velocity[1])) = \(first.weight[1])"
      )
      let x = features.map(\.doubleValue)
      let losses = try [zero, first.weight].map {
        try crossEntropy(convolve(x, $0.map(\.doubleValue)), labels: truth)
      }
      claim(
        "one step makes the loss smaller",
        evidence: "\(decimal(losses[1], 4)) against ln 2 = \(decimal(losses[0], 4))",
        holds: losses[1] < losses[0])
      let again = try descent.step(first.weight, velocity: first.velocity, gradient: gradient)
      predict(
        "If the gradient stayed the same, would the second step be longer than the first?",
        answer: "yes",
        why: "The velocity has kept \(momentum) of the first: it is \(again.velocity[1]) now, not "
          + "\(first.velocity[1]). With momentum .9 steps add up to ten times, with .99 to a hundred.",
        also: ["longer"])

      heading("Why zero is no dead end")
      let back = try convolutionInputGradient(push, zero, inputSize: features.size)
      prose(
        "The weights were 0 and have moved, because their gradient depends on the features and not on "
          + "themselves. What stands still for one step is everything below: the way back leads through "
          + "the weights.")
      claim("the gradient by the features is 0", Set(back.elements), equals: [0])
      let dead = try convolutionKernelGradient(
        features.map { _ in Fraction(0) }, push, by: Convolution(kernelSize: 1))
      let byBias = (0..<2).map { c in (0..<3).reduce(Fraction(0)) { $0 + push[0, c, 0, $1] } }
      prose(
        "Two layers of zeros, one on the other, are a dead end. The upper one reads features of 0, so the "
          + "gradient by its weights is 0; the way down to the lower one leads through those weights, so "
          + "its gradient is 0 as well. Only the last bias moves, for its gradient is the sum of the "
          + "scores' gradients. That is why only the last ones start at zero, and all others at random "
          + "or with weights that have learned:")
      claim("with features of 0 the gradient by the weights is 0", Set(dead.elements), equals: [0])
      claim("the gradient by the last bias is not", byBias, differsFrom: [0, 0])

      heading("The stages")
      let (classes, slim) = (6, Backbone.slim([2, 3, 4, 5, 6], classifier: 7))
      let classifier = Network.vgg16(classes: 10, backbone: slim)
      let stages: [Network] = [
        classifier, .fcn32s(classes: classes, backbone: slim),
        .fcn16s(classes: classes, backbone: slim), .fcn8s(classes: classes, backbone: slim),
      ]
      var weights: [Weights<Float>] = []
      for (index, net) in stages.enumerated() {
        weights.append(net.initialWeights(from: weights.last ?? [:], seed: UInt64(index)))
      }
      prose(
        "A stage takes every tensor that the stage before has under the same name and in the same shape. "
          + "Here the real initialisation runs on all four networks, with a few channels each:")
      let origins = stages.indices.map { stage in
        origin(of: stages[stage], weights[stage], from: stage > 0 ? weights[stage - 1] : [:])
      }
      table(
        ["stage", "kept", "zero", "bilinear", "random"],
        rows: zip(["classifier", "FCN-32s", "FCN-16s", "FCN-8s"], origins).map { name, counts in
          [name] + ["kept", "zero", "bilinear", "random"].map { "\(counts[$0]?.count ?? 0)" }
        })
      table(
        ["stage", "new in it"],
        rows: zip(["FCN-32s", "FCN-16s", "FCN-8s"], origins.dropFirst()).map { name, counts in
          [
            name,
            ["zero", "bilinear"].flatMap { kind in
              (counts[kind] ?? []).filter { $0.hasSuffix("weight") }
                .map { $0.dropLast(7) + " (\(kind))" }
            }.joined(separator: ", "),
          ]
        })
      claim(
        "from the classifier to FCN-8s nothing is drawn at random again",
        origins.dropFirst().map { $0["random"]?.count ?? 0 }, equals: [0, 0, 0])
      claim(
        "FCN-16s starts its skip at zero", origins[2]["zero"] ?? [],
        equals: ["score_pool4.bias", "score_pool4.weight"])
      let results = StageResults(try TrainedWeights.record())
      try trainedForThisBook(results)
      try whereStagesBegin(results)

      heading("As published")
      prose(
        "Settings of the authors' reference code, whose loss is a sum over pixels, and of the paper "
          + "(Long, Shelhamer and Darrell, CVPR 2015), whose loss is a mean. The batch is how many pictures "
          + "one step sees; an epoch is once through all of them:")
      table(
        ["", "reference code", "paper"],
        rows: [
          ["learning rate", "1e-10, 1e-12, 1e-14", "1e-4; 16s a hundredth of it"],
          ["momentum, batch", ".99, 1", ".9, 20"],
          ["length", "100,000 steps each", "at least 175 epochs"],
          ["upsampling", "fixed bilinear", "last fixed, others learned"],
        ])
      prose("Published results on a part of VOC 2011's validation pictures (736), in percent:")
      table(
        ["", "pixel acc.", "mean acc.", "mean IU", "f.w. IU"],
        rows: [
          ["FCN-32s", "89.1", "73.3", "59.4", "81.4"], ["FCN-16s", "90.0", "75.7", "62.4", "83.0"],
          ["FCN-8s", "90.3", "75.9", "62.7", "83.2"],
        ])

      try whatMayNotBeConcluded(results)

      heading("The rule")
      formula(
        "classifier → fold fc6, fc7 → score_fr at 0       → train: FCN-32s",
        "FCN-32s    → split 32 into 2·16, score_pool4 at 0 → train: FCN-16s",
        "FCN-16s    → split 16 into 2·8,  score_pool3 at 0 → train: FCN-8s")

      heading("In FCN")
      let (net16, net8) = (Network.fcn16s(), Network.fcn8s())
      let old = Dictionary(uniqueKeysWithValues: net16.parameters.map { ($0.name, $0.shape) })
      let kept = net8.parameters.filter { old[$0.name] == $0.shape }.reduce(0) {
        $0 + $1.shape.count
      }
      prose(
        "At full size FCN-8s takes \(grouped(kept)) of its \(grouped(net8.parameterCount)) numbers from "
          + "FCN-16s. All the rest is its own upsampling, which starts bilinear, and "
          + "\(grouped(net8.parameterCount(of: "score_pool3"))) zeros.")
    }
  }
}

/// The gradient of the mean loss by scores that are all 0: every class has probability 1 / classes.
private func scoreGradient(classes: Int, truth: Tensor<Int>) -> Tensor<Fraction> {
  let pixels = truth.width
  return Tensor(
    shape: [1, classes, 1, pixels],
    elements: (0..<classes).flatMap { c in
      (0..<pixels).map { pixel in
        (Fraction(1, classes) - (truth[pixel] == c ? 1 : 0)) / Fraction(pixels)
      }
    })
}

/// The names of a network's tensors by where their numbers are from.
private func origin(
  of net: Network, _ weights: Weights<Float>, from source: Weights<Float>
) -> [String: [String]] {
  Dictionary(
    grouping: weights.keys.sorted(),
    by: { name in
      let tensor = weights[name]!
      if source[name] == tensor { return "kept" }
      if tensor.elements.allSatisfy({ $0 == 0 }) { return "zero" }
      return name.hasPrefix("upscore") ? "bilinear" : "random"
    })
}
