import ConvolutionArithmetic
import Networks
import Tensors
import Testing

@Suite struct ReferenceTests {
  @Test func `every tensor that is missing or misshapen is named`() throws {
    let network = Network.fcn32s(classes: 2, backbone: .slim([1, 1, 1, 1, 1], classifier: 1))
    var weights = network.noise(seed: 1)
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
