import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 23: one pass over the picture is the classifier on every window.
  static var theClassifierSlides: Lesson {
    Lesson(
      number: 23, slug: "the-classifier-slides",
      title: "The classifier slid over the picture is the FCN", part: .densePrediction,
      question: "Is a map of scores the same as asking the classifier window by window?",
      corrects: "A convolutionised classifier approximates the sliding window."
    ) { _ in
      let net = classifier(padding: 0)
      let weights = smallWeights(of: net, seed: 23)
      let window = try smallestSide(of: net)
      let field = try net.path(to: "score").receptiveField()
      let jump = field.jump.numerator
      let picture = smallPicture(window + 2 * jump)
      let map = try net.forward(picture, weights: weights)

      prose(
        "Take a whole little classifier: two convolutions, two poolings, a fully connected layer folded "
          + "into a convolution, three scores; behind all but the last a ReLU, which makes negative "
          + "numbers 0. Its weights are small whole numbers, so that every "
          + "result is exact.")
      table(
        [
          "layer", "a window of \(window)×\(window)",
          "a picture of \(picture.height)×\(picture.width)",
        ],
        rows: try rows(of: net, [window, picture.height]))
      prose(
        "On \(window)×\(window) pixels it gives one cell: it is a classifier. On the larger picture it "
          + "gives a map of \(map.size). Now cut windows of \(window)×\(window) out of the picture and "
          + "ask the classifier about each, as if nothing else existed.")
      predict(
        "The network halves the map twice. How many pixels apart must the windows be?",
        answer: "\(jump)",
        why: "Two poolings of stride 2: one cell of the map is 2·2 = \(jump) pixels.")

      heading("Window by window")
      let asked = try (0..<map.size.area).map { cell in
        let offset = Size(height: cell / map.width * jump, width: cell % map.width * jump)
        return try net.forward(
          crop(picture, offset: offset, size: Size(window)), weights: weights)
      }
      table(
        ["window from", "the classifier says", "the map says"],
        rows: asked.enumerated().map { cell, answer in
          let (row, column) = (cell / map.width, cell % map.width)
          return [
            "(\(row * jump), \(column * jump))",
            answer.elements.map(numberText).joined(separator: "  "),
            (0..<3).map { numberText(map[0, $0, row, column]) }.joined(separator: "  "),
          ]
        })
      claim(
        "all \(asked.count) windows equal their cell, exactly",
        asked.map { cellsText($0) },
        equals: (0..<map.size.area).map { cell in
          (0..<3).map { numberText(map[0, $0, cell / map.width, cell % map.width]) }
            .joined(separator: " | ")
        })
      prose(
        "It is no approximation. Both add up the same products; the map merely does not compute one of "
          + "them again for each window that needs it.")

      heading("What it saves")
      prose("Work is counted in multiply-adds: one product, added to a sum.")
      let once = try net.multiplyAdds(input: picture.size).reduce(0, +)
      let single = try net.multiplyAdds(input: Size(window)).reduce(0, +)
      formula(
        "one window:        \(grouped(single)) multiply-adds",
        "\(asked.count) windows:         \(asked.count)·\(grouped(single)) = \(grouped(asked.count * single))",
        "the picture once:  \(grouped(once))",
        "ratio:             \(decimal(Fraction(asked.count * single, once), 1))")
      let large = Size(128)
      let all = try net.multiplyAdds(input: large).reduce(0, +)
      let cells = try net.shapes(input: large).last!.size.area
      prose(
        "The more windows overlap, the more is saved. On a picture of \(large), with \(cells) cells, and "
          + "with a window around every pixel:")
      table(
        ["asked", "windows", "multiply-adds, window by window", "ratio to one pass"],
        rows: [cells, large.area].map { count in
          [
            count == cells ? "for the map's cells" : "for every pixel", grouped(count),
            grouped(count * single), decimal(Fraction(count * single, all), 1),
          ]
        })
      claim(
        "the map costs less than the windows it replaces",
        evidence: "\(grouped(all)) against \(grouped(cells * single))", holds: all < cells * single)

      heading("Where it breaks: padding inside")
      let padded = classifier(padding: 1)
      let side = try smallestSide(of: padded)
      let other = smallWeights(of: padded, seed: 23)
      let seen = smallPicture(side + 2 * jump)
      let whole = try padded.forward(seen, weights: other)
      let alone = try padded.forward(
        crop(seen, offset: Size(jump), size: Size(side)), weights: other)
      prose(
        "Give the second convolution a padding of 1, as VGG16 has it everywhere. A window cut out of the "
          + "picture then has a rim of zeros where the picture has neighbours. The window in the middle:"
      )
      formula(
        "the classifier alone:  " + alone.elements.map(numberText).joined(separator: "  "),
        "the map's cell (1, 1): "
          + (0..<3).map { numberText(whole[0, $0, 1, 1]) }.joined(separator: "  "))
      claim(
        "they are not equal", alone.elements.map(numberText),
        differsFrom: (0..<3).map { numberText(whole[0, $0, 1, 1]) })
      prose(
        "The map saw the neighbours, the window alone saw zeros. Which of the two answers better is no "
          + "question of arithmetic. But “the same as the sliding window” holds exactly only for layers "
          + "without padding inside.")

      heading("The rule")
      prose(
        "A stack of layers without padding, whose strides multiply to j, run once on a large picture, "
          + "gives in cell (r, c) what it gives on the window that begins at (j·r, j·c).")

      heading("In FCN")
      let vgg = Network.vgg16()
      let fcn = Network.fcn8s()
      let perPixel = try 500 * 500 * vgg.multiplyAdds(input: 224).reduce(0, +)
      let dense = try fcn.multiplyAdds(input: 500).reduce(0, +)
      prose(
        "VGG16 asked around each pixel of a 500×500 picture, against FCN-8s, which answers for each "
          + "pixel in one pass:")
      formula(
        "window by window  \(grouped(perPixel)) multiply-adds",
        "in one pass       \(grouped(dense))",
        "the first is      " + grouped(Double(perPixel) / Double(dense))
          + " times the second")
      claim(
        "more than 20,000 times the work", evidence: "\(perPixel / dense) times, in whole numbers",
        holds: perPixel > 20_000 * dense)
      prose(
        "The paper measured the milder case on its own machine: 22 ms for a map of 10×10 answers, where "
          + "AlexNet, an older classifier, took 1.2 ms for one window, so \(decimal(1.2 * 100, 0)) ms for a hundred."
      )
    }
  }
}

/// Two convolutions, two poolings, a folded fully connected layer, three scores.
private func classifier(padding: Int) -> Network {
  Network("a small classifier", input: 1) { net in
    var x = net.input
    x = net.add("conv1", .convolution(outputs: 3, kernelSize: 3, relu: true), x)
    x = net.add("pool1", .maxPool(kernelSize: 2, stride: 2, rounding: .floor), x)
    x = net.add("conv2", .convolution(outputs: 4, kernelSize: 3, padding: padding, relu: true), x)
    x = net.add("pool2", .maxPool(kernelSize: 2, stride: 2, rounding: .floor), x)
    x = net.add("fc", .convolution(outputs: 5, kernelSize: 3, relu: true), x)
    _ = net.add("score", .convolution(outputs: 3, kernelSize: 1, relu: false), x)
  }
}

/// The smallest picture on which the network gives one cell.
private func smallestSide(of net: Network) throws -> Int {
  let path = try net.path(to: "score")
  return (1...200).first { (try? path.outputSize(input: $0)) == 1 }!
}

private func smallWeights(of net: Network, seed: UInt64) -> Weights<Double> {
  var random = SplitMix64(seed: seed)
  return Dictionary(
    uniqueKeysWithValues: net.parameters.map { parameter in
      (
        parameter.name,
        Tensor(
          shape: parameter.shape,
          elements: (0..<parameter.shape.count).map { _ in Double(random.integer(in: -2...2)) })
      )
    })
}

private func smallPicture(_ side: Int) -> Tensor<Double> {
  var random = SplitMix64(seed: 5)
  return Tensor(
    shape: [1, 1, side, side],
    elements: (0..<side * side).map { _ in Double(random.integer(in: 0...3)) })
}

private func rows(of net: Network, _ sides: [Int]) throws -> [[String]] {
  let shapes = try sides.map { try net.shapes(input: Size($0)) }
  return net.layers.indices.map { index in
    [net.layers[index].name] + shapes.map { "\($0[index])" }
  }
}
