import ConvolutionArithmetic
import LessonKit
import Networks
import Tensors

extension Lesson {
  /// Lesson 26: the margin that lets small pictures through.
  static var whyPad100: Lesson {
    Lesson(
      number: 26, slug: "why-pad-100", title: "Why pad 100", part: .densePrediction,
      question: "What is the padding of 100 in FCN's first layer for?",
      corrects: "It makes room for objects that are cut off at the border."
    ) { _ in
      prose(
        "VGG16's first convolution has a padding of 1. FCN gives it 100, a margin of zeros on every "
          + "side. Take it away and see what fails. One axis is enough. A row of n pixels goes "
          + "through five poolings, each rounding up, and then fc6 needs 7 cells:")
      let least = try smallest(through: "score_fr", padding: 1)
      predict(
        "With padding 1, what is the smallest picture that leaves 7 cells for fc6?",
        answer: "\(least)",
        why: "Six cells of pool5 hold 6·32 = \(6 * 32) pixels; one more begins the seventh.",
        also: ["\(least)×\(least)"])
      let shown = [192, 193, 224]
      table(
        ["pixels", "pool1", "pool2", "pool3", "pool4", "pool5", "fc6"],
        rows: try shown.map { n in try chain(n, padding: 1) })
      claim(
        "tried from 1 on: \(least - 1) pixels are refused, \(least) give one cell", least,
        equals: 6 * 32 + 1)
      let reason = refusal { try fcn(padding: 1).path(to: "score_fr").outputSize(input: least - 1) }
      formula("at \(least - 1): " + (reason ?? "it passed"))

      heading("Then the map is too small as well")
      let net = fcn(padding: 1)
      let size = try net.path(to: "upscore8").outputSize(input: 500)
      let map = try net.coordinateMap(of: "upscore8")
      let back = try map.inverse()
      let (first, last) = (back(0), back(Fraction(size - 1)))
      prose(
        "A picture of 500 passes, but fc6 without a margin answers only where its window of 7 fits. What "
          + "comes back after upsampling is smaller than the picture:")
      formula(
        "upscore8 has \(size) cells; cell 0 lies on pixel \(first), the last on \(last)")
      claim(
        "376 cells for 500 pixels, from 68 to 443", [size, first.floor, last.floor],
        equals: [376, 68, 443])
      let no = refusal { try net.cropOffset(of: net["score"]!) }
      claim("so there is nothing to crop", evidence: no ?? "there is", holds: no != nil)

      heading("How much margin is enough")
      prose(
        "A larger padding P moves the picture to the inside. Try every size from 1 to 600 with each P, "
          + "with all three networks' crops in place, and note from which size on everything works:"
      )
      let paddings = [81, 96, 97, 100]
      let found = try paddings.map { padding in try firstOfAll(padding: padding) }
      table(
        ["P", "crops of 32s, 16s, 8s", "works for every picture from"],
        rows: try zip(paddings, found).map { padding, size in
          let crops = try networks(padding: padding).map { net in
            try net.cropOffset(of: net["score"]!)
          }
          return ["\(padding)", listed(crops), size.map(String.init) ?? "none"]
        })
      claim("P = 81 works from 33 pixels on", found[0] ?? 0, equals: 33)
      claim("P = 97 is enough for a single pixel", found[2] ?? 0, equals: 1)
      claim("P = 96 is not", found[1] ?? 0, differsFrom: 1)
      claim("P = 100 is on the safe side, and round", found[3] ?? 0, equals: 1)

      heading("By hand")
      prose("One pixel with P = 97, and with P = 96:")
      table(
        ["pixels", "pool1", "pool2", "pool3", "pool4", "pool5", "fc6"],
        rows: [try chain(1, padding: 97), try chain(1, padding: 96)])
      let (with97, with96): (Int, Int) = (1 + 2 * 97 - 2, 1 + 2 * 96 - 2)
      formula(
        "conv1 makes n + 2P − 2 cells: 1 + 194 − 2 = \(with97), which is 6·32 + 1",
        "and with 96:                  1 + 192 − 2 = \(with96), which is not")
      claim("193 again", with97, equals: least)

      heading("The rule")
      formula("P large enough:  n + 2P − 2 ≥ 32·(k − 1) + 1  for the smallest n, k = 7 in fc6")
      let enough = (0..<3).map { index in
        (1...100).first { padding in
          let net = networks(padding: padding)[index]
          return (try? net.cropOffset(of: net["score"]!)) != nil
        } ?? 0
      }
      prose(
        "And no crop may be negative: by lesson 25, P ≥ \(enough[0]) for FCN-32s, \(enough[1]) for "
          + "FCN-16s, \(enough[2]) for FCN-8s. The margin is there for the arithmetic. It shows the "
          + "network nothing of the picture.")

      heading("Where it breaks: the price")
      let full = Network.fcn8s()
      let names = full.layers.map(\.name)
      let coarse = names[...names.firstIndex(of: "score_fr")!]
      let with = try zip(coarse, full.multiplyAdds(input: 500)).reduce(0) { $0 + $1.1 }
      let without = try Network.vgg16(classes: 21).multiplyAdds(input: 500).reduce(0, +)
      let shapes = try full.shapes(input: 500)
      let conv1 = shapes[1].size
      prose(
        "The margin is computed like everything else: conv1 gives \(conv1) cells for 500×500 pixels, "
          + "\(decimal(Fraction(conv1.area, 500 * 500), 2)) times as many.")
      table(
        ["at 500×500", "multiply-adds"],
        rows: [
          ["down to score_fr with P = 100", grouped(with)],
          ["down to score_fr with P = 1", grouped(without)],
        ])
      claim(
        "more than half of this work is the margin",
        evidence: "\(decimal(100 * Double(with - without) / Double(with), 0)) %",
        holds: 2 * (with - without) > with)

      heading("The mistake")
      let pixels = try Network.fcn8s().coordinateMap(of: "conv1_1")
      let mean = Preprocessing.caffe.input(pixels: [123, 117, 104], size: 1)
      prose(
        "The margin does not help to see objects at the border: it is the same for every picture. Nor is it "
          + "black. The padding comes after the mean colour was taken away from the picture, so zeros are "
          + "what a picture of nothing but the mean colour would give, and black is far below. All the "
          + "margin does is shift the grid: on conv1_1 a pixel x lies at \(pixels).")
      let black = Preprocessing.caffe.input(pixels: [0, 0, 0], size: 1)
      claim(
        "the mean colour, rounded to 123, 117, 104, is 0 within ½; black is not",
        evidence: "red, green, blue: "
          + [mean, black].map { x in
            // The network takes blue first.
            x.elements.reversed().map { decimal(Double($0), 2) }.joined(separator: " ")
          }.joined(separator: " and "),
        holds: mean.elements.allSatisfy { abs($0) <= 0.5 }
          && black.elements.allSatisfy { $0 < -100 })

      heading("In FCN")
      prose(
        "With P = 100 all three networks answer for every pixel of every picture, from 1×1 up, with the "
          + "crops 19, 27 and 31. Another padding means other crops: a listing that changes one and keeps "
          + "the other is what lesson 30 is about.")
      let sides = [1, 2, 33, 57, 100, 321, 500]
      claim(
        "sizes that come out exactly: \(listed(sides))",
        try sides.map { try full.shapes(input: Size(height: $0, width: 500)).last!.size.height },
        equals: sides)
    }
  }
}

private func padded(_ padding: Int) -> Backbone {
  var backbone = Backbone.vgg16
  backbone.firstPadding = padding
  return backbone
}

/// All three networks with another margin.
private func networks(padding: Int) -> [Network] {
  let backbone = padded(padding)
  return [.fcn32s(backbone: backbone), .fcn16s(backbone: backbone), .fcn8s(backbone: backbone)]
}

private func fcn(padding: Int) -> Network { .fcn8s(backbone: padded(padding)) }

/// The sizes of a row on its way down to fc6, or a dash where nothing fits.
private func chain(_ n: Int, padding: Int) throws -> [String] {
  let net = fcn(padding: padding)
  return ["\(n)"]
    + (try ["pool1", "pool2", "pool3", "pool4", "pool5", "fc6"].map { name in
      let path = try net.path(to: name)
      return (try? path.outputSize(input: n)).map(String.init) ?? "none"
    })
}

/// The smallest size that reaches a layer, found by trying.
private func smallest(through name: String, padding: Int) throws -> Int {
  let path = try fcn(padding: padding).path(to: name)
  return (1...600).first { (try? path.outputSize(input: $0)) != nil }!
}

/// The size from which on every size up to 600 passes all three networks, crops included.
private func firstOfAll(padding: Int) throws -> Int? {
  let ends: [(path: [AxisLayer], offset: Int)] = try networks(padding: padding).map { net in
    let score = net["score"]!
    return (try net.path(to: score.inputs[0]), try net.cropOffset(of: score))
  }
  func works(_ n: Int) -> Bool {
    ends.allSatisfy { end in
      guard let size = try? end.path.outputSize(input: n) else { return false }
      return end.offset + n <= size
    }
  }
  guard let refused = (1...600).last(where: { !works($0) }) else { return 1 }
  return refused < 600 ? refused + 1 : nil
}
