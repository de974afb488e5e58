import ConvolutionArithmetic
import Foundation
import Interchange
import Networks
import Tensors
import Testing
import WeightFiles

/// Networks written as ONNX models; that onnxruntime gives the same numbers is tried by
/// Tests/Conformance/onnx_networks.py.
@Suite struct ONNXExportTests {
  /// What comes back of a network that was written, at one size of picture.
  private func readBack(
    _ network: Network, _ weights: Weights<Float>, size: Size
  ) throws -> (network: Network, weights: Weights<Float>) {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "convbook-\(UInt64.random(in: 0 ... .max)).onnx").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try network.writeONNX(weights: WeightSource(weights), to: path)
    let read = try ONNXNetwork(path: path) { _ in (nil, size) }
    #expect(read.notes == [])
    return (
      read.network,
      try Dictionary(uniqueKeysWithValues: read.weights.map { ($0.name, try $0.tensor()) })
    )
  }

  private func expectSameNumbers(_ network: Network, size: Size) throws {
    var random = SplitMix64(seed: 4)
    let weights = network.noise(seed: 4)
    let x: Tensor<Float> = random.noise([2, network.channels["input"]!, size.height, size.width])
    let expected = try network.forward(x, weights: weights)
    let back = try readBack(network, weights, size: size)
    let y = try back.network.forward(x, weights: back.weights)
    let largest = expected.elements.map(abs).max()!
    let difference = y.difference(from: expected, relative: 0, absolute: 1e-6 * max(1, largest))
    #expect(difference == nil, "\(network.listing)")
  }

  @Test func `networks of the book come back with their numbers`() throws {
    let slim = Backbone.slim([2, 3, 4, 3, 2], classifier: 5)
    try expectSameNumbers(.fcn8s(classes: 3, backbone: slim), size: Size(height: 5, width: 9))
    try expectSameNumbers(.fcn16s(classes: 3, backbone: slim), size: 7)
    try expectSameNumbers(.fcn8sAtOnce(classes: 3, backbone: slim), size: 5)
    try expectSameNumbers(
      .fcnAlexNet(classes: 3, channels: [2, 4, 4, 4, 2], classifier: 5), size: 41)
    try expectSameNumbers(.uNet(classes: 2, channels: [2, 3, 2]), size: 44)
  }

  @Test func `40 random branching networks come back with their numbers`() throws {
    var random = SplitMix64(seed: 30)
    for _ in 0..<40 {
      let (network, picture) = Network.random(using: &random)
      // Caffe keeps windows that start behind the input; ONNX has no way to say so.
      let isCaffes = network.layers.contains { layer in
        if case .maxPool(let pooling) = layer.operation {
          pooling.rounding == .caffe
        } else {
          false
        }
      }
      if !isCaffes { try expectSameNumbers(network, size: picture) }
    }
  }

  @Test func `layers keep their names, and dropout is left out`() throws {
    let network = Network.vgg16(classes: 3, backbone: .slim([1, 1, 1, 1, 1], classifier: 2))
    let back = try readBack(network, network.noise(seed: 1), size: 224).network
    let kept = Set(back.layers.map(\.name))
    for layer in network.layers {
      #expect(kept.contains(layer.name) == (layer.operation.kind != "drop"), "\(layer.name)")
    }
  }

  @Test func `each operation comes back with its numbers`() throws {
    let window = try Window(
      kernelSize: 3, stride: 2, dilation: 2, paddingBefore: 1, paddingAfter: 2)
    let up = try Convolution(rows: window, columns: window, groups: 2).transposed(outputPadding: 1)
    let half = Fraction(3, 2)
    let operations: [Network.Operation] = [
      .convolution(
        try Convolution(rows: window, columns: window, groups: 2), outputs: 6, bias: true,
        relu: true),
      .transposedConvolution(up, outputs: 4, bias: true),
      .maxPool(try Pooling(kernelSize: 2, rounding: .ceil)),
      .averagePool(try Pooling(kernelSize: 3, stride: 2, padding: 1, countIncludePad: true)),
      .globalPool(.maximum), .globalPool(.mean),
      .batchNormalization(epsilon: 0.1, isAffine: true),
      .batchNormalization(epsilon: 0.1, isAffine: false),
      .affine(weight: true, bias: true), .affine(weight: false, bias: true),
      .affine(weight: true, bias: false), .power(exponent: 2, scale: 3, shift: 1),
      .power(exponent: 1, scale: 1, shift: 0), .softmax, .dropout(probability: 0.5),
      .normalization(size: 3, alpha: 0.2, beta: 0.7, k: 2),
      .cut(offset: Size(height: 1, width: 2), size: Size(height: 3, width: 2)),
      .pad(Padding(top: 1, left: 0, bottom: 2, right: 3), .value(0.5)), .pad(2, .reflection),
      .pad(1, .replication), .channels(1..<3), .shuffle(groups: 2), .identity("split"),
      .resize(try Network.Resize(.factors(2, half), .bilinear, .alignedCorners)),
      .resize(try Network.Resize(.factors(half, 3), .nearest, .halfPixel, nearest: .roundHalfUp)),
      .resize(try Network.Resize(.size(Size(height: 9, width: 4)), .bilinear, .asymmetric)),
    ]
    let functions: [Network.Activation] = [
      .relu, .leakyReLU(slope: 0.3), .learnedReLU(isShared: true), .learnedReLU(isShared: false),
      .clipped(-0.5...0.5), .clipped(-0.25...(.infinity)), .elu(alpha: 0.5), .sigmoid, .tanh,
      .hardSigmoid(alpha: 0.3, beta: 0.4), .hardSwish, .silu, .gelu, .softplus, .absolute,
      .exponential,
    ]
    for operation in operations + functions.map(Network.Operation.activation) {
      try expectSameNumbers(
        Network("one", input: 4) { net in _ = net.add("a", operation, net.input) },
        size: Size(height: 6, width: 7))
    }
    // A map that takes the size of another: larger and smaller ones, by odd differences.
    let second = try Network.Resize(.second, .bilinear, .halfPixel)
    for operation: Network.Operation in [
      .resize(second), .padTo(offset: nil), .padTo(offset: Size(height: 1, width: 0)), .centerCrop,
      .crop(offset: 1),
    ] {
      for (picture, other) in [(Size(height: 9, width: 8), 2), (Size(height: 5, width: 8), -3)] {
        if other < 0, operation == .centerCrop || operation == .crop(offset: 1) { continue }
        try expectSameNumbers(
          Network("like", input: 4) { net in
            let cut = Padding(top: -other, left: -other, bottom: 0, right: -1)
            _ = net.add("b", operation, net.input, net.add("a", .pad(cut, .value(0)), net.input))
          }, size: picture)
      }
    }
    // As much output padding as the stride: the padding that comes back, and the bias alone.
    for padding in [0, 1, 3] {
      let wide = try Convolution(
        kernelSize: 2, stride: Size(height: 1, width: 2), padding: Padding(Size(padding)),
        dilation: 4
      ).transposed(outputPadding: 3)
      try expectSameNumbers(
        Network("wide", input: 4) { net in
          _ = net.add("a", .transposedConvolution(wide, outputs: 3, bias: padding < 3), net.input)
        }, size: Size(height: 9, width: 8))
    }
    for operation: Network.Operation in [
      .sum, .sum(coefficients: [2, -1]), .product, .maximum, .concatenate,
    ] {
      try expectSameNumbers(
        Network("two", input: 4) { net in
          _ = net.add("b", operation, net.input, net.add("a", .relu, net.input))
        }, size: Size(height: 6, width: 7))
    }
  }
}
