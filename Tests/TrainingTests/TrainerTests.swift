import ConvolutionArithmetic
import FastKernels
import Networks
import Primitives
import Tensors
import Testing
import Training

/// Fast training against the readable definition and against PyTorch, number by number.
@Suite struct TrainerTests {
  /// Networks that can be trained; channels in numbers that fill blocks of 16 and that don't.
  static let networks: [SmallNetwork] =
    SmallNetwork.all + [
      SmallNetwork(
        network: .fcn8s(
          classes: 5, backbone: SmallNetwork.backbone([2, 4, 17, 3, 33], classifier: 20)),
        picture: Size(height: 4, width: 7)),
      SmallNetwork(
        network: .vgg16(
          classes: 3, backbone: SmallNetwork.backbone([2, 1, 2, 1, 2], classifier: 6)),
        picture: Size(height: 65, width: 66)),
      // Concatenated maps that fill whole blocks, and that do not.
      SmallNetwork(
        network: .uNet(classes: 3, channels: [16, 1]), picture: Size(height: 20, width: 22)),
      SmallNetwork(
        network: .uNet(classes: 3, channels: [3, 2]), picture: Size(height: 20, width: 22)),
      SmallNetwork(network: residual, picture: Size(height: 6, width: 8)),
      SmallNetwork(network: rectifiedSums, picture: Size(height: 6, width: 7)),
      SmallNetwork(network: strided, picture: Size(height: 9, width: 13)),
    ]

  /// Sums of maps that other layers read too, and that a ReLU has made.
  private static let residual = Network("residual") { net in
    let first = net.add(
      "first", .convolution(outputs: 4, kernelSize: 3, padding: 1, relu: true), net.input)
    let second = net.add(
      "second", .convolution(outputs: 4, kernelSize: 3, padding: 1, relu: true), first)
    let sum = net.add("sum", .sum, first, second)
    let twice = net.add("twice", .sum, sum, sum)
    let join = net.add("join", .concatenate, twice, second, sum)
    _ = net.score("score", join, classes: 3)
  }

  /// Sums whose first or second part a ReLU by itself has made, which nobody else reads.
  private static let rectifiedSums = Network("rectified sums") { net in
    func part(_ name: String, of x: Networks.Stream, relu: Bool) -> Networks.Stream {
      let y = net.add(
        name, .convolution(outputs: 4, kernelSize: 3, padding: 1, relu: false), x)
      return relu ? net.add("\(name)_relu", .activation(.relu), y) : y
    }
    let first = net.add(
      "first", .sum, part("a", of: net.input, relu: true), part("b", of: net.input, relu: false))
    let second = net.add(
      "second", .sum, part("c", of: first, relu: false), part("d", of: first, relu: true))
    let third = net.add(
      "third", .sum, net.add("last", .activation(.relu), second), part("e", of: first, relu: true))
    _ = net.score("score", third, classes: 3)
  }

  /// Strides behind the first layer, whole, in groups and channel by channel; ReLUs as layers of their own,
  /// one of which is read twice.
  private static let strided = Network("strided") { net in
    var x = net.add(
      "first", .convolution(outputs: 4, kernelSize: 3, padding: 1, relu: false), net.input)
    x = net.add("norm", .normalization(size: 3, alpha: 0.5, beta: 0.5, k: 2), x)
    x = net.add("relu1", .activation(.relu), x)
    let wide = net.add("wide", .convolution(outputs: 18, kernelSize: 1, relu: false), x)
    x = net.add(
      "half", .convolution(outputs: 18, kernelSize: 4, stride: 2, padding: 2, relu: true), x)
    x = net.add(
      "deep",
      .convolution(outputs: 18, kernelSize: 3, stride: 2, padding: 1, groups: 18, relu: false), x)
    x = net.add("relu2", .activation(.relu), x)
    let other = net.add(
      "groups",
      .convolution(outputs: 18, kernelSize: 3, stride: 4, padding: 1, groups: 2, relu: false), wide)
    let join = net.add("join", .concatenate, x, other, x)
    _ = net.score("score", join, classes: 3)
  }

  /// A batch, in 64 bits and as examples.
  static func batch(
    _ small: SmallNetwork, count: Int, using random: inout SplitMix64
  ) throws -> (x: Tensor<Double>, labels: Tensor<Int>, examples: [TrainingExample]) {
    let (x, labels) = try small.pictures(count, using: &random)
    return (x, labels, examples(x.map { Float($0) }, labels))
  }

  /// The pictures of a batch, one by one.
  static func examples(_ x: Tensor<Float>, _ labels: Tensor<Int>) -> [TrainingExample] {
    let (pixels, area) = (x.shape.count / x.batch, labels.shape.count / x.batch)
    return (0..<x.batch).map { n in
      TrainingExample(
        input: Tensor(
          shape: [1, x.channels, x.height, x.width],
          elements: Array(x.elements[(n * pixels)..<((n + 1) * pixels)])),
        labels: labels.elements[(n * area)..<((n + 1) * area)].map { UInt8($0) })
    }
  }

  @Test(arguments: networks)
  func `gradients are those of the readable chain`(small: SmallNetwork) throws {
    var random = SplitMix64(seed: 3)
    let weights = small.weights(using: &random).mapValues { $0.map { Float($0) } }
    let (x, labels, examples) = try Self.batch(small, count: 2, using: &random)
    let exact = small.network.withBilinearUpsampling(weights, using: { Double($0) })
    let start = small.network.withBilinearUpsampling(weights, using: { $0 })
    let expected = try small.network.gradients(
      x.map { Double(Float($0)) }, labels: labels, weights: exact)
    for level in Level.available {
      let trainer = try Trainer(
        small.network, weights: start, settings: TrainingSettings(dropout: 0),
        level: level)
      let (loss, gradients) = try trainer.gradients(examples)
      #expect(abs(loss - expected.loss) <= 1e-5 * (1 + expected.loss))
      let learned = expected.gradients.filter {
        small.network.multipliers(of: $0.key) != .fixed
      }
      #expect(Set(gradients.keys) == Set(learned.keys))
      // Sums of 32 bits, some of them through Winograd's transforms.
      PyTorchGradients.expect(
        gradients, toBe: learned.mapValues { $0.map { Float($0) } }, within: 1e-4)
    }
  }

  @Test(arguments: PyTorchGradients.names)
  func `gradients are PyTorch's`(name: NetworkName) throws {
    let peer = try PyTorchGradients(name)
    let trainer = try Trainer(
      peer.network, weights: peer.weights,
      settings: TrainingSettings(dropout: 0))
    let (loss, gradients) = try trainer.gradients(Self.examples(peer.x, peer.labels))
    #expect(abs(Float(loss) - peer.losses[.mean]!) <= 1e-5 * Float(loss))
    PyTorchGradients.expect(
      gradients, toBe: peer.gradients.filter { !peer.network.isUpsampling($0.key) },
      within: 1e-4)
  }

  @Test func `gradient descent goes where PyTorch's goes`() throws {
    let peer = try PyTorchGradients(.fcn8s)
    let training = try #require(peer.training)
    let trainer = try Trainer(
      peer.network, weights: peer.weights,
      settings: TrainingSettings(
        momentum: training.descent.momentum,
        weightDecay: training.descent.decay, dropout: 0))
    let examples = Self.examples(peer.x, peer.labels)
    for loss in training.losses {
      #expect(
        abs(try trainer.learn(examples, rate: training.descent.rate) - Double(loss)) <= 1e-4
          * Double(loss))
    }
    PyTorchGradients.expect(trainer.weights, toBe: training.weights, within: 1e-4)
  }

  @Test func `upsampling that learns is dense, all but the last`() throws {
    let small = SmallNetwork.all[2]
    var random = SplitMix64(seed: 12)
    let weights = small.network.withBilinearUpsampling(
      small.weights(using: &random), using: { Float($0) })
    let (x, labels, examples) = try Self.batch(small, count: 1, using: &random)
    let expected = try small.network.gradients(
      x.map { Double(Float($0)) }, labels: labels,
      weights: weights.mapValues { $0.map { Double($0) } })
    let trainer = try Trainer(
      small.network, weights: weights,
      settings: TrainingSettings(dropout: 0, learnsUpsampling: true))
    let (_, gradients) = try trainer.gradients(examples)
    #expect(gradients["upscore8.weight"] == nil)
    for name in ["upscore2.weight", "upscore_pool4.weight"] {
      PyTorchGradients.expect(
        gradients, toBe: [name: expected.gradients[name]!.map { Float($0) }], within: 1e-4)
      // From one class to another, where the weights are still 0.
      #expect(gradients[name]![0, 1, 1, 1] != 0)
    }
    // After a step classes mix, and the way forward and back follows.
    _ = try trainer.learn(examples, rate: 0.05)
    let moved = trainer.weights
    #expect(moved["upscore2.weight"]![0, 1, 1, 1] != 0)
    let next = try small.network.gradients(
      x.map { Double(Float($0)) }, labels: labels,
      weights: moved.mapValues { $0.map { Double($0) } })
    PyTorchGradients.expect(
      try trainer.gradients(examples).gradients.filter { $0.key != "upscore8.weight" },
      toBe: next.gradients.filter { $0.key != "upscore8.weight" }
        .mapValues { $0.map { Float($0) } },
      within: 1e-4)
  }

  @Test func `any number of threads gives the same bits`() throws {
    let small = Self.networks[4]
    var random = SplitMix64(seed: 4)
    let weights = small.network.withBilinearUpsampling(
      small.weights(using: &random), using: { Float($0) })
    let (_, _, examples) = try Self.batch(small, count: 5, using: &random)
    let trainers = try [1, 2, 3, 8].map {
      try Trainer(
        small.network, weights: weights,
        settings: TrainingSettings(dropout: 0.5, seed: 9), threads: Threads($0))
    }
    for step in 0..<3 {
      let losses = try trainers.map { try $0.learn(examples, rate: 0.01, step: step) }
      #expect(Set(losses).count == 1, "step \(step): \(losses)")
    }
    for trainer in trainers.dropFirst() {
      #expect(trainer.weights == trainers[0].weights)
      #expect(trainer.velocities == trainers[0].velocities)
    }
  }

  @Test(arguments: networks.indices)
  func `to save memory changes no bit`(number: Int) throws {
    let small = Self.networks[number]
    var random = SplitMix64(seed: 5)
    let weights = small.network.withBilinearUpsampling(
      small.weights(using: &random), using: { Float($0) })
    let (_, _, examples) = try Self.batch(small, count: 3, using: &random)
    let trainers = try [(false, 2), (true, 2), (true, 1)].map { savesMemory, threads in
      try Trainer(
        small.network, weights: weights,
        settings: TrainingSettings(dropout: 0.5, learnsUpsampling: true, seed: 9),
        savesMemory: savesMemory, threads: Threads(threads))
    }
    for step in 0..<3 {
      let losses = try trainers.map { try $0.learn(examples, rate: 0.01, step: step) }
      #expect(Set(losses).count == 1, "step \(step): \(losses)")
      #expect(Set(try trainers.map { try $0.gradients(examples).loss }).count == 1)
      // What was given back is made anew.
      trainers[1].rest()
    }
    for trainer in trainers.dropFirst() {
      #expect(trainer.weights == trainers[0].weights)
      #expect(trainer.velocities == trainers[0].velocities)
    }
  }

  @Test func `dropout depends on the step and the seed, and on nothing else`() throws {
    let small = SmallNetwork(
      network: SmallNetwork.all[0].network, picture: Size(height: 40, width: 70))
    var random = SplitMix64(seed: 6)
    let weights = small.network.withBilinearUpsampling(
      small.weights(using: &random), using: { Float($0) })
    let (_, _, examples) = try Self.batch(small, count: 2, using: &random)
    func loss(seed: UInt64, step: Int, unit: DropoutUnit = .element) throws -> Double {
      try Trainer(
        small.network, weights: weights,
        settings: TrainingSettings(dropout: 0.5, dropoutUnit: unit, seed: seed)
      ).gradients(examples, step: step).loss
    }
    #expect(try loss(seed: 1, step: 1) == loss(seed: 1, step: 1))
    #expect(
      try Set([loss(seed: 1, step: 1), loss(seed: 1, step: 2), loss(seed: 2, step: 1)]).count == 3)
    #expect(try loss(seed: 1, step: 1, unit: .channel) != loss(seed: 1, step: 1))
  }

  @Test func `a picture that does not fit is refused before anything moves`() throws {
    let small = SmallNetwork.all[2]
    var random = SplitMix64(seed: 6)
    let weights = small.network.withBilinearUpsampling(
      small.weights(using: &random), using: { Float($0) })
    let (_, _, examples) = try Self.batch(small, count: 1, using: &random)
    let trainer = try Trainer(
      small.network, weights: weights, settings: TrainingSettings())
    var labels = examples[0].labels
    labels[3] = 3
    let tooLarge = #expect(throws: GeometryError.self) {
      try trainer.learn([TrainingExample(input: examples[0].input, labels: labels)], rate: 1)
    }
    #expect(
      tooLarge?.description == "a label is 3; it must be from 0 to 2, or 255, which is ignored")
    let tooFew = #expect(throws: GeometryError.self) {
      try trainer.learn([TrainingExample(input: examples[0].input, labels: [0, 1])], rate: 1)
    }
    #expect(tooFew?.description == "there are 2 labels for scores of 5×3; expected 15")
    #expect(trainer.weights == weights)
  }

  @Test func `a loss that is not finite moves nothing`() throws {
    let small = SmallNetwork.all[0]
    var random = SplitMix64(seed: 6)
    var weights = small.network.withBilinearUpsampling(
      small.weights(using: &random), using: { Float($0) })
    weights["score_fr.bias"] = Tensor(shape: [3], elements: [.infinity, 0, 0])
    let (_, _, examples) = try Self.batch(small, count: 1, using: &random)
    let trainer = try Trainer(
      small.network, weights: weights, settings: TrainingSettings())
    #expect(try !trainer.learn(examples, rate: 1).isFinite)
    #expect(trainer.weights == weights)
  }

  @Test func `layers that cannot learn here are named`() throws {
    let pooling = try Pooling(kernelSize: 2)
    let network = Network("means") { net in
      let x = net.add(
        "conv", .convolution(outputs: 4, kernelSize: 3, padding: 1, relu: true), net.input)
      _ = net.score("score", net.add("mean", .averagePool(pooling), x), classes: 3)
    }
    let error = #expect(throws: GeometryError.self) {
      try Trainer(
        network, weights: network.initialWeights(), settings: TrainingSettings())
    }
    #expect(error?.description.contains("mean") == true)
  }
}

extension Network {
  /// The weights with bilinear kernels where upsampling is fixed, as training has them.
  func withBilinearUpsampling<Scalar, Other: Transcendental>(
    _ weights: Weights<Scalar>, using convert: (Scalar) -> Other
  ) -> Weights<Other> {
    var result = weights.mapValues { $0.map(convert) }
    for parameter in parameters where isUpsampling(parameter.name) {
      result[parameter.name] = bilinearKernels(
        classes: parameter.shape[0], kernelSize: Size(parameter.shape[2]))
    }
    return result
  }
}
