import FastKernels
import Primitives
import Tensors
import Testing

@testable import FullyConvolutional

/// Fast training against the readable definition, number by number.
@Suite struct TrainerTests {
  /// Few channels, in numbers that fill blocks of 16 and numbers that don't.
  static let backbone = Backbone(
    blocks: [
      Backbone.Block(1, channels: 5), Backbone.Block(2, channels: 16),
      Backbone.Block(1, channels: 18), Backbone.Block(1, channels: 20),
      Backbone.Block(1, channels: 33),
    ],
    firstPadding: 17, classifierKernelSize: 3, classifierChannels: 24)

  static let networks: [String: Network] = [
    "32s": .fcn32s(classes: 4, backbone: backbone),
    "16s": .fcn16s(classes: 4, backbone: backbone),
    "8s, 18 classes": .fcn8s(classes: 18, backbone: backbone),
    "at once": .fcn8sAtOnce(classes: 4, backbone: backbone),
  ]

  /// Weights that say something in every layer.
  static func weights(of network: Network, seed: UInt64) -> Weights<Float> {
    var random = SplitMix64(seed: seed)
    var weights = network.initialWeights(seed: seed)
    for parameter in network.parameters
    where parameter.name.hasPrefix("score") || parameter.shape.rank == 1 {
      weights[parameter.name] = weights[parameter.name]!.map { _ in Float(random.normal() * 0.3) }
    }
    return weights
  }

  /// Two pictures of different content and some ignored pixels.
  static func batch(_ network: Network, size: Size, count: Int = 2) -> [TrainingExample] {
    var random = SplitMix64(seed: 5)
    let classes = network.channels[network.layers.last!.name]!
    return (0..<count).map { _ in
      TrainingExample(
        input: Tensor(
          shape: [1, 3, size.height, size.width],
          elements: (0..<3 * size.area).map { _ in Float(random.normal()) }),
        labels: (0..<size.area).map { _ in
          let label = random.integer(in: 0...classes)
          return label == classes ? 255 : UInt8(label)
        })
    }
  }

  /// A batch as one tensor.
  static func joined(_ batch: [TrainingExample]) -> (x: Tensor<Double>, labels: Tensor<Int>) {
    let size = batch[0].input.size
    return (
      Tensor(
        shape: [batch.count, 3, size.height, size.width],
        elements: batch.flatMap { $0.input.elements.map(Double.init) }),
      Tensor(
        shape: [batch.count, 1, size.height, size.width],
        elements: batch.flatMap { $0.labels.map(Int.init) })
    )
  }

  /// The largest difference, relative to the largest number expected.
  static func relativeError(_ got: Tensor<Float>, _ expected: Tensor<Double>) -> Double {
    let largest = expected.elements.map(\.magnitude).max() ?? 0
    let worst = zip(got.elements, expected.elements).map { (Double($0) - $1).magnitude }.max() ?? 0
    return largest == 0 ? worst : worst / largest
  }

  @Test(arguments: networks.keys.sorted())
  func `gradients equal the readable ones`(name: String) throws {
    let network = Self.networks[name]!
    // With two skips, the smallest picture that can be cropped out of maps padded by 17 only.
    let isSmall = ["32s", "16s"].contains(name)
    let size = isSmall ? Size(height: 34, width: 45) : Size(height: 49, width: 50)
    let weights = Self.weights(of: network, seed: 3)
    let batch = Self.batch(network, size: size, count: isSmall ? 2 : 1)
    let (x, labels) = Self.joined(batch)
    let exact = weights.mapValues { $0.map(Double.init) }
    for reduction in name == "32s" ? Reduction.allCases : [.mean] {
      let expected = try network.gradients(
        x, labels: labels, weights: exact, reduction: reduction)
      for level in Level.available {
        let trainer = try Trainer(
          network, weights: weights,
          settings: TrainingSettings(rate: 0.01, reduction: reduction, dropout: 0), level: level)
        let (loss, gradients) = try trainer.gradients(batch)
        #expect((loss - expected.loss).magnitude <= 1e-5 * expected.loss)
        let learned = network.parameters.filter { !$0.name.hasPrefix("upscore") }
        #expect(Set(gradients.keys) == Set(learned.map(\.name)))
        for parameter in learned {
          let error = Self.relativeError(
            gradients[parameter.name]!, expected.gradients[parameter.name]!)
          #expect(error <= 1e-4, "\(network.name), \(level), \(parameter.name): \(error)")
        }
      }
    }
  }
}
