import ConvolutionArithmetic
import FastKernels
import Networks
import Tensors
import Testing

@Suite struct FieldTests {
  @Test func `U-Net's joins see what both streams see`() throws {
    let network = Network.uNet()
    func field(_ name: String) throws -> String { try network.receptiveField(of: name).text }
    // The coarsest level: 1 + (2 + 2)·(1 + 2 + 4 + 8 + 16) from the convolutions, 1 + 2 + 4 + 8 from
    // the pools.
    let coarsest = 1 + 4 * 31 + 15
    #expect(try field("down5_2") == "\(coarsest)")
    // up4's kernel is its stride: each cell sees one coarse cell, and the skip sees less.
    #expect(try field("down4_2") == "68")
    #expect(try field("join4") == "\(coarsest)")
    // Three of those cells are of two coarse ones, 16 pixels apart; then five, of three.
    #expect(try field("merge4_1") == "\(coarsest + 16)")
    #expect(try field("merge4_2") == "\(coarsest + 2 * 16)")
    #expect(try field("down3_2") == "32")
    #expect(try field("merge3_1") == "172 or 188")
    #expect(try field("score") == "188 or 204")
  }

  @Test func `the skips of the FCNs see nothing that the coarse stream does not`() throws {
    let networks: [Network] = [
      .fcn32s(), .fcn16s(), .fcn8s(), .fcn8sAtOnce(), .fcnAlexNet(), .fcn8s(backbone: .scenes),
    ]
    for network in networks {
      for layer in network.layers {
        let field = try network.receptiveField(of: layer.name)
        #expect(try field == network.path(to: layer.name).receptiveField(), "\(layer.name)")
      }
    }
    #expect(try Network.fcn8s().receptiveField(of: "score").text == "436 or 468")
  }

  /// All weights are positive, so the derivative of a cell by a pixel is what a picture of this single
  /// bright pixel gives, over all ways from the one to the other. Where it is not zero the pixel is seen.
  @Test func `a pixel is seen exactly where the derivative by it is not zero`() throws {
    let slim = Network.fcn8s(
      classes: 1, backbone: .slim([1, 1, 1, 1, 1], classifier: 1))
    for (network, side, pixels) in [
      (Network.uNet(classes: 1, channels: [16, 16, 16, 16, 16]), 220, [110, 117, 128]),
      (slim, 500, [250, 263]),
    ] {
      let fast = try FastNetwork(
        network, weights: WeightSource(positive(network)), exact: true)
      try compare(network, side: side, pixels: pixels) { try fast.forward($0) }
    }
    var random = SplitMix64(seed: 3)
    var (tried, ranges) = (0, 0)
    while tried < 12 {
      let network = branching(using: &random)
      // Branches of a random network do not always meet.
      guard let shape = try? network.shapes(input: 40).last, shape.size.height > 4 else { continue }
      let weights = positive(network)
      try compare(network, side: 40, pixels: [20, 21 + tried % 4]) {
        try network.forward($0, weights: weights)
      }
      tried += 1
      let field = try network.receptiveField(of: network.layers.last!.name)
      if field.range.count > 1 { ranges += 1 }
    }
    #expect(ranges > 1)
  }

  /// Weights that make means, so that nothing grows beyond all numbers.
  private func positive(_ network: Network) -> Weights<Float> {
    var weights: Weights<Float> = [:]
    for parameter in network.parameters {
      let shape = parameter.shape
      let value: Float = parameter.name.hasSuffix(".bias") ? 0 : 1 / Float(shape.count / shape[0])
      weights[parameter.name] = Tensor(
        shape: shape, elements: [Float](repeating: value, count: shape.count))
    }
    return weights
  }

  private func compare(
    _ network: Network, side: Int, pixels: [Int],
    forward: (Tensor<Float>) throws -> Tensor<Float>
  ) throws {
    let graph = try network.axisGraph()
    let channels = network.channels["input"]!
    for pixel in pixels {
      var picture = [Float](repeating: 0, count: channels * side * side)
      picture[pixel * side + pixel] = 1
      let scores = try forward(Tensor(shape: [1, channels, side, side], elements: picture))
      let moved = (0..<scores.height).filter { scores[0, 0, $0, $0] != 0 }
      let seeing = try (0..<scores.height).filter { cell in
        try graph.inputsSeen(by: cell...cell, of: graph.last).contains(pixel)
      }
      #expect(moved == seeing, "\(network.layers.map(\.operation)) pixel \(pixel)")
    }
  }

  /// Two streams of one channel from a common trunk, cropped and joined, and perhaps a layer more.
  private func branching(using random: inout SplitMix64) -> Network {
    Network("branching", input: 1) { net in
      var names = 0
      func name() -> String {
        names += 1
        return "layer\(names)"
      }
      func layer(_ x: Stream, up: Bool) -> Stream {
        let kernelSize = random.integer(in: 1...4)
        let stride = random.integer(in: 1...3)
        switch random.integer(in: 0...2) {
        case 0:
          return net.add(
            name(), .maxPool(kernelSize: kernelSize, stride: stride, rounding: .floor), x)
        case 1 where up:
          return net.add(
            name(), .transposedConvolution(outputs: 1, kernelSize: kernelSize, stride: stride), x)
        default:
          return net.add(
            name(), .convolution(outputs: 1, kernelSize: kernelSize, stride: stride, relu: true), x
          )
        }
      }
      let trunk = layer(net.input, up: true)
      let fine = layer(trunk, up: false)
      var coarse = layer(trunk, up: true)
      if random.integer(in: 0...1) == 1 { coarse = layer(coarse, up: true) }
      var x: Stream
      let (long, short) = random.integer(in: 0...1) == 0 ? (fine, coarse) : (coarse, fine)
      let cropped = net.add(name(), .crop, long, short)
      if random.integer(in: 0...1) == 0 {
        x = net.add(name(), .sum, short, cropped)
      } else {
        x = net.add(name(), .concatenate, cropped, short)
        x = net.add(name(), .convolution(outputs: 1, kernelSize: 2, relu: false), x)
      }
      if random.integer(in: 0...1) == 0 { x = layer(x, up: true) }
    }
  }
}
