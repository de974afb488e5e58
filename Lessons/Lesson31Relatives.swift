import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 31: FCN-AlexNet, FCN-8s at once, U-Net.
  static var relatives: Lesson {
    Lesson(
      number: 31, slug: "relatives", title: "Relatives: FCN-AlexNet, at-once, U-Net",
      part: .networks,
      question: "What do the relatives of FCN-8s do otherwise?",
      corrects: "FCN's skips concatenate features."
    ) { _ in
      let coarse = Tensor(shape: [1, 2, 1, 3], elements: [1, 2, 3, 4, 5, 6])
      let fine = Tensor(shape: [1, 2, 1, 3], elements: [0, 1, 0, 2, 0, 1])
      let sum = try fuseBySum(coarse, fine)
      let joined = try fuseByConcatenation([coarse, fine])

      prose(
        "Two streams meet. FCN adds them, channel by channel. U-Net puts the channels of one behind those "
          + "of the other and lets the next convolution find out what to do.")
      grids(
        (0..<2).map { Grid(.input, coarse, title: "coarse \($0)", channel: $0) }
          + (0..<2).map { Grid(.input, fine, title: "fine \($0)", channel: $0) })
      grids((0..<2).map { Grid(.output, sum, title: "sum, channel \($0)", channel: $0) })
      grids((0..<4).map { Grid(.output, joined, title: "joined, channel \($0)", channel: $0) })
      prose(
        "After a sum there are as many channels as before, so both streams must have equally many: in "
          + "FCN one score for each class. After a concatenation there are as many as both together."
      )
      predict(
        "21 scores meet the 512 channels of pool4 in a concatenation. How many channels come out?",
        answer: "\(21 + 512)", why: "21 + 512 = \(21 + 512); added, they would not even fit.")

      heading("How they are related")
      let w = Tensor(shape: [1, 4, 1, 1], elements: [2, -1, 3, 5])
      let together = try convolve(joined, w)
      let first = try convolve(coarse, Tensor(shape: [1, 2, 1, 1], elements: [2, -1]))
      let second = try convolve(fine, Tensor(shape: [1, 2, 1, 1], elements: [3, 5]))
      prose("Score the joined channels with a 1×1 kernel, 2 −1 3 5. By hand, cell 0:")
      formula(
        try TraceCase.convolution(joined, w).equation(row: 0, column: 0).text,
        "coarse alone, 2 -1:  \(cellsText(first))", "fine alone, 3 5:     \(cellsText(second))",
        "their sum:           \(cellsText(try fuseBySum(first, second)))",
        "joined, 2 -1 3 5:    \(cellsText(together))")
      claim(
        "scoring a concatenation is adding the scores of its parts", together,
        equals: try fuseBySum(first, second))
      prose(
        "So FCN's sum of scores is a concatenation followed by a 1×1 convolution, computed in two parts "
          + "of its own size. What U-Net adds are more layers behind the meeting, which can combine the "
          + "streams in other ways than adding.")

      heading("U-Net")
      let uNet = Network.uNet()
      let chain = try uNet.shapes(input: 572)
      let skips = uNet.layers.filter { $0.operation == .crop }
      let offsets = try skips.map { try uNet.cropOffset(of: $0) }
      prose(
        "It has no padding anywhere, so every 3×3 convolution takes two cells away, and no bilinear "
          + "weights: its transposed convolutions, kernel 2 and stride 2, are learned from the start."
      )
      let stations = [
        "down1_2", "down2_2", "down3_2", "down4_2", "down5_2", "up4", "up3", "up2", "up1", "score",
      ]
      table(
        ["layer"] + stations.prefix(5),
        rows: [
          ["maps"]
            + (try stations.prefix(5).map { "\(try uNet.shape(of: $0, input: 572).size.height)" })
        ])
      table(
        ["layer"] + stations.suffix(5),
        rows: [
          ["maps"]
            + (try stations.suffix(5).map { "\(try uNet.shape(of: $0, input: 572).size.height)" })
        ])
      table(
        ["skip", "fine", "coarse", "cropped at"],
        rows: try zip(skips, offsets).map { layer, offset in
          [
            layer.name, "\(try uNet.shape(of: layer.inputs[0], input: 572))",
            "\(try uNet.shape(of: layer.inputs[1], input: 572))", "\(offset)",
          ]
        })
      claim("572 → 388", chain.last!.size, equals: 388)
      claim("the crops are 4, 16, 40 and 88", offsets, equals: [4, 16, 40, 88])
      let alone = uNet.thin(channels: 16)
      let map = try uNet.coordinateMap(of: "score")
      prose(
        "Its answer covers the middle of the picture only: pixel x lies at \(map) of the answer. The "
          + "coordinate maps are those of lesson 25, and so is the test by light:")
      let spotAt = Place(row: Fraction(583, 2), column: Fraction(487, 2))
      let seen = try uNetImpulse(alone, spotAt)
      formula("light in at \(spotAt), comes out at \(seen)")
      claim(
        "as far up and left as the map says", seen,
        equals: Place(row: map(spotAt.row), column: map(spotAt.column)))

      heading("FCN-AlexNet")
      let alex = Network.fcnAlexNet()
      let names = ["conv1", "pool1", "pool2", "pool5", "fc6", "upscore", "score"]
      table(
        ["layer"] + names,
        rows: [["cells"] + (try names.map { "\(try alex.shape(of: $0, input: 500).size.height)" })])
      prose(
        "An older backbone, as the layers below the scores are called: one convolution with kernel 11 and stride 4, overlapping poolings of 3. Its "
          + "middles lie on whole pixels, so its upsampling kernel is odd, 63, and its crop is "
          + "\(try alex.cropOffset(of: alex["score"]!)). No skips.")
      claim(
        "500 → 173 → 86 → 43 → 21 → 16 → 543 → 500",
        try names.map { try alex.shape(of: $0, input: 500).size.height },
        equals: [173, 86, 43, 21, 16, 543, 500])

      heading("FCN-8s at once")
      let atOnce = Network.fcn8sAtOnce()
      let scales = atOnce.layers.compactMap { layer -> [String]? in
        guard case .power(_, scale: let factor, _) = layer.operation else { return nil }
        return [layer.name, layer.inputs[0], numberText(factor)]
      }
      prose(
        "The same network as FCN-8s, trained in one go instead of in three stages. The features of pool4 "
          + "and pool3 are larger numbers than those of fc7, and would drown them; so they are scaled down "
          + "before they are scored:")
      table(["layer", "scales", "by"], rows: scales)
      claim(
        "it has FCN-8s's parameters and crops",
        [atOnce.parameterCount]
          + (try atOnce.layers.filter { $0.operation == .crop }.map {
            try atOnce.cropOffset(of: $0)
          }), equals: [Network.fcn8s().parameterCount, 5, 9, 31])

      heading("Side by side")
      let all: [Network] = [.fcn32s(), .fcn16s(), .fcn8s(), .fcnAlexNet(), .uNet()]
      table(
        ["network", "parameters", "jump of its finest scores", "fuses by"],
        rows: all.map { net in
          let sums = net.layers.contains { $0.operation == .sum }
          let joins = net.layers.contains { $0.operation == .concatenate }
          let finest = net["score_pool3"] ?? net["score_pool4"] ?? net["score_fr"] ?? net["score"]!
          let jump = (try? net.path(to: finest.name).receptiveField().jump).map { "\($0)" }
          return [
            net.name, grouped(net.parameterCount), jump ?? "",
            joins ? "concatenation" : sums ? "sum" : "nothing",
          ]
        })
      let up = alex.parameterCount(of: "upscore")
      claim(
        "U-Net 31,030,658; FCN-AlexNet 56,954,261 and 1,750,329 for upsampling",
        [uNet.parameterCount, alex.parameterCount - up, up],
        equals: [31_030_658, 56_954_261, 1_750_329])

      heading("The rule")
      prose(
        "Whatever is fused, the two maps must lie on the same pixels first. Summing asks for equal "
          + "channels too; concatenating does not.")
      heading("Where it breaks")
      let odd = refusal { try uNet.shapes(input: 100) }
      prose("Without padding a picture must be large; for FCN it need not be:")
      claim("U-Net on 100×100", evidence: odd ?? "works", holds: odd != nil)

      heading("In FCN")
      prose(
        "FCN's sum is a small skip: \(grouped(Network.fcn8s().parameterCount(of: "score_pool3"))) numbers "
          + "score pool3. So an existing FCN-16s can be made into an FCN-8s by adding that small layer and "
          + "splitting the last enlargement in two, and trained from there.")
    }
  }
}

/// Where a spot of light comes out of U-Net when its finest skip alone is heard.
private func uNetImpulse(_ net: Network, _ place: Place) throws -> Place {
  var weights = net.impulseWeights()
  for layer in net.layers where layer.name.hasPrefix("merge") && layer.name.hasSuffix("_1") {
    // The first 16 channels are the skip's, the others the coarse stream's.
    var kernel = Tensor<Float>.zeros([16, 32, 3, 3])
    kernel[0, layer.name == "merge1_1" ? 0 : 16, 1, 1] = 1
    weights["\(layer.name).weight"] = kernel
  }
  return middle(of: try net.run(spot(at: place, size: 572), weights))!
}
