import ConvolutionArithmetic
import FullyConvolutional
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 25: where a map lies on the picture, and so where to crop.
  static let coordinateMapsAndCrops = Lesson(
    number: 25, slug: "coordinate-maps-and-crops", title: "Coordinate maps and crops",
    part: .densePrediction,
    question: "Why does FCN-8s crop at 5, 9 and 31?",
    corrects: "A map that is too large is cropped in its middle.",
    exercises: ["cropOffset"]
  ) { _ in
    let pool = try Window(kernelSize: 2, stride: 2)
    let enlarge = try TransposedWindow(kernelSize: 4, stride: 2)
    let (down, up) = (CoordinateMap(pool), CoordinateMap(enlarge))
    let both = try down.then(up)

    prose(
      "Make a row half as long with a pooling, and twice as long again with a transposed convolution. "
        + "Is a cell back where it was? Follow a position x, counted from the middle of the first "
        + "cell. A window of k cells with stride s and padding p has its middle (k − 1)/2 − p cells "
        + "behind its beginning:")
    formula(
      "convolution, pooling:    x → (x + p − (k − 1)/2) / s",
      "transposed convolution:  x → s·x + (k − 1)/2 − p",
      "pooling 2, stride 2:     x → \(down)",
      "transposed 4, stride 2:  x → \(up)",
      "one after the other:     x → 2·(\(down)) + \(Fraction(3, 2)) = \(both)")
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
      "maps compose:  (a₁, b₁), then (a₂, b₂)  =  (a₁·a₂, a₂·b₁ + b₂)",
      "a crop takes off  b(map) − b(reference)  cells,",
      "if both have the same a, and the difference is a whole number, not below 0")

    heading("FCN-32s, layer by layer")
    let net32 = Network.fcn32s()
    let steps = ["conv1_1", "pool1", "pool2", "pool3", "pool4", "pool5", "fc6", "upscore"]
    table(
      ["layer", "k, s, p", "a pixel x lies at"],
      rows: try steps.map { name in
        let window = try net32[name]!.operation.window!
        return [
          name, "\(window.kernelSize), \(window.stride), \(window.paddingBefore)",
          "\(try net32.coordinateMap(of: name))",
        ]
      })
    prose(
      "All 3×3 convolutions with padding 1 map x to x and are left out. On `upscore` every pixel lies "
        + "19 cells too far, so the crop is at 19. The same for all the networks:")
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
    let (padding, k) = (100, 7)
    let pool4 = k - 2
    let pool3 = 2 * pool4 - 1
    formula(
      "with P the first padding and k the kernel of fc6:",
      "pool4  k − 2               = \(pool4)",
      "pool3  2·pool4 − 1         = \(pool3)",
      "32s    P + 15 − 16·(k − 1) = \(padding + 15 - 16 * (k - 1))",
      "16s    P + 7 − 16·pool4    = \(padding + 7 - 16 * pool4)",
      "8s     P + 3 − 8·pool3     = \(padding + 3 - 8 * pool3)")
    claim(
      "the short forms say the same",
      [
        padding + 15 - 16 * (k - 1), pool4, padding + 7 - 16 * pool4, pool3,
        padding + 3 - 8 * pool3,
      ],
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
      "Its kernels are odd, so its middles lie on pixels; an even kernel puts them between. The two "
        + "never meet by whole cells.")

    heading("In FCN")
    prose(
      "The networks of this book have no crop offset written down anywhere. Each is computed from the "
        + "layers, as here, so changing a padding or a kernel moves the crops by itself, or says why "
        + "it can't.")
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
