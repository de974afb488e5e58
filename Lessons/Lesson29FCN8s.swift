import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 29: the complete network.
  static var fcn8sLesson: Lesson {
    Lesson(
      number: 29, slug: "fcn-8s", title: "FCN-8s, complete", part: .networks,
      question: "What is the whole of FCN-8s, and where is every number from?",
      corrects: "Upsampling in stages is what makes FCN-8s sharper than FCN-32s."
    ) { _ in
      let net = Network.fcn8s()

      prose(
        "One more skip, from pool3, in the same manner. Then everything is here. Three streams of scores "
          + "meet, coarse to fine:")
      formula(
        "fused4 = upsample(score_fr, by: 2)  + crop(score_pool4, at: 5)",
        "fused3 = upsample(fused4,   by: 2)  + crop(score_pool3, at: 9)",
        "score  = crop(upsample(fused3, by: 8), at: 31)")
      heading("The sizes by hand")
      prose("Along one axis of a picture of 500×500, down and up again:")
      formula(try net.chain(to: "upscore8", input: 500))
      let last = try net.shape(of: "upscore8", input: 500).size.width
      let rest = last - 500 - 31
      predict(
        "`upscore8` has \(last) cells and the crop begins at 31. How many are left over behind?",
        answer: "\(rest)", why: "\(last) − 31 − 500 = \(rest)")
      let crops = try NetworkTable(net, input: 500).rows.compactMap(\.crop)
      table(
        ["cropped", "lies at", "onto", "lies at", "offset", "rest"],
        rows: crops.map {
          [
            $0.cropped, $0.places.cropped, $0.reference, $0.places.reference, "\($0.offset)",
            "\($0.rest.height)",
          ]
        })
      claim("the offsets are 5, 9 and 31", crops.map(\.offset), equals: [5, 9, 31])
      claim(
        "16 → 34 → 70 → 568",
        try ["score_fr", "upscore2", "upscore_pool4", "upscore8"].map {
          try net.shape(of: $0, input: 500).size.height
        }, equals: [16, 34, 70, 568])

      heading("What it weighs")
      let whole = try NetworkTable(net, input: 500)
      let groups: [(String, (String) -> Bool)] = [
        ("conv1_1 to conv5_3", { $0.hasPrefix("conv") }), ("fc6", { $0 == "fc6" }),
        ("fc7", { $0 == "fc7" }), ("the three score layers", { $0.hasPrefix("score_") }),
        ("the three transposed convolutions", { $0.hasPrefix("upscore") }),
      ]
      table(
        ["layers", "parameters", "multiply-adds, in thousand millions"],
        rows: groups.map { name, belongs in
          let rows = whole.rows.filter { belongs($0.layer.name) }
          return [
            name, grouped(rows.reduce(0) { $0 + $1.parameters }),
            decimal(Double(rows.reduce(0) { $0 + $1.multiplyAdds }) / 1e9, 2),
          ]
        } + [
          [
            "all", grouped(whole.parameters), decimal(Double(whole.multiplyAdds) / 1e9, 2),
          ]
        ])
      claim("134,489,759 parameters", whole.parameters, equals: 134_489_759)
      prose(
        "“Fully convolutional” does not mean small: most of the parameters are the old fully connected "
          + "layers. The score layers of the skips are "
          + "\(grouped(net.parameterCount(of: "score_pool4") + net.parameterCount(of: "score_pool3"))) "
          + "numbers.")

      heading("Run it, stream by stream")
      let thin = net.thin()
      let x = discAndBar()
      let streams = ["score_fr", "score_pool4", "score_pool3"]
      let parts = try streams.map { try thin.run(x, thin.impulseWeights(scores: [$0])) }
      prose(
        "The disc and the bar of lesson 27 through the real layers, with one channel and weights that "
          + "pass the light on. The coarsest and the finest stream alone:")
      pictures(
        MapPicture("score_fr", shades: sampled(parts[0], every: 28)),
        MapPicture("score_pool3", shades: sampled(parts[2], every: 28)))
      let truth = labels(x, from: 1)
      let agreement = { (labels: Tensor<Int>) throws -> Double in
        var matrix = ConfusionMatrix(classes: 2)
        try matrix.add(truth: truth, labels: labels)
        return matrix.intersectionOverUnion(of: 1)!.doubleValue
      }
      let together = try thin.run(x, thin.impulseWeights())
      let added = Tensor(
        shape: together.shape,
        elements: together.elements.indices.map {
          parts[0].elements[$0] + parts[1].elements[$0] + parts[2].elements[$0]
        })
      claim(
        "all three at once give the sum of the three: all behind the scores is linear, it turns a sum "
          + "into the sum of the results",
        evidence: "250,000 pixels compared, exactly", holds: added == together)

      heading("What the coarse stream is for")
      let alone = try agreement(labels(parts[2], from: 0.5))
      prose(
        "Then why not pool3 alone? On this picture it would even do better than all three: its "
          + "intersection over union with the drawn shapes (lesson 35) is \(decimal(alone, 3)), theirs "
          + "\(decimal(try agreement(labels(together, from: 1.5)), 3)). For here the task is to tell light "
          + "from dark, and one pixel knows that. Take a task where it doesn't: two lamps, and two posts "
          + "that are a lamp's pole without its light. Which of the two is a piece of pole?")
      try coarseAndFine()

      heading("The mistake: stages without skips")
      let thin32 = Network.fcn32s().thin()
      let direct = try thin32.run(x, thin32.impulseWeights())
      let values = try [
        agreement(labels(direct, from: 0.5)), agreement(labels(parts[0], from: 0.5)),
        agreement(labels(together, from: 1.5)),
      ]
      prose(
        "Is it the enlarging by 2, 2 and 8 that sharpens, or the skips? Label each pixel at half of the "
          + "full brightness and compare with the shapes as they were drawn:")
      table(
        ["network", "intersection over union"],
        rows: zip(["32 at once", "2, 2 and 8, silent skips", "2, 2 and 8, with skips"], values).map
        {
          [$0, decimal($1, 4)]
        })
      claim(
        "stages alone gain nothing worth mentioning, the skips do",
        evidence:
          "\(decimal(values[1] - values[0], 4)) from the stages, \(decimal(values[2] - values[1], 4)) from the skips",
        holds: values[2] - values[1] > 10 * abs(values[1] - values[0]))

      heading("The rule")
      prose(
        "Score every map that has something to say, enlarge the coarser scores until they are as fine as "
          + "the next, crop so that both lie on the same pixels, add; at last enlarge to the picture."
      )

      heading("Where it breaks")
      prose(
        "Were the poolings to round down, the smallest pictures would be lost. Sizes from 1 to 600:"
      )
      let ceiled = try net.path(to: "upscore8")
      let down = ceiled.roundingDown
      let fits = { (path: [AxisLayer], n: Int) -> Bool in
        ((try? path.outputSize(input: n)) ?? 0) >= n + 31
      }
      let refused = (1...600).filter { !fits(down, $0) }
      claim(
        "rounded up, every size works: so many are refused",
        (1...600).filter { !fits(ceiled, $0) }.count, equals: 0)
      claim(
        "rounded down, pictures under 26 pixels are lost", refused, equals: Array(1..<26))

      heading("In FCN")
      prose(
        "Why stop at pool3? The paper reports that the gain falls off: mean IU 59.4, 62.4, 62.7 for 32s, "
          + "16s and 8s (CVPR 2015, table 2). In later releases by the authors FCN-8s is at 65.5. You can "
          + "now derive every number of the network on paper. Lesson 30 uses that to find what is wrong "
          + "in a listing.")
    }
  }
}

/// The lamps and posts by the coarse stream, by the finest, and by all.
@StepBuilder private func coarseAndFine() throws -> [Step] {
  let net = LampsAndPosts.network
  let (x, truth) = LampsAndPosts.drawn()
  let ways: [(name: String, heard: Set<String>)] = [
    ("score_fr alone", ["score_fr"]), ("score_pool3 alone", ["score_pool3"]),
    ("all three", ["score_fr", "score_pool4", "score_pool3"]),
  ]
  let answers = try ways.map { try argmax(net.run(x, LampsAndPosts.weights(heard: $0.heard))) }
  pictures(
    MapPicture("a is lamp, b is post", labels: thinned(truth, rows: 16, columns: 36)),
    MapPicture(ways[0].name, labels: thinned(answers[0], rows: 16, columns: 36)))
  prose(
    "FCN-8s's layers again, with three channels and weights that are written down, not learned: brightness, light, and in "
      + "fc6 whether there is light anywhere in its window of 7×7 cells, which is 224 pixels. The "
      + "finer score layers say where something stands, and what shines.")
  let ius = try answers.map { answer in
    var matrix = ConfusionMatrix(classes: LampsAndPosts.classes.count)
    try matrix.add(truth: truth, labels: answer)
    return (1...2).map { matrix.intersectionOverUnion(of: $0)!.doubleValue }
  }
  predict(
    "Which class does pool3's stream alone miss altogether: background, lamp or post?",
    answer: LampsAndPosts.classes[ius[1][1] == 0 ? 2 : 1],
    why: "It says the same of every pole, and for the lamps' poles that is lamp.")
  pictures(
    MapPicture(ways[1].name, labels: thinned(answers[1], rows: 16, columns: 36)),
    MapPicture(ways[2].name, labels: thinned(answers[2], rows: 16, columns: 36)))
  table(
    ["stream", "IU of lamp", "IU of post", "mean of the two"],
    rows: zip(ways, ius).map { way, iu in
      [way.name] + iu.map { decimal($0, 3) } + [decimal((iu[0] + iu[1]) / 2, 3)]
    })
  let mean = ius.map { ($0[0] + $0[1]) / 2 }
  claim(
    "neither the coarse map nor the finest is enough; together they are better than each",
    evidence: "\(decimal(mean[2], 3)) against \(decimal(mean[0], 3)) and \(decimal(mean[1], 3))",
    holds: mean[2] > 1.5 * max(mean[0], mean[1]))
  let numbers = try LampsAndPosts.pool3OverPoles()
  prose(
    "And no other score layer on pool3 could do better. The lower halves of a lamp's pole and of a "
      + "post look alike to it, number by number; whatever a 1×1 kernel makes of the one, it makes "
      + "of the other:")
  claim(
    "pool3 holds the same numbers over both poles", numbers.lamp, equals: numbers.post)
  let fields = try ["pool3", "pool4", "fc7"].map { try net.path(to: $0).receptiveField().size }
  let away = LampsAndPosts.distance
  prose(
    "Nor would other weights help them: a cell of pool3 sees \(fields[0]) pixels and one of pool4 "
      + "\(fields[1]), half of them to either side, and the light ends \(away) pixels above the pole's "
      + "end. A cell of fc7 sees \(fields[2]). Depth says what, the skips say where.")
  claim(
    "the light is out of sight for pool3 and pool4, and in sight for fc7",
    evidence: "\(fields.map { "\($0)/2" }.joined(separator: ", ")) against \(away)",
    holds: fields[1] < 2 * away && fields[2] > 2 * away)
}
