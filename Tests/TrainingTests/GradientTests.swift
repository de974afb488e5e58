import ConvolutionArithmetic
import Networks
import Primitives
import Tensors
import Testing
import Training

/// Whole networks: the gradients of the readable chain against the slopes of the loss in `Double`.
@Suite struct GradientTests {
  @Test(arguments: SmallNetwork.all)
  func `the gradients of a network are its slopes`(small: SmallNetwork) throws {
    var random = SplitMix64(seed: 8)
    let weights = small.weights(using: &random)
    let (x, labels) = try small.pictures(2, using: &random)
    let masks = try small.masks(2, using: &random)
    let start = try small.network.gradients(x, labels: labels, weights: weights, masks: masks)
    #expect(start.gradients.mapValues(\.shape) == weights.mapValues(\.shape))
    for (name, gradient) in start.gradients {
      #expect(gradient.elements.contains { $0 != 0 }, "\(name) counts for nothing")
    }

    // All numbers move at once, in a random direction.
    var direction: Weights<Double> = [:]
    for parameter in small.network.parameters {
      direction[parameter.name] = random.noise(parameter.shape)
    }
    func loss(after step: Double) throws -> Double {
      let moved = weights.merging(direction) { w, d in
        Tensor(shape: w.shape, elements: zip(w.elements, d.elements).map { $0 + step * $1 })
      }
      return try crossEntropy(
        small.network.forward(x, weights: moved, masks: masks), labels: labels)
    }
    // Too short to cross a kink of a ReLU or a pool, long enough for sums of 64 bits.
    let step = 1e-6
    let slope = try (loss(after: step) - loss(after: -step)) / (2 * step)
    var expected = 0.0
    for parameter in small.network.parameters {
      expected += inner(direction[parameter.name]!, start.gradients[parameter.name]!)
    }
    #expect(abs(slope - expected) <= 1e-6 * abs(slope))
    #expect(try loss(after: 0) == start.loss)
  }

  @Test func `the sum's gradients are the mean's, times the pixels that count`() throws {
    var random = SplitMix64(seed: 9)
    let small = SmallNetwork.all[4]
    let weights = small.weights(using: &random)
    let (x, labels) = try small.pictures(1, using: &random)
    let counted = Double(labels.elements.count { $0 != 255 })
    let mean = try small.network.gradients(x, labels: labels, weights: weights)
    let sum = try small.network.gradients(x, labels: labels, weights: weights, reduction: .sum)
    // The order of the roundings differs.
    #expect(abs(sum.loss - counted * mean.loss) <= 1e-12 * sum.loss)
    for (name, gradient) in sum.gradients {
      let difference = gradient.difference(
        from: mean.gradients[name]!.map { $0 * counted }, relative: 0,
        absolute: 1e-12 * gradient.elements.map(abs).max()!)
      #expect(difference == nil, "\(name)")
    }
  }

  @Test func `a stream that two layers read gets both gradients`() throws {
    let network = Network("twice", input: 1) { net in
      let x = net.add("once", .convolution(outputs: 2, kernelSize: 1, relu: false), net.input)
      net.add("unread", .convolution(outputs: 1, kernelSize: 1, relu: false), x)
      net.add("score", .sum, x, net.add("doubled", .scale(2), x))
    }
    let weights: Weights<Double> = [
      "once.weight": Tensor(shape: [2, 1, 1, 1], elements: [0, 0]),
      "once.bias": .zeros([2]), "unread.weight": .ramp([1, 2, 1, 1]), "unread.bias": .ramp([1]),
    ]
    let back = try network.gradients(
      Tensor(row: [3, 5]), labels: Tensor(row: [0, 255]), weights: weights)
    // The scores are 0, so both classes have probability ½; each score is its map once and twice.
    let half = (1 + 2) * 0.5
    #expect(back.gradients["once.bias"] == Tensor(shape: [2], elements: [-half, half]))
    #expect(
      back.gradients["once.weight"]
        == Tensor(shape: [2, 1, 1, 1], elements: [3 * -half, 3 * half]))
    // A map that no layer reads does not move the loss.
    #expect(back.gradients["unread.weight"] == .zeros([1, 2, 1, 1]))
    #expect(back.gradients["unread.bias"] == .zeros([1]))
  }

  @Test func `a mask that belongs to no dropout layer, or does not fit, is refused`() throws {
    var random = SplitMix64(seed: 10)
    let small = SmallNetwork.all[4]
    let weights = small.weights(using: &random)
    let (x, labels) = try small.pictures(1, using: &random)
    for (name, sentence) in [
      ("conv1", "there is a mask for conv1, which is no dropout layer of small FCN-AlexNet"),
      ("drop2", "the mask has shape (1, 6, 3, 1); (1, 6, 3, 4) is expected"),
    ] {
      let error = #expect(throws: GeometryError.self) {
        try small.network.gradients(
          x, labels: labels, weights: weights, masks: [name: .zeros([1, 6, 3, 1])])
      }
      #expect(error?.description == sentence)
    }
  }
}

private func inner(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Double {
  zip(a.elements, b.elements).reduce(0) { $0 + $1.0 * $1.1 }
}
