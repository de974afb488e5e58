import FastKernels
import Foundation
import Interchange
import Networks
import Tensors
import Testing
import WeightFiles

/// Slim networks whose scores PyTorch computed; see Fixtures/make-fixtures.py.
@Suite struct PyTorchTests {
  /// The pictures and their scores for a network.
  private static func cases(_ name: NetworkName) throws -> [(x: Tensor<Float>, y: Tensor<Float>)] {
    let tensors = try PyTorchFile.tensors("slim-scores")
    return ["1x1", "33x28", "7x61", "30x17"].map { size in
      (tensors["x.\(size)"]!, tensors["\(name.rawValue).\(size)"]!)
    }
  }

  @Test(arguments: [NetworkName.fcn32s, .fcn16s, .fcn8s, .fcn8sAtOnce, .fcnAlexNet])
  func `scores are PyTorch's`(name: NetworkName) throws {
    let weights = try PyTorchFile.tensors(name == .fcnAlexNet ? "slim-alexnet" : "slim-vgg")
    let network = name.network(fitting: { weights[$0]?.shape })
    for exact in [false, true] {
      let fast = try FastNetwork(network, weights: WeightSource(weights), exact: exact)
      for (x, y) in try Self.cases(name) {
        // PyTorch computed in 64 bits; 32-bit sums through 16 layers stay within 2e-5 of the
        // largest score, also with Winograd's rounding.
        let largest = y.elements.map(abs).max()!
        let difference = try fast.forward(x).difference(
          from: y, relative: 0, absolute: 2e-5 * largest)
        #expect(difference == nil, "\(x.size), exact: \(exact)")
      }
    }
  }

  @Test func `the readable primitives give PyTorch's scores`() throws {
    let weights = try PyTorchFile.tensors("slim-alexnet")
    let network = NetworkName.fcnAlexNet.network(fitting: { weights[$0]?.shape })
    let (x, y) = try Self.cases(.fcnAlexNet)[0]
    let largest = y.elements.map(abs).max()!
    let scores = try network.forward(x, weights: weights)
    #expect(scores.difference(from: y, relative: 0, absolute: 1e-5 * largest) == nil)
  }

  @Test func `channels and classes are read from the tensors`() throws {
    let weights = try PyTorchFile.tensors("slim-vgg")
    var shapes = weights.mapValues(\.shape)
    let network = NetworkName.fcn8s.network(fitting: { shapes[$0] })
    #expect(
      network
        == .fcn8s(classes: 3, backbone: .slim([8, 10, 12, 9, 16], classifier: 20)))
    // One wrong tensor does not change what the others say.
    shapes["conv2_1.weight"] = [11, 8, 3, 3]
    #expect(NetworkName.fcn8s.network(fitting: { shapes[$0] }) == network)
    #expect(NetworkName.fcn8s.network(fitting: { _ in nil }) == .fcn8s())
    #expect(NetworkName.fcnAlexNet.network(fitting: { _ in nil }) == .fcnAlexNet())
  }

  @Test func `small networks of any number of convolutions a block are told by their tensors`() {
    for counts in [[1, 2, 3, 2, 1], [1, 1, 2, 2, 1]] {
      var backbone = Backbone.scenes
      for (block, count) in counts.enumerated() {
        backbone.blocks[block] = Backbone.Block(count, channels: 3 + block)
      }
      let network = Network.fcn8s(classes: 6, backbone: backbone)
      let shapes = Dictionary(
        uniqueKeysWithValues: network.parameters.map { ($0.name, $0.shape) })
      #expect(NetworkName.fcn8s.network(fitting: { shapes[$0] }) == network, "\(counts)")
    }
  }
}

/// The files that PyTorch wrote; see the scripts in Fixtures.
private enum PyTorchFile {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  /// All tensors of a file, by name.
  static func tensors(_ name: String) throws -> Weights<Float> {
    let file = try WeightFile.open(folder.appending(path: "\(name).safetensors").path)
    return try Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, try $0.tensor()) })
  }
}
