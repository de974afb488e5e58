import Foundation
import Interchange
import Networks
import Primitives
import Tensors
import Testing
import Training
import WeightFiles

/// A slim network that PyTorch ran forward and back, in 64 bits; see Fixtures/make-gradients.py.
struct PyTorchGradients {
  let network: Network
  let weights: Weights<Float>
  let x: Tensor<Float>
  /// Some are to be ignored.
  let labels: Tensor<Int>
  let losses: [Reduction: Float]
  /// Of the mean loss, by all tensors but kernels of 63×63 and 64×64.
  let gradients: Weights<Float>
  /// The losses of a few steps of gradient descent, and the weights after the last; FCN-8s alone.
  let training: (losses: [Float], descent: GradientDescent<Double>, weights: Weights<Float>)?

  static let names: [NetworkName] = [.fcn32s, .fcn16s, .fcn8s, .fcnAlexNet]

  init(_ name: NetworkName) throws {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    let file = try WeightFile.open(fixtures.appending(path: "slim-gradients.safetensors").path)
    let tensors = try Dictionary(
      uniqueKeysWithValues: file.entries.map { ($0.name, try $0.tensor()) })
    func all(_ prefix: String) -> Weights<Float> {
      Dictionary(
        uniqueKeysWithValues: tensors.filter { $0.key.hasPrefix(prefix) }.map {
          (String($0.key.dropFirst(prefix.count)), $0.value)
        })
    }
    let backbone = SmallNetwork.backbone([2, 3, 4, 5, 6], classifier: 7)
    network =
      switch name {
      case .fcn32s: .fcn32s(classes: 3, backbone: backbone)
      case .fcn16s: .fcn16s(classes: 3, backbone: backbone)
      case .fcn8s: .fcn8s(classes: 3, backbone: backbone)
      default: .fcnAlexNet(classes: 3, channels: [2, 4, 6, 4, 4], classifier: 7)
      }
    let family = name == .fcnAlexNet ? "alexnet." : "fcn."
    // Upsampling is bilinear, as training begins; all other tensors are in the file.
    weights = network.initialWeights(from: all(family))
    x = tensors["\(family)x"]!
    labels = tensors["labels"]!.map { Int($0) }
    let loss = all("\(name.rawValue).loss.").mapValues { $0[0] }
    losses = [.sum: loss["sum"]!, .mean: loss["mean"]!]
    gradients = all("\(name.rawValue).gradient.")
    let settings = tensors["training.settings"]!.map { Double($0) }
    training =
      name != .fcn8s
      ? nil
      : (
        tensors["training.losses"]!.elements,
        GradientDescent(rate: settings[0], momentum: settings[1], decay: settings[2]),
        all("trained.")
      )
  }

  /// Expects tensors to be those of PyTorch, but for so much of the largest number of each tensor.
  static func expect<Scalar: BinaryFloatingPoint & CustomStringConvertible>(
    _ got: Weights<Scalar>, toBe expected: Weights<Float>, within tolerance: Scalar,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (name, tensor) in expected.sorted(by: { $0.key < $1.key }) {
      let largest = tensor.elements.map { abs($0) }.max()!
      let difference = got[name]?.difference(
        from: tensor.map { Scalar($0) }, relative: 0, absolute: tolerance * Scalar(largest))
      #expect(
        got[name] != nil && difference == nil,
        "\(name): \(difference?.description ?? "missing")", sourceLocation: sourceLocation)
    }
  }
}
