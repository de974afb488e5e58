import LessonKit
import Networks
import Primitives
import Tensors
import Training

extension Lesson {
  /// Lesson 48: training and validation, and what a curve tells.
  static var readingALossCurve: Lesson {
    Lesson(
      number: 48, slug: "reading-a-loss-curve", title: "Reading a loss curve", part: .understood,
      question: "The loss falls and falls. Has the network learned?",
      corrects: "A small loss means a good network."
    ) { _ in
      let (classes, window, extent) = (ClassNames.scenes.count, 3, 16)
      let one = [PixelClassifier.Example(seed: 2, extent: extent)]
      let eight = (1...8).map { PixelClassifier.Example(seed: $0, extent: extent) }
      let others = (21...30).map { PixelClassifier.Example(seed: $0, extent: extent) }
      let moments = [0, 2, 5, 10, 20, 30, 40, 50, 60]
      let single = try Run(on: one, validation: others, window: window, moments: moments)
      let many = try Run(on: eight, validation: others, window: window, moments: moments)
      let weights = classes * (3 * window * window + 1)
      prose(
        "The smallest network that labels pixels: one convolution of \(window)×\(window), from the three colours "
          + "around a pixel to \(classes) scores. It has \(weights) numbers. It learns from one scene of "
          + "\(extent)×\(extent) pixels, all of them in every step, from scores of 0, at the rate 1/10 with "
          + "momentum .9; a colour is 4·(byte/255 − ½). The steps are made as this page is printed."
      )
      let start = Double.log(Double(classes))
      predict(
        "All scores are 0 at first, and there are \(classes) classes. What is the first loss, with two digits "
          + "after the point?", answer: decimal(start, 2),
        why:
          "Every class has probability 1/\(classes), so it is ln \(classes) = \(decimal(start, 4)).",
        also: ["ln \(classes)", decimal(start, 3), decimal(start, 4)])
      table(
        ["step", "loss"],
        rows: zip(moments, single.training).map { ["\($0)", decimal($1, 2)] })
      prose(
        "It falls, quickly and then slowly, and there is no reason why it should ever stop. "
          + "Has the network learned what discs and crosses are?")

      heading("Pictures it has not seen")
      prose(
        "Take \(others.count) other scenes, from which it never learns, and only measure the loss on them. "
          + "They are called validation pictures; those from which it learns are the training pictures."
      )
      table(
        ["step", "training", "validation"],
        rows: moments.indices.map {
          [
            "\(moments[$0])", decimal(single.training[$0], 2), decimal(single.validation[$0], 2),
          ]
        })
      formula(curves([("t", single.training), ("v", single.validation)]))
      let best = single.validation.indices.min { single.validation[$0] < single.validation[$1] }!
      prose(
        "On others the loss falls as well, until about step \(moments[best]). Then it rises, while the "
          + "training loss goes on falling: from there on the network learns this one scene by heart, its "
          + "noise and its colours, and gets surer of what is true there alone. That is overfitting."
      )
      claim(
        "the training loss falls all the way",
        evidence: "\(decimal(single.training.last!, 2)) at the end",
        holds: zip(single.training, single.training.dropFirst()).allSatisfy { $0 > $1 })
      claim(
        "the validation loss is larger at the end than at its lowest",
        evidence:
          "\(decimal(single.validation.last!, 2)) against \(decimal(single.validation[best], 2))",
        holds: single.validation.last! > single.validation[best] + 0.05)

      heading("More pictures")
      prose("The same network and the same steps, but \(eight.count) scenes to learn from:")
      table(
        ["step", "training", "validation"],
        rows: moments.indices.map {
          ["\(moments[$0])", decimal(many.training[$0], 2), decimal(many.validation[$0], 2)]
        })
      formula(curves([("t", many.training), ("v", many.validation)]))
      prose(
        "The training loss ends higher, for eight scenes are harder to learn by heart; the validation loss "
          + "ends far lower. What counts is the second. Against overfitting helps, in this order: more "
          + "pictures; the same ones turned, mirrored, shifted; stopping where validation is lowest; "
          + "weight decay and dropout (lesson 49); a smaller network.")
      claim(
        "trained on eight, the loss is higher on its own scenes and lower on others",
        evidence: "\(decimal(many.training.last!, 2)) and \(decimal(many.validation.last!, 2)), "
          + "against \(decimal(single.training.last!, 2)) and \(decimal(single.validation.last!, 2))",
        holds: many.training.last! > single.training.last!
          && many.validation.last! < single.validation.last!)

      heading("The rule")
      table(
        ["the curve", "mostly means", "lesson"],
        rows: [
          ["begins far from ln C", "scores are not 0, or the loss is a sum", "32"],
          ["stays at ln C", "rate too small, or nothing reaches the weights", "47, 45, 46"],
          ["stays below, far from 0", "softmax twice", "43"],
          ["“nan” after a few steps", "rate too large", "47"],
          ["jumps up and down", "rate near its bound, or small batches", "47"],
          ["falls, then flat and high", "everything is called background", "50"],
          ["falls, while validation rises", "overfitting", "48"],
        ])

      heading("The mistake")
      let own = try single.net.confusion(one).pixelAccuracy!
      let new = try single.net.confusion(others).pixelAccuracy!
      prose(
        "Judging a network by the pictures it learned from. The one trained on a single scene labels "
          + "\(decimal(100 * own.doubleValue, 0)) % of that scene's pixels right, and "
          + "\(decimal(100 * new.doubleValue, 0)) % of the others'. And whoever tries twenty settings and takes "
          + "the one that is best in validation has learned from those pictures too; that is what a third set, "
          + "for testing, is kept for.")
      claim(
        "it is better on what it has seen",
        evidence: "\(decimal(own, 2)) against \(decimal(new, 2))",
        holds: own > new)

      heading("Where it breaks")
      prose(
        "The loss is not what people want; they want right labels. A network may get surer of its few mistakes, so "
          + "that the validation loss rises while its labels get no worse. Look at both; lesson 35 has the "
          + "metrics.")

      heading("In FCN")
      prose(
        "The authors judge on 736 pictures of VOC's validation set, none of which they train on. The book's own networks learn from \(TrainingRecipe.scenes.pictures.training) scenes, and the counts of lesson 34 are "
          + "from \(TrainingRecipe.scenes.pictures.validation) others.")
    }
  }
}

/// A pixel classifier that learned, with its losses at some moments.
private struct Run {
  var net: PixelClassifier
  var training: [Double] = []
  var validation: [Double] = []

  init(
    on examples: [PixelClassifier.Example], validation others: [PixelClassifier.Example],
    window: Int,
    moments: [Int]
  ) throws {
    net = try PixelClassifier(window: window, classes: ClassNames.scenes.count)
    for step in 0...moments.last! {
      if moments.contains(step) {
        training.append(try net.loss(examples))
        validation.append(try net.loss(others))
      }
      try net.learn(examples, rate: 0.1)
    }
  }
}
