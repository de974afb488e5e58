import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 27: scores enlarged 32 times in one step.
  static var fcn32sLesson: Lesson {
    Lesson(
      number: 27, slug: "fcn-32s", title: "FCN-32s", part: .networks,
      question: "How does a classifier become a network that labels every pixel?",
      corrects: "The output of pool5 is upsampled 32 times."
    ) { _ in
      let net = Network.fcn32s()
      let up = try net.shape(of: "upscore", input: 500)
      let score = try net.shape(of: "score_fr", input: 500)
      let offset = try net.cropOffset(of: net["score"]!)

      prose(
        "All the parts are there. VGG16 down to pool5, its fully connected layers folded into "
          + "convolutions, a 1×1 convolution that gives one score for each of 21 classes, one transposed "
          + "convolution, one crop. A picture of 500×500, along one axis, where the size changes:")
      let chain = try net.chain(to: "upscore", input: 500)
      formula(Array(chain.dropLast()))
      predict(
        "The transposed convolution has kernel 64 and stride 32. How many cells come out of "
          + "\(score.size.width)?",
        answer: "\(up.size.width)", why: "32·(\(score.size.width) − 1) + 64 = \(up.size.width)")
      formula(
        chain.last!,
        "crop            from cell \(offset): \(offset) + 500 + \(up.size.width - offset - 500) "
          + "= \(up.size.width)")
      claim(
        "500 → 698 → 349 → 175 → 88 → 44 → 22 → 16 → 544 → 500",
        try ["conv1_1", "pool1", "pool2", "pool3", "pool4", "pool5", "fc6", "upscore", "score"].map
        {
          try net.shape(of: $0, input: 500).size.height
        }, equals: [698, 349, 175, 88, 44, 22, 16, 544, 500])

      heading("The whole network")
      prose("A layer's parameters are all its numbers, weights and biases:")
      let whole = try NetworkTable(net, input: 500)
      let keys = [
        "conv1_1", "conv1_2", "pool1", "pool2", "pool3", "pool4", "pool5", "fc6", "fc7", "score_fr",
        "upscore", "score",
      ]
      table(
        ["layer", "maps", "parameters", "million multiply-adds"],
        rows: whole.rows.filter { keys.contains($0.layer.name) }.map { row in
          [
            row.layer.name, "\(row.output!)", grouped(row.parameters),
            grouped(Double(row.multiplyAdds) / 1e6),
          ]
        })
      prose(
        "Together, with the convolutions that are not shown, \(grouped(whole.parameters)) numbers. "
          + "\(grouped(net.parameterCount(of: "fc6"))) of them are fc6; the "
          + "\(grouped(net.parameterCount(of: "upscore"))) of `upscore` are bilinear and stay so.")
      claim("136,152,917 in all", whole.parameters, equals: 136_152_917)

      heading("Run it")
      let thin = net.thin()
      let coarse = net.thin(through: "score_fr")
      let x = discAndBar()
      let scores = try coarse.run(x, coarse.impulseWeights())
      let y = try thin.run(x, thin.impulseWeights())
      prose(
        "The real layers at full size, with one channel and weights that only pass the light on. The "
          + "picture (every 28th pixel), the scores at the bottom of the network, and what comes out:"
      )
      pictures(
        MapPicture("picture", shades: sampled(x, every: 28)),
        MapPicture("result", shades: sampled(y, every: 28)))
      pictures(MapPicture("score_fr", scores))
      prose(
        "The disc and the bar are where they were, but their edges are soft and angular: all there is to "
          + "draw them from is \(scores.height)×\(scores.width) numbers.")
      claim("the result is as large as the picture", y.shape, equals: x.shape)

      heading("The rule")
      formula("score = crop(upsample(score_fr(fc7(x)), by: 32), at: \(offset))")
      prose("It holds for every picture, not only for 500×500:")
      let sides = [Size(1), Size(height: 33, width: 57), Size(height: 375, width: 500)]
      claim(
        "the result is as large as the picture",
        try sides.map { try net.shapes(input: $0).last!.size.description },
        equals: sides.map(\.description))

      heading("Where it breaks: 32 pixels are one cell")
      let place = try net.place(ofCell: 6, 9, of: "fc7")
      let (top, left) = (place.row.floor, place.column.floor)
      let single = { (row: Int, column: Int) throws -> Tensor<Float> in
        var dot = Tensor<Float>.zeros([1, 1, 500, 500])
        dot[0, 0, row, column] = 1
        return try thin.run(dot, thin.impulseWeights())
      }
      let first = try single(top - 15, left - 15)
      let last = try single(top + 16, left + 16)
      prose(
        "Here a single bright pixel, at the upper left of a cell's 32×32 pixels, and at the lower right. "
          + "The pooling keeps that there was light, and forgets where:")
      formula(
        "pixel (\(top - 15), \(left - 15)) comes out around \(middle(of: first)!)",
        "pixel (\(top + 16), \(left + 16)) comes out around \(middle(of: last)!)")
      claim(
        "the two results are equal, cell for cell", evidence: "250,000 cells compared",
        holds: first == last)
      let next = try single(top + 17, left + 16)
      claim(
        "one pixel further it is the next cell", middle(of: next)!, differsFrom: middle(of: last)!)

      heading("The mistake")
      let pool5 = try net.shape(of: "pool5", input: 500)
      prose(
        "Some descriptions upsample pool5. But pool5 holds \(pool5.channels) features, channels that stand "
          + "for no class and that only the layers behind can use, and the classifier has not been asked yet. What is upsampled are the scores behind fc7: "
          + "\(score) and not \(pool5).")
      claim(
        "the transposed convolution reads score_fr", net["upscore"]!.inputs, equals: ["score_fr"])
      claim(
        "a cell of pool5 sees 212 pixels, a score sees 404",
        try ["pool5", "score_fr"].map { try net.path(to: $0).receptiveField().size },
        equals: [212, 404])

      heading("In FCN")
      prose(
        "This is the paper's first network. It may be right about what is there, and is vague about where. "
          + "The vagueness is no fault of upsampling, as the two pixels above show: where in its 32 pixels "
          + "a thing lies is gone from this map. pool4 and pool3 still know it, to 16 pixels and to 8."
      )
    }
  }
}
