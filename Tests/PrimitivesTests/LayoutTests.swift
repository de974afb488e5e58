import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

@Suite struct LayoutTests {
  @Test func `every layer goes to every library and back`() throws {
    for layer in WeightedLayer.allCases {
      let shape: Shape =
        switch layer {
        case .convolution, .transposedConvolution: [4, 3, 2, 5]
        case .depthwiseConvolution: [6, 1, 2, 5]
        case .fullyConnected: [4, 3]
        }
      let weight = Tensor<Int>.ramp(shape)
      for framework in Framework.allCases {
        let there = try convertLayout(
          weight, of: layer, from: .pytorch, to: framework, inputChannels: 3)
        let back = try convertLayout(
          there, of: layer, from: framework, to: .pytorch, inputChannels: 3)
        #expect(back == weight, "\(layer) in \(framework.rawValue)")
        #expect(weightDimensions(of: layer, in: framework).count == there.shape.rank)
      }
    }
  }

  @Test func `Keras puts the kernel's rows and columns first`() throws {
    let weight = Tensor<Int>.ramp([4, 3, 2, 5])
    let keras = try convertLayout(weight, of: .convolution, from: .pytorch, to: .keras)
    #expect(keras.shape == [2, 5, 3, 4])
    #expect(keras[1, 4, 2, 3] == weight[3, 2, 1, 4])
    #expect(
      weightDimensions(of: .transposedConvolution, in: .keras)
        == ["kernel height", "kernel width", "out", "in"])
    // In a depthwise layer, kernel c · multiplier + q is the one q of channel c.
    let depthwise = Tensor<Int>.ramp([6, 1, 2, 5])
    let inKeras = try convertLayout(
      depthwise, of: .depthwiseConvolution, from: .pytorch, to: .keras, inputChannels: 3)
    #expect(inKeras.shape == [2, 5, 3, 2])
    #expect(inKeras[1, 4, 2, 1] == depthwise[2 * 2 + 1, 0, 1, 4])
  }

  @Test func `weights of another rank are refused`() {
    #expect(throws: GeometryError.self) {
      try convertLayout(Tensor<Int>.ramp([4, 3]), of: .convolution, from: .caffe, to: .keras)
    }
    #expect(throws: GeometryError.self) {
      try convertLayout(
        Tensor<Int>.ramp([5, 1, 2, 2]), of: .depthwiseConvolution, from: .onnx, to: .keras,
        inputChannels: 2)
    }
  }
}
