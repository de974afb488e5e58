import Networks
import Primitives
import Tensors
import Testing
import Training

/// Losses, gradients and steps of training against PyTorch's.
@Suite struct PyTorchGradientTests {
  /// PyTorch's numbers were rounded from 64 bits to 32.
  private let rounding = 1e-7

  @Test(arguments: PyTorchGradients.names)
  func `the readable chain gives PyTorch's gradients`(name: NetworkName) throws {
    let peer = try PyTorchGradients(name)
    let weights = peer.weights.mapValues { $0.map { Double($0) } }
    let back = try peer.network.gradients(
      peer.x.map { Double($0) }, labels: peer.labels, weights: weights)
    #expect(abs(back.loss - Double(peer.losses[.mean]!)) <= rounding * back.loss)
    PyTorchGradients.expect(back.gradients, toBe: peer.gradients, within: rounding)
    // Every tensor was compared but one kernel.
    let left = Set(back.gradients.keys).subtracting(peer.gradients.keys)
    #expect(left == (["fcn16s", "fcn8s"].contains(name.rawValue) ? [] : ["upscore.weight"]))

    let scores = try peer.network.forward(peer.x, weights: peer.weights)
    let sum = try crossEntropy(scores, labels: peer.labels, reduction: .sum)
    // Sums of 32 bits through all layers.
    #expect(abs(sum - peer.losses[.sum]!) <= 1e-5 * sum)
  }

  @Test(arguments: PyTorchGradients.names)
  func `so it does in 32 bits`(name: NetworkName) throws {
    let peer = try PyTorchGradients(name)
    let back = try peer.network.gradients(peer.x, labels: peer.labels, weights: peer.weights)
    #expect(abs(back.loss - peer.losses[.mean]!) <= 1e-5 * back.loss)
    PyTorchGradients.expect(back.gradients, toBe: peer.gradients, within: 1e-4)
  }

  @Test func `gradient descent goes where PyTorch's goes`() throws {
    let peer = try PyTorchGradients(.fcn8s)
    let training = try #require(peer.training)
    let x = peer.x.map { Double($0) }
    let start = peer.weights.mapValues { $0.map { Double($0) } }
    var (weights, velocities): (Weights<Double>, Weights<Double>) = (start, [:])
    for loss in training.losses {
      let back = try peer.network.gradients(x, labels: peer.labels, weights: weights)
      #expect(abs(back.loss - Double(loss)) <= rounding * back.loss)
      (weights, velocities) = try peer.network.step(
        weights, velocities: velocities, gradients: back.gradients, training.descent)
    }
    PyTorchGradients.expect(weights, toBe: training.weights, within: rounding)
    for name in ["upscore2", "upscore_pool4", "upscore8"].map({ "\($0).weight" }) {
      #expect(weights[name] == start[name])
    }
    #expect(weights.count == training.weights.count + 3)
  }
}
