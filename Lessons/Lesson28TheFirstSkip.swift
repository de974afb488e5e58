import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 28: FCN-16s.
  static var theFirstSkip: Lesson {
    Lesson(
      number: 28, slug: "fcn-16s", title: "FCN-16s: the first skip", part: .networks,
      question: "How does a finer map get its say?",
      corrects: "With a skip of zeros, FCN-16s gives exactly what FCN-32s gives."
    ) { _ in
      let coarse = Tensor<Fraction>(row: [0, 8, 0])
      let fine = Tensor<Fraction>(row: [9, 9, 0, 0, 0, -2, 3, -1, 0, 0, 9, 9])
      let large = try transposedConvolve(coarse, Tensor(row: bilinearWeights(4)), stride: across(2))
      let cut = try crop(fine, offset: Size(height: 0, width: 2), size: large.size)
      let fused = try fuseBySum(large, cut)

      prose(
        "Scores exist only at the bottom. But pool4 is twice as fine, and its features can be scored "
          + "too, by a 1×1 convolution of its own. That way around the deeper layers is a skip. Enlarge the coarse scores by 2, lay the fine scores on "
          + "them, add. One class, one axis, numbers small enough to add in the head:")
      grids(
        Grid(.input, coarse, title: "coarse scores"),
        Grid(.output, large, title: "enlarged by 2"), between: "→")
      grids(
        Grid(
          .input, fine, title: "fine scores; cropped to those in brackets",
          window: Region(rows: 0..<1, columns: 2..<(2 + large.width))))
      heading("By hand")
      table(
        ["cell"] + (0..<large.width).map(String.init),
        rows: [
          ["coarse, enlarged"] + large.elements.map(\.description),
          ["fine, cropped"] + cut.elements.map(\.description),
          ["sum"] + fused.elements.map(\.description),
        ])
      prose(
        "The coarse scores alone had two equal peaks, at cells 3 and 4. The fine ones decide for one of "
          + "them. They did not have to know the class; they only had to say a little more or less here."
      )
      claim(
        "the sum has a single peak", fused.elements.filter { $0 == fused.elements.max()! }.count,
        equals: 1)

      heading("The rule")
      formula(
        "fused = upsample(score_fr, by: 2) + crop(score_pool4, at: 5)",
        "score = crop(upsample(fused, by: 16), at: 27)")
      prose("Both offsets come from the coordinate maps of lesson 25.")

      heading("At 500×500")
      prose(
        "`drop7`, behind fc7, is a dropout: in training it makes random numbers 0, so that no layer relies on "
          + "a single one, and afterwards it does nothing.")
      let net = Network.fcn16s()
      let names = [
        "pool4", "score_fr", "upscore2", "score_pool4", "score_pool4c", "fuse_pool4", "upscore16",
        "score",
      ]
      table(
        ["layer", "reads", "maps", "crop at"],
        rows: try names.map { name in
          let layer = net[name]!
          return [
            name, layer.inputs.joined(separator: ", "),
            "\(try net.shape(of: name, input: 500))",
            layer.operation == .crop ? "\(try net.cropOffset(of: layer))" : "",
          ]
        })
      let (wide, two) = (
        try net.shape(of: "pool4", input: 500).size.height,
        try net.shape(of: "upscore2", input: 500).size.height
      )
      predict(
        "pool4 is \(wide)×\(wide), the enlarged scores \(two)×\(two), and the crop begins at 5. How many "
          + "cells of pool4 are left over at the other side?",
        answer: "\(wide - two - 5)", why: "\(wide) − 5 − \(two) = \(wide - two - 5)")
      claim(
        "16 → 34, 44 cropped at 5, 560 cropped at 27",
        try ["score_fr", "upscore2", "score_pool4", "upscore16"].map {
          try net.shape(of: $0, input: 500).size.height
        } + (try ["score_pool4c", "score"].map { try net.cropOffset(of: net[$0]!) }),
        equals: [16, 34, 44, 560, 5, 27])

      heading("The mistake: a skip of zeros")
      let (thin32, thin16) = (Network.fcn32s().thin(), net.thin())
      let silent = thin16.impulseWeights(scores: ["score_fr"])
      let place = try net.place(ofCell: 6, 9, of: "fc7")
      let light = spot(at: place, size: 500)
      let once = try thin32.run(light, thin32.impulseWeights())
      let twice = try thin16.run(light, silent)
      prose(
        "The new score layer starts with zeros, so that, one reads, training goes on exactly where FCN-32s "
          + "stopped. Nearly. Enlarging by 2 and by 16 is not enlarging by 32 (lesson 20). A spot "
          + "through both networks, the skip silent:")
      table(
        ["network", "comes out around", "brightest pixel"],
        rows: [("FCN-32s", once), ("FCN-16s, zero skip", twice)].map { name, y in
          [name, "\(middle(of: y)!)", decimal(Double(y.elements.max()!), 4)]
        })
      claim("the place is the same", middle(of: once)!, equals: middle(of: twice)!)
      claim(
        "the peaks are (63/64)² and (¾)²",
        [once, twice].map { Double($0.elements.max()!) },
        equals: [
          (Fraction(63, 64) * Fraction(63, 64)).doubleValue,
          (Fraction(3, 4) * Fraction(3, 4)).doubleValue,
        ])
      let x = discAndBar()
      let y32 = try thin32.run(x, thin32.impulseWeights())
      let y16 = try thin16.run(x, silent)
      let (a, b) = (labels(y32, from: 0.5), labels(y16, from: 0.5))
      let changed = zip(a.elements, b.elements).filter { $0 != $1 }.count
      prose("Spots show it best. On the disc and the bar of lesson 27:")
      formula(
        "pixels whose label changes: \(grouped(changed)) of \(grouped(a.shape.count)), "
          + "\(decimal(100 * Double(changed) / Double(a.shape.count), 2)) %")
      claim(
        "almost nothing changes, but something does", evidence: "\(changed) pixels",
        holds: changed > 0 && 50 * changed < a.shape.count)

      heading("With a voice")
      let loud = try thin16.run(x, thin16.impulseWeights())
      prose("Now with both streams, each weighing the same. Corners get sharper:")
      pictures(
        MapPicture("FCN-32s", shades: sampled(y32, every: 28)),
        MapPicture("FCN-16s", shades: sampled(loud, every: 28)))
      let truth = labels(x, from: 1)
      let values = try [a, b, labels(loud, from: 1)].map { labels in
        var matrix = ConfusionMatrix(classes: 2)
        try matrix.add(truth: truth, labels: labels)
        return matrix.intersectionOverUnion(of: 1)!.doubleValue
      }
      prose(
        "Of the pixels that are of a shape or were called so, how many are both? This share is the "
          + "intersection over union, IU for short (more on it in lesson 35):")
      table(
        ["labels from", "intersection over union with the drawn shapes"],
        rows: zip(["FCN-32s", "FCN-16s, zero skip", "FCN-16s, with its skip"], values).map {
          [$0, decimal($1, 4)]
        })
      claim(
        "the skip helps", evidence: "\(decimal(values[2], 4)) against \(decimal(values[1], 4))",
        holds: values[2] > values[1])

      heading("Where it breaks")
      let uncut = refusal {
        try fuseBySum(
          Tensor<Float>.zeros([1, 21, two, two]), Tensor<Float>.zeros([1, 21, wide, wide]))
      }
      prose(
        "Maps of different size can't be added, and any crop of the right size would be accepted:")
      claim("without the crop", evidence: uncut ?? "it was done", holds: uncut != nil)
      prose(
        "At 4 or 6 instead of 5 the shapes fit just as well, and each cell of the skip speaks about a place "
          + "16 pixels away. Nothing fails; the answer is only wrong.")

      heading("In FCN")
      prose(
        "Published for photographs of VOC 2011, a public collection, that were not used in training (Long, Shelhamer and Darrell, CVPR 2015, table 2): "
          + "mean IU (intersection over union, the mean over the classes, in percent) 59.4 for FCN-32s and "
          + "62.4 for FCN-16s. New are \(grouped(net.parameterCount(of: "score_pool4"))) numbers in "
          + "`score_pool4`, \(grouped(net.parameterCount(of: "upscore2"))) in `upscore2`, a smaller last "
          + "kernel (\(grouped(net.parameterCount(of: "upscore16"))) numbers for "
          + "\(grouped(Network.fcn32s().parameterCount(of: "upscore")))), and a stage of training more. "
          + "What a stage of training does without a skip, lesson 34 measures.")
    }
  }
}
