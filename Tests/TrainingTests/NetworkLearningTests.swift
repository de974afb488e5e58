import ConvolutionArithmetic
import Networks
import Primitives
import Tensors
import Testing
import Training

@Suite struct NetworkLearningTests {
  /// One channel everywhere and the published geometry.
  private let thread = Backbone.slim([1, 1, 1, 1, 1], classifier: 1)

  @Test func `scores are zero before training`() throws {
    let network = Network.fcn8s(classes: 2, backbone: thread)
    let weights = network.initialWeights(seed: 1)
    let y = try network.forward(Tensor<Float>(shape: [1, 3, 5, 8], repeating: 1), weights: weights)
    #expect(y == .zeros([1, 2, 5, 8]))
  }

  @Test func `a stage starts from the one before`() {
    let coarse = Network.fcn32s(classes: 3, backbone: thread).initialWeights(seed: 1)
    let fine = Network.fcn16s(classes: 3, backbone: thread).initialWeights(from: coarse, seed: 2)
    #expect(fine["fc6.weight"] == coarse["fc6.weight"])
    #expect(fine["score_pool4.weight"] == .zeros([3, 1, 1, 1]))
  }

  private func names(
    _ network: Network, _ multipliers: LearningMultipliers, learnsUpsampling: Bool = false
  ) -> [String] {
    network.parameters.map(\.name).filter {
      network.multipliers(of: $0, learnsUpsampling: learnsUpsampling) == multipliers
    }
  }

  @Test func `biases learn twice as fast, upsampling does not learn`() {
    let network = Network.fcn8s()
    let upsampling = ["upscore2", "upscore_pool4", "upscore8"].map { "\($0).weight" }
    #expect(names(network, .fixed) == upsampling)
    #expect(names(network, .bias).count == 13 + 2 + 3)
    #expect(names(network, .bias).allSatisfy { $0.hasSuffix(".bias") })
    // In the paper the last upsampling alone is fixed.
    #expect(names(network, .fixed, learnsUpsampling: true) == ["upscore8.weight"])
    // U-Net's transposed convolutions are features like any other.
    #expect(names(.uNet(), .fixed).isEmpty)
  }

  @Test func `a step moves each tensor by its own settings, exactly`() throws {
    let network = Network("one pixel", input: 1) { net in
      let x = net.add("conv", .convolution(outputs: 1, kernelSize: 1, relu: false), net.input)
      _ = net.upsample("upscore", x, by: 1, classes: 1)
    }
    func all(_ weight: Fraction, _ bias: Fraction, _ up: Fraction) -> Weights<Fraction> {
      [
        "conv.weight": Tensor(shape: [1, 1, 1, 1], elements: [weight]),
        "conv.bias": Tensor(shape: [1], elements: [bias]),
        "upscore.weight": Tensor(shape: [1, 1, 2, 2], repeating: up),
      ]
    }
    let descent = GradientDescent(
      rate: Fraction(1, 10), momentum: Fraction(1, 2), decay: Fraction(1, 4))
    let (start, gradients) = (all(4, 5, 6), all(1, 2, 3))
    let first = try network.step(start, gradients: gradients, descent)
    let (v, u) = (Fraction(1) + Fraction(1, 4) * 4, Fraction(2))
    #expect(first.weights == all(4 - Fraction(1, 10) * v, 5 - Fraction(2, 10) * u, 6))
    let second = try network.step(
      first.weights, velocities: first.velocities, gradients: gradients, descent)
    #expect(second.velocities["conv.bias"]![0] == Fraction(1, 2) * u + 2)
    #expect(second.weights["upscore.weight"] == start["upscore.weight"])

    var missing = gradients
    missing["conv.bias"] = nil
    let error = #expect(throws: GeometryError.self) {
      try network.step(start, gradients: missing, descent)
    }
    #expect(error?.description == "the gradients do not fit one pixel: conv.bias is missing")
  }
}
