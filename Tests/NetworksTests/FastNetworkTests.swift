import ConvolutionArithmetic
import FastKernels
import Networks
import Tensors
import Testing

@Suite struct FastNetworkTests {
  private func noise(_ shape: Shape, seed: UInt64) -> Tensor<Float> {
    var generator = SplitMix64(seed: seed)
    return generator.noise(shape)
  }

  @Test(arguments: [NetworkName.fcn32s, .fcn8sAtOnce])
  func `the fast network gives what the readable primitives give`(name: NetworkName) throws {
    let slim = Backbone.slim([1, 1, 1, 2, 3], classifier: 4)
    let network =
      switch name {
      case .fcn32s: Network.fcn32s(classes: 3, backbone: slim)
      default: Network.fcn8sAtOnce(classes: 3, backbone: slim)
      }
    let weights = network.noise(seed: 3)
    let x = noise([1, 3, 7, 4], seed: 4)
    let expected = try network.forward(x, weights: weights)
    let largest = expected.elements.map(abs).max()!
    for exact in [false, true] {
      let fast = try FastNetwork(network, weights: WeightSource(weights), exact: exact)
      // Winograd's sums round differently; 1e-5 of the largest score covers both.
      let difference = try fast.forward(x).difference(
        from: expected, relative: 0, absolute: 1e-5 * largest)
      #expect(difference == nil, "exact: \(exact)")
    }
  }

  @Test func `one thread and two give the same bits, and so does another picture in between`()
    throws
  {
    let network = Network.fcn8s(classes: 5, backbone: .slim([16, 8, 24, 16, 32], classifier: 40))
    let weights = network.noise(seed: 5)
    let x = noise([1, 3, 33, 61], seed: 6)
    let one = try FastNetwork(network, weights: WeightSource(weights), threads: Threads(1))
    let two = try FastNetwork(network, weights: WeightSource(weights), threads: Threads(2))
    let first = try one.forward(x)
    #expect(try two.forward(x) == first)
    _ = try two.forward(noise([2, 3, 20, 8], seed: 7))
    #expect(try two.forward(x) == first)
  }

  @Test(arguments: [false, true])
  func `A picture gets the bits that it gets alone, whatever came before it`(exact: Bool) throws {
    let network = Network.fcn8s(classes: 5, backbone: .slim([16, 8, 24, 16, 32], classifier: 40))
    let weights = network.noise(seed: 5)
    let fast = try FastNetwork(network, weights: WeightSource(weights), exact: exact)
    // Sizes that lead to maps of one size, and pools that end otherwise on them, are among these.
    let sizes = [(33, 61), (33, 61), (34, 61), (33, 62), (34, 62), (33, 61), (66, 17), (1, 1)]
    for (number, (height, width)) in sizes.enumerated() {
      var x = noise([1, 3, height, width], seed: UInt64(number))
      // So loud that what has but the rounding of this picture would show it in the next.
      _ = try fast.forward(x.map { $0 * 1e20 })
      x = noise([1, 3, height, width], seed: UInt64(100 + number))
      let alone = try FastNetwork(network, weights: WeightSource(weights), exact: exact)
      #expect(try fast.forward(x) == alone.forward(x), "\(height)×\(width)")
    }
  }

  @Test func `a picture that no window sees gives the same scores every time`() throws {
    // Windows of one cell begin at 3, 7, 11 … of a padding of 51: none meets a picture of 1×1 at 50.
    let (network, _) = try Network.described(
      by: "input 3x1x1; a = conv 16 k1 s4 p51,50,0,50; b = conv 16 k3 p1; c = conv 16 k3 p1")
    let fast = try FastNetwork(network, weights: WeightSource(network.noise(seed: 1)))
    let first = try fast.forward(noise([1, 3, 1, 1], seed: 1))
    #expect(try fast.forward(noise([1, 3, 1, 1], seed: 2)) == first)
    #expect(try fast.forward(noise([1, 3, 1, 1], seed: 3)) == first)
  }

  @Test func `FCN-8s at 500×500 needs less than 0.8 GB, packed weights and all`() throws {
    let need = try MemoryNeed(.fcn8s(), input: 500)
    // conv1_1's map is never whole; the largest two that live at once are pool1's and conv2_1's, of 64 and
    // 128 channels. 3 + 21 planes of 500².
    #expect(need.maps == 4 * ((64 + 128) * 349 * 349 + (3 + 21) * 500 * 500))
    #expect(need.total < 800_000_000)
    // Nothing is allocated, and nothing overflows.
    let vast = try MemoryNeed(.fcn8s(), input: 1_000_000)
    #expect(vast.total > 1_000_000_000_000)
  }

  @Test func `a measurement has a time for every step and round`() throws {
    let network = Network.fcn8s(classes: 5, backbone: .slim([16, 8, 24, 16, 32], classifier: 40))
    let fast = try FastNetwork(network, weights: .random(network))
    let measurement = try fast.measure(noise([1, 3, 20, 9], seed: 1), rounds: 3)
    #expect(measurement.seconds.count == 3)
    #expect(measurement.steps.allSatisfy { $0.seconds.count == 3 })
    #expect(measurement.steps.map(\.name).contains("conv1_1"))
    let costs = try network.multiplyAdds(input: Size(height: 20, width: 9)).reduce(0, +)
    #expect(measurement.steps.reduce(0) { $0 + $1.multiplyAdds } == costs)
  }
}
