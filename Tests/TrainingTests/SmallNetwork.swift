import ConvolutionArithmetic
import Networks
import Primitives
import Tensors
import Testing

/// The published networks with one to four channels and small pictures, for tests that need every
/// kind of layer and little time.
struct SmallNetwork: CustomTestStringConvertible {
  let network: Network
  /// The size of its pictures, tall or wide.
  let picture: Size

  var testDescription: String { network.name }

  static let all: [SmallNetwork] = [
    SmallNetwork(network: .fcn32s(classes: 3, backbone: backbone), picture: portrait),
    SmallNetwork(network: .fcn16s(classes: 3, backbone: backbone), picture: portrait),
    SmallNetwork(network: .fcn8s(classes: 3, backbone: backbone), picture: portrait),
    SmallNetwork(network: .fcn8sAtOnce(classes: 3, backbone: backbone), picture: portrait),
    SmallNetwork(network: alexNet, picture: Size(height: 10, width: 13)),
    SmallNetwork(
      network: .uNet(classes: 3, channels: [2, 3, 2]), picture: Size(height: 44, width: 48)),
  ]

  private static let portrait = Size(height: 5, width: 3)
  private static let backbone = backbone([1, 2, 2, 3, 2], classifier: 4)

  /// The layers of VGG16, one convolution in each block, with the smallest first padding that all three
  /// FCNs work with for every picture.
  static func backbone(_ channels: [Int], classifier: Int) -> Backbone {
    Backbone(
      blocks: channels.map { Backbone.Block(1, channels: $0) }, firstPadding: 40,
      classifierKernelSize: 3, classifierChannels: classifier)
  }

  /// AlexNet's kinds of layers with smaller windows: stride, groups, overlapping pools, normalisation.
  private static let alexNet = Network("small FCN-AlexNet") { net in
    var x = net.input
    x = net.add(
      "conv1", .convolution(outputs: 4, kernelSize: 5, stride: 2, padding: 4, relu: true), x)
    x = net.add("pool1", .maxPool(kernelSize: 3, stride: 2, rounding: .ceil), x)
    // A large α, so that neighbours count.
    x = net.add("norm1", .normalization(size: 3, alpha: 0.5, beta: 0.75), x)
    x = net.add(
      "conv2", .convolution(outputs: 6, kernelSize: 3, padding: 1, groups: 2, relu: true), x)
    x = net.add("drop2", .dropout(probability: 0.5), x)
    x = net.score("score_fr", x, classes: 3)
    x = net.add("upscore", .transposedConvolution(outputs: 3, kernelSize: 7, stride: 4), x)
    net.add("score", .crop, x, net.input)
  }

  /// Weights that are not zero and more often positive than not, so that no ReLU shuts a whole stream.
  func weights(using random: inout SplitMix64) -> Weights<Double> {
    var weights: Weights<Double> = [:]
    for parameter in network.parameters {
      let shape = parameter.shape
      let inputs = shape.dimensions.dropFirst().reduce(1, *)
      let deviation = (2 / Double(inputs)).squareRoot()
      weights[parameter.name] = random.noise(shape).map {
        shape.rank == 1 ? 0.3 + 0.1 * $0 : deviation * (0.25 + $0)
      }
    }
    return weights
  }

  /// Noise, and random labels of which some are to be ignored.
  func pictures(
    _ count: Int, using random: inout SplitMix64
  ) throws -> (x: Tensor<Double>, labels: Tensor<Int>) {
    let size = try network.shapes(input: picture).last!.size
    let x = random.noise([count, network.channels["input"]!, picture.height, picture.width])
    let labels = (0..<count * size.area).map { _ in [0, 1, 2, 255][random.integer(in: 0...3)] }
    return (x, Tensor(shape: [count, 1, size.height, size.width], elements: labels))
  }

  /// A mask for each dropout layer, of elements.
  func masks(_ count: Int, using random: inout SplitMix64) throws -> [String: Tensor<Double>] {
    var masks: [String: Tensor<Double>] = [:]
    for (layer, map) in zip(network.layers, try network.shapes(input: picture)) {
      guard case .dropout = layer.operation else { continue }
      masks[layer.name] = try dropoutMask(
        [count, map.channels, map.size.height, map.size.width], probability: Fraction(1, 4),
        using: &random)
    }
    return masks
  }
}

extension SplitMix64 {
  /// Numbers of mean 0 and variance 1.
  mutating func noise(_ shape: Shape) -> Tensor<Double> {
    var elements: [Double] = []
    for _ in 0..<shape.count { elements.append(normal()) }
    return Tensor(shape: shape, elements: elements)
  }
}
