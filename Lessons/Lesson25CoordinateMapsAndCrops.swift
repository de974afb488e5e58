import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 25: where a map lies on the picture, and so where to crop.
  static var coordinateMapsAndCrops: Lesson {
    Lesson(
      number: 25, slug: "coordinate-maps-and-crops", title: "Coordinate maps and crops",
      part: .densePrediction,
      question: "Why does FCN-8s crop at 5, 9 and 31?",
      corrects: "A map that is too large is cropped in its middle."
    ) { _ in
      let pool = try Window(kernelSize: 2, stride: 2)
      let enlarge = try Window(kernelSize: 4, stride: 2).transposed()
      let (down, up) = (CoordinateMap(pool), CoordinateMap(enlarge))
      let both = try down.then(up)

      prose(
        "Lesson 24 asked: on which pixel is cell i of a map centred? Here the question is turned round: on "
          + "which place of the map does pixel x lie? Both answers have the form a·x + b. Write (a, b) for "
          + "the map x → a·x + b; positions count cells, and the middle of cell 0 is at 0.")
      prose(
        "Cell o of a convolution's output reads the input from cell s·o − p on. Its window has k cells, so "
          + "the window's middle is (k − 1)/2 behind its beginning. That leads from the output to the input. "
          + "Solved for o it leads from the input to the output:")
      formula(
        "output to input:  o → s·o + (k − 1)/2 − p,      so a = s,    b = (k − 1)/2 − p",
        "input to output:  x → (x + p − (k − 1)/2)/s,    so a = 1/s,  b = (p − (k − 1)/2)/s")
      prose(
        "A transposed convolution has the same windows, with input and output exchanged (lesson 11): cell x "
          + "is spread over the k cells from s·x − p on. So its rule from input to output is the first line, "
          + "and undoes what a convolution with the same k, s and p does to a position:")
      let undone = try windows(kernels: 1...7, strides: 1...4, paddings: 0...3).map {
        try CoordinateMap($0).then(CoordinateMap($0.transposed()))
      }
      claim(
        "convolution, then its transpose: x is back at x",
        evidence: "for all \(undone.count) of k to 7, s to 4 and p to 3",
        holds: undone.allSatisfy { $0 == .identity })
      prose(
        "But a network does not go up with the kernels with which it came down. Halve a row with a pooling "
          + "of 2, and double it with a transposed convolution of 4:")
      formula(
        "pooling 2, stride 2:     x → \(down)        (\(down.scale), \(down.shift))",
        "transposed 4, stride 2:  x → \(up)      (\(up.scale), \(up.shift))",
        "one after the other:     x → 2·(\(down)) + \(up.shift) = \(both)")
      prose(
        "So everything has moved by one cell, and a crop that takes one cell off before moves it back. "
          + "Watch it with two neighbours of light, which one window of the pooling covers:")
      let row = Tensor<Fraction>(row: [0, 0, 0, 0, 1, 1, 0, 0, 0, 0])
      let small = try maxPool(row, kernelSize: across(2))
      let large = try transposedConvolve(small, Tensor(row: bilinearWeights(4)), stride: across(2))
      let lit = Region(rows: [0], columns: [4, 5])
      let moved = Region(rows: [0], columns: [5, 6])
      grids(
        Grid(.input, row, window: lit), Grid(.output, small, title: "pooled"), between: "→")
      grids(Grid(.output, large, title: "enlarged", window: moved))
      let cut = try crop(large, offset: Size(height: 0, width: 1), size: row.size)
      grids(Grid(.output, cut, title: "cropped at 1", window: lit))
      claim(
        "the offset is the difference of the two maps", try cropOffset(of: both, to: .identity),
        equals: 1)
      claim(
        "the light is centred where it was", centre(of: cut), equals: centre(of: row))

      heading("The rule")
      formula(
        "one after the other:  (a₁, b₁), then (a₂, b₂)  =  (a₁·a₂, a₂·b₁ + b₂)",
        "back:                 (a, b) turned round      =  (1/a, −b/a)",
        "a crop takes off  b(map) − b(reference)  cells,",
        "if both have the same a, and the difference is a whole number, not below 0")
      prose(
        "With the maps the other way, from cell to pixel, as the exercise has them, a crop takes off "
          + "(b(reference) − b(map))/a cells, which is the same number.")

      heading("FCN-8s, layer by layer")
      let (net32, net8) = (Network.fcn32s(), Network.fcn8s())
      let steps = [
        "conv1_1", "pool1", "pool2", "pool3", "pool4", "pool5", "fc6", "upscore2", "upscore_pool4",
        "upscore8", "score",
      ]
      table(
        ["layer", "k, s, p", "pixel x lies at", "cell i is centred on pixel"],
        rows: try steps.map { name in
          let window = net8[name]!.operation.window
          let map = try net8.coordinateMap(of: name)
          return [
            name,
            try window.map { "\($0.kernelSize), \($0.stride), \($0.paddingBefore)" }
              ?? "crop at \(net8.cropOffset(of: net8[name]!))",
            "\(map)", String("\(try map.inverse())".map { $0 == "x" ? "i" : $0 }),
          ]
        })
      prose(
        "All 3×3 convolutions with padding 1 map x to x and are left out; so are sums, which move nothing. "
          + "The last column is the one before it, solved for x. It is what lesson 24 found, start and "
          + "jump:")
      let pool5 = try net8.path(to: "pool5").receptiveField()
      claim(
        "cell 0 of pool5 and cell 1: start, and start + jump",
        try [0, 1].map { try net8.coordinateMap(of: "pool5").inverse()($0) },
        equals: [pool5.start, pool5.start + pool5.jump])
      prose(
        "Between `upscore2` and `upscore_pool4` the scores of pool4 are added. They must lie where the "
          + "coarse scores lie, so pool4's map must become that of `upscore2`: both have a = 1/16, and the "
          + "difference of the b is the crop. Likewise pool3 on `upscore_pool4`, and at last `upscore8` on "
          + "the picture itself. For all the networks:")
      let cases: [(Network, String)] = [
        (.fcn32s(), "score"), (.fcn16s(), "score_pool4c"), (.fcn16s(), "score"),
        (.fcn8s(), "score_pool4c"), (.fcn8s(), "score_pool3c"), (.fcn8s(), "score"),
        (.fcnAlexNet(), "score"),
      ]
      let offsets = try cases.map { net, name in try net.cropOffset(of: net[name]!) }
      table(
        ["network", "cropped", "lies at", "reference lies at", "offset"],
        rows: try zip(cases, offsets).map { pair, offset in
          let (net, name) = pair
          let layer = net[name]!
          return [
            net.name, layer.inputs[0], "\(try net.coordinateMap(of: layer.inputs[0]))",
            "\(try net.coordinateMap(of: layer.inputs[1]))", "\(offset)",
          ]
        })
      claim(
        "FCN-8s crops at 5, 9 and 31, FCN-16s at 5 and 27, FCN-32s at 19, FCN-AlexNet at 18",
        offsets, equals: [19, 5, 27, 5, 9, 31, 18])
      let turned = try cases.map { net, name in
        let maps = try net[name]!.inputs.map { try net.coordinateMap(of: $0).inverse() }
        return (maps[1].shift - maps[0].shift) / maps[0].scale
      }
      claim(
        "from cell to pixel they come out the same", turned, equals: offsets.map { Fraction($0) })
      let (padding, k) = (100, 7)
      let pool4 = k - 2
      let pool3 = 2 * pool4 - 1
      let by32: Int = padding + 15 - 16 * (k - 1)
      let (by16, by8): (Int, Int) = (padding + 7 - 16 * pool4, padding + 3 - 8 * pool3)
      formula(
        "with P the first padding and k the kernel of fc6:",
        "pool4  k − 2               = \(pool4)",
        "pool3  2·pool4 − 1         = \(pool3)",
        "32s    P + 15 − 16·(k − 1) = \(by32)",
        "16s    P + 7 − 16·pool4    = \(by16)",
        "8s     P + 3 − 8·pool3     = \(by8)")
      let short: [Int] = [by32, pool4, by16, pool3, by8]
      claim(
        "the short forms say the same", short,
        equals: [offsets[0], offsets[3], offsets[2], offsets[4], offsets[5]])

      heading("Seen with light")
      prose(
        "Now the real layers on a picture of 500×500, with one channel and weights that pass everything "
          + "on. Light a spot, let one stream alone speak, and look where the light comes out. A spot is "
          + "2×2 pixels, because the middle of an even number of pixels lies between two.")
      let tests = try impulses()
      table(
        ["network", "stream", "light in at (row, column)", "comes out at"],
        rows: tests.map { [$0.network, $0.stream, "\($0.given)", "\($0.got)"] })
      claim(
        "on every stream the light comes out where it went in",
        tests.map { "\($0.got)" }, equals: tests.map { "\($0.given)" })

      heading("The mistake")
      let shapes32 = try net32.shapes(input: 500)
      let width = shapes32[net32.layers.firstIndex { $0.name == "upscore" }!].size.width
      let middle = (width - 500) / 2
      predict(
        "`upscore` has \(width) cells, the picture 500. Where would a crop in the middle begin?",
        answer: "\(middle)", why: "(\(width) − 500)/2 = \(middle), and not \(offsets[0]).")
      prose(
        "The map is longer at its end than at its beginning, because sizes were rounded up on the way "
          + "down and the rest is all at the end. Cropped in the middle, everything lies "
          + "\(middle - offsets[0]) pixels too far up and left.")
      let thin = net32.thin(through: "upscore")
      let place = try net32.place(ofCell: 6, 9, of: "fc7")
      let raw = try thin.run(spot(at: place, size: 500), thin.impulseWeights())
      let centred = try crop(raw, offset: Size(middle), size: 500)
      let shifted = Fraction(offsets[0] - middle)
      claim(
        "cropped in the middle, the light is off by \(shifted)", Lessons.middle(of: centred)!,
        equals: Place(row: place.row + shifted, column: place.column + shifted))

      heading("Where it breaks: no whole number")
      let wide = Network.fcnAlexNet().thin { layer in
        layer.name == "upscore"
          ? .transposedConvolution(outputs: 1, kernelSize: 64, stride: 32) : nil
      }
      let message = refusal { try wide.cropOffset(of: wide["score"]!) }
      prose(
        "FCN-AlexNet has a kernel of 63 in its last layer, not 64 as FCN-32s. With 64:")
      claim(
        "no crop aligns AlexNet with a kernel of 64", evidence: message ?? "one does",
        holds: message != nil)
      prose(
        "Until then all its middles lie on whole pixels. An odd kernel leaves them there; an even one "
          + "puts them between two, and no whole number of cells brings them back.")

      heading("In FCN")
      prose(
        "The networks of this book have no crop offset written down anywhere. Each is computed from the "
          + "layers, as here, so changing a padding or a kernel moves the crops by itself, or says why "
          + "it can't.")
    }
  }
}

/// Every window with these numbers.
private func windows(
  kernels: ClosedRange<Int>, strides: ClosedRange<Int>, paddings: ClosedRange<Int>
) throws -> [Window] {
  try kernels.flatMap { kernel in
    try strides.flatMap { stride in
      try paddings.map { try Window(kernelSize: kernel, stride: stride, padding: $0) }
    }
  }
}

/// The middle of the cells that hold the largest number.
private func centre(of row: Tensor<Fraction>) -> Fraction {
  let largest = row.elements.max()!
  let places = row.elements.indices.filter { row[$0] == largest }
  return Fraction(places.first! + places.last!, 2)
}

private struct Impulse {
  let network: String
  let stream: String
  let given: Place
  let got: Place
}

/// One spot for each stream of each network.
private func impulses() throws -> [Impulse] {
  let cases: [(Network, String, String, Int, Int)] = [
    (.fcn32s(), "fc7", "score_fr", 6, 9), (.fcn16s(), "fc7", "score_fr", 6, 9),
    (.fcn16s(), "pool4", "score_pool4", 20, 15), (.fcn8s(), "fc7", "score_fr", 6, 9),
    (.fcn8s(), "pool4", "score_pool4", 20, 15), (.fcn8s(), "pool3", "score_pool3", 40, 33),
    (.fcnAlexNet(), "pool5", "score_fr", 9, 12),
  ]
  return try cases.map { net, layer, score, row, column in
    let thin = net.thin()
    let place = try net.place(ofCell: row, column, of: layer)
    let y = try thin.run(spot(at: place, size: 500), thin.impulseWeights(scores: [score]))
    return Impulse(network: net.name, stream: layer, given: place, got: middle(of: y)!)
  }
}
