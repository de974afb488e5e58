import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 50: why everything becomes background, and what weights of classes change.
  static var rareClasses: Lesson {
    Lesson(
      number: 50, slug: "rare-classes", title: "Rare classes", part: .understood,
      question:
        "Nine of ten pixels are background. Why does the network call all ten so, and what helps?",
      corrects: "The network has not learned the rare class."
    ) { _ in
      let (common, rare) = (9, 1)
      let total = common + rare
      let p = Fraction(rare, total)
      prose(
        "Ten pixels look exactly alike; \(common) are background, \(rare) is part of a thin ring. The network "
          + "can only give all of them the same probabilities. Which make the loss smallest? Those at which "
          + "the gradients, p − y, sum to 0:")
      formula(
        "ring:  \(common)·p + \(rare)·(p − 1) = 0,  so p = \(p)")
      claim(
        "at p = \(p) the gradients cancel", Fraction(common) * p + Fraction(rare) * (p - 1),
        equals: 0)
      prose(
        "So it has learned the rare class, and exactly: it says \(p), and \(p) is true. But the label is the "
          + "largest of the probabilities, and background has \(1 - p). Every pixel becomes background, and "
          + "the loss rests at its lowest point.")
      let loss =
        -(p.doubleValue * Double.log(p.doubleValue) + (1 - p).doubleValue
        * Double.log((1 - p).doubleValue))
      formula("loss = \(decimal(loss, 4)), far below ln 2 = \(decimal(Double.log(2), 4))")

      heading("Weights")
      let weight = Fraction(common)
      let q = weight * Fraction(rare) / (weight * Fraction(rare) + Fraction(common))
      prose(
        "Multiply the loss of each ring pixel by \(weight), as if it stood there \(weight) times; such "
          + "a factor is called a class weight. Where do the "
          + "gradients cancel now?")
      predict(
        "With that weight, which probability of a ring makes the loss smallest?", answer: "\(q)",
        why:
          "\(common)·p + \(weight)·(p − 1) = 0 gives p = \(weight)/\(weight + Fraction(common)) = \(q).",
        also: ["half", "a half"])
      claim(
        "at p = \(q) they cancel", Fraction(common) * q + weight * Fraction(rare) * (q - 1),
        equals: 0)
      formula("p of class c is in proportion to weight[c]·pixels[c]")
      prose(
        "The smallest push now decides, one way or the other. With weights in inverse proportion to the pixels all "
          + "classes start even, and only what a pixel looks like counts, not how frequent it is.")

      heading("What it costs")
      let (pixels, alike, rings) = (100, 20, 6)
      let never = ConfusionMatrix(counts: [[pixels - rings, 0], [rings, 0]])
      let always = ConfusionMatrix(
        counts: [[pixels - alike, alike - rings], [0, rings]])
      let few = 1
      let neverFew = ConfusionMatrix(counts: [[pixels - few, 0], [few, 0]])
      let alwaysFew = ConfusionMatrix(counts: [[pixels - alike, alike - few], [0, few]])
      prose(
        "Of \(pixels) pixels \(alike) look like a ring, and \(rings) of them are. Without weights none of them is "
          + "called ring, with weights all are. And the same if only \(few) is:")
      let rows = try [
        ("\(rings) are, none called so", never), ("\(rings) are, all called so", always),
        ("\(few) is, none called so", neverFew), ("\(few) is, all called so", alwaysFew),
      ].map { name, matrix in
        [
          name, "\(matrix.pixelAccuracy!)", "\(matrix.intersectionOverUnion(of: 0)!)",
          "\(matrix.intersectionOverUnion(of: 1)!)", decimal(try matrix.meanIU()!, 3),
        ]
      }
      table(["", "pixel accuracy", "IU background", "IU ring", "mean IU"], rows: rows)
      prose(
        "Pixel accuracy is best without weights: among pixels that look alike the largest probability is right "
          + "most often. Mean IU counts each class alike, and gains from weights as long as the rare class is not too rare among "
          + "its likes; then the false rings cost more than the true ones bring.")
      claim(
        "with \(rings), weights help the mean IU", evidence: "\(rows[1][4]) against \(rows[0][4])",
        holds: try always.meanIU()! > never.meanIU()!)
      claim(
        "with \(few), they hurt it", evidence: "\(rows[3][4]) against \(rows[2][4])",
        holds: try alwaysFew.meanIU()! < neverFew.meanIU()!)

      heading("On scenes")
      let extent = 16
      let training = (1...8).map { PixelClassifier.Example(seed: $0, extent: extent) }
      let others = (21...30).map { PixelClassifier.Example(seed: $0, extent: extent) }
      let counts = ClassNames.scenes.indices.map { c in
        training.reduce(0) { $0 + $1.labels.elements.filter { $0 == c }.count }
      }
      let all = counts.reduce(0, +)
      let inverse = counts.map { Double(all) / Double(counts.count * max($0, 1)) }
      let (early, late) = (40, 80)
      let runs = try [nil, inverse.map { $0.squareRoot() }, inverse].map { importance in
        var net = try PixelClassifier(window: 3, classes: counts.count)
        return try (1...late).compactMap { step in
          try net.learn(training, rate: 0.05, importance: importance)
          return step == early || step == late ? try net.confusion(others) : nil
        }
      }
      let matrices = runs.map { $0[0] }
      prose(
        "The network of lesson 48, one convolution, on eight scenes of \(extent)×\(extent); "
          + "\(decimal(100 * Double(counts[0]) / Double(all), 0)) % of their pixels are background. The weight of "
          + "a class is 1/(\(counts.count)·its share), which is 1 for one with a \(counts.count)th of the pixels; or "
          + "the square root of that; or there are none. \(early) steps each, at the rate .05 with momentum .9. "
          + "Which part of each class's pixels is then found, on ten other scenes, and the metrics:"
      )
      table(
        ["", "none", "root", "inverse"],
        rows: ClassNames.scenes.indices.map { c in
          [ClassNames.scenes[c]] + matrices.map { decimal($0.accuracy(of: c) ?? 0, 2) }
        } + [
          ["pixel accuracy"] + matrices.map { decimal($0.pixelAccuracy!, 2) },
          ["mean accuracy"] + matrices.map { decimal($0.scores!.meanAccuracy, 2) },
          ["mean IU"] + matrices.map { decimal($0.scores!.meanIU, 2) },
        ])
      prose(
        "The full inverse gives away much of the background for a few more crosses. The root is the best of "
          + "the three here, in every metric: \(early) steps are few, and weights make them longer for the rare "
          + "classes, which without weights are not far on their way yet. More steps change it:")
      table(
        ["after \(late) steps", "none", "root", "inverse"],
        rows: [
          ["background"] + runs.map { decimal($0[1].accuracy(of: 0) ?? 0, 2) },
          ["cross"] + runs.map { decimal($0[1].accuracy(of: counts.count - 1) ?? 0, 2) },
          ["mean IU"] + runs.map { decimal($0[1].scores!.meanIU, 2) },
        ])
      prose(
        "What weights did to the background is mostly gone, for this network tells most pixels apart by then. "
          + "Weights decide where pixels look alike, and hurry what is rare; they are one more number to try."
      )
      claim(
        "later the full inverse keeps more of the background",
        evidence: runs[2].map { decimal($0.accuracy(of: 0)!, 2) }.joined(separator: ", then "),
        holds: runs[2][1].accuracy(of: 0)! > runs[2][0].accuracy(of: 0)!)
      claim(
        "with the full inverse less of the background is kept",
        evidence: matrices.map { decimal($0.accuracy(of: 0)!, 2) }.joined(separator: ", "),
        holds: matrices[2].accuracy(of: 0)! < matrices[0].accuracy(of: 0)!)
      claim(
        "the root has the best mean IU of the three",
        evidence: matrices.map { decimal($0.scores!.meanIU, 2) }.joined(separator: ", "),
        holds: matrices[1].scores!.meanIU > matrices[0].scores!.meanIU
          && matrices[1].scores!.meanIU > matrices[2].scores!.meanIU)

      heading("The rule")
      formula(
        "the lowest loss has p[c] = weight[c]·n[c] / Σ weight·n, among pixels that look alike",
        "gradient = weight of the true class · (p − y)")

      heading("The mistake")
      prose(
        "“All background” is taken for a fault of the network. First look at the probabilities: if the rare "
          + "class has its share of them, the pixels only look alike to this network. Then a finer stream helps, "
          + "which tells them apart (lesson 29), and weights only choose which mistake to make. If it has much "
          + "less than its share, it has not learned yet: give it time, or a larger rate.")

      heading("In FCN")
      prose(
        "Of VOC's labelled pixels about three quarters are background as well. The authors tried to balance "
          + "the classes and found it unnecessary, and the book's networks learn without weights.")
    }
  }
}
