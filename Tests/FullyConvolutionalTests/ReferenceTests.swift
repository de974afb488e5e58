import ConvolutionArithmetic
import FullyConvolutional
import Tensors
import Testing

/// A backbone with one channel everywhere and the published geometry.
private let thread = Backbone.slim([1, 1, 1, 1, 1], classifier: 1)

@Suite struct ReferenceTests {
  @Test func `scores cover the picture exactly, and are zero before training`() throws {
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

  @Test func `every tensor that is missing or misshapen is named`() throws {
    let network = Network.fcn32s(classes: 2, backbone: thread)
    var weights = network.initialWeights()
    weights["fc7.bias"] = nil
    weights["conv1_1.weight"] = .zeros([1, 1, 3, 3])
    do {
      _ = try network.forward(Tensor<Float>.zeros([1, 3, 9, 9]), weights: weights)
      Issue.record("the weights were accepted")
    } catch {
      #expect(
        error.description
          == "the weights do not fit FCN-32s: conv1_1.weight has shape (1, 1, 3, 3), "
          + "expected (1, 3, 3, 3); fc7.bias is missing")
    }
  }
}
