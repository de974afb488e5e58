import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

@Suite struct ClassifierTests {
  @Test func `fully connected is a sum over everything`() throws {
    let y = try linear(
      Tensor(shape: [1, 2], elements: [1, 2]), Tensor(shape: [2, 2], elements: [1, 0, 3, 4]),
      bias: [10, 20])
    #expect(y.elements == [1 * 1 + 2 * 0 + 10, 1 * 3 + 2 * 4 + 20])
    #expect(throws: GeometryError.self) {
      try linear(Tensor<Int>.ramp([2, 3]), Tensor<Int>.ramp([4, 2]))
    }
  }

  @Test(arguments: FlatteningOrder.allCases)
  func `fully connected to convolution and back`(order: FlatteningOrder) throws {
    let (channels, size) = (3, Size(height: 2, width: 4))
    let x = Sweep.map(2, channels, size)
    let weight = Sweep.map(5, 1, Size(height: 1, width: 24), seed: 7).reshaped([5, 24])
    let kernels = try convolutionKernels(
      fromFullyConnected: weight, channels: channels, size: size, order: order)
    #expect(kernels.shape == [5, 3, 2, 4])
    let flat = (order == .channelRowColumn ? x : x.permuted([0, 2, 3, 1])).reshaped([2, 24])
    #expect(try convolve(x, kernels).elements == linear(flat, weight).elements)
    #expect(try fullyConnectedWeights(fromConvolution: kernels, order: order) == weight)
  }

  @Test func `slid over a larger map, the layer is applied to every window`() throws {
    let x = Sweep.map(1, 2, Size(height: 4, width: 5))
    let size = Size(height: 2, width: 3)
    let weight = Sweep.map(3, 1, Size(height: 1, width: 12), seed: 7).reshaped([3, 12])
    let map = try convolve(
      x, convolutionKernels(fromFullyConnected: weight, channels: 2, size: size))
    for row in 0..<map.height {
      for column in 0..<map.width {
        let window = try crop(x, offset: Size(height: row, width: column), size: size)
        let scores = try linear(window.reshaped([1, 12]), weight)
        #expect(scores.elements == (0..<3).map { map[0, $0, row, column] })
      }
    }
  }

  @Test func `a convolution over a whole map is fully connected by its matrix`() throws {
    let x = Sweep.map(1, 2, Size(height: 3, width: 4))
    let w = Sweep.map(2, 2, 2, seed: 7)
    let matrix = try convolutionMatrix(
      w, by: Convolution(of: w, stride: 2, padding: 1), inputSize: x.size)
    let y = try convolve(x, w, stride: 2, padding: 1)
    #expect(try linear(x.reshaped([1, 24]), matrix).elements == y.elements)
  }

  @Test func `weights that do not fill the map are refused`() {
    #expect(throws: GeometryError.self) {
      try convolutionKernels(fromFullyConnected: Tensor<Int>.ramp([2, 9]), channels: 2, size: 2)
    }
  }

  @Test func `the gradients of a fully connected layer are adjoint`() throws {
    let x = Tensor<Int>.ramp([2, 3])
    let w = Tensor(shape: [2, 3], elements: [3, -1, 4, 1, -5, 9])
    let dy = Tensor(shape: [2, 2], elements: [2, 7, -1, 8])
    let gradients = try linearGradients(dy, input: x, weight: w)
    let sum = try inner(linear(x, w), dy)
    #expect(inner(x, gradients.input) == sum && inner(w, gradients.weight) == sum)
    #expect(gradients.bias == [2 - 1, 7 + 8])
  }

  @Test func `softmax is stable and sums to one`() throws {
    let x = Tensor<Double>(shape: [1, 3], elements: [1000, 1000, -1000])
    #expect(try softmax(x).elements == [0.5, 0.5, 0])
    #expect(try logSoftmax(x)[2] == -2000 - Double.log(2))
    #expect(try softmax(x, axis: -1) == softmax(x, axis: 1))
    #expect(throws: GeometryError.self) { try softmax(x, axis: 2) }
    let odd = try softmax(Tensor<Float>(shape: [1, 2], elements: [.nan, 1]))
    #expect(odd.elements.allSatisfy { $0.isNaN })
  }

  @Test func `argmax takes the first of equals`() throws {
    let x = Tensor(shape: [2, 3], elements: [2, 7, 7, 9, 0, 1])
    #expect(try argmax(x) == Tensor(shape: [2, 1], elements: [1, 0]))
    #expect(try argmax(x, axis: 0, keepingAxis: false) == Tensor(shape: [3], elements: [1, 0, 0]))
    let odd = Tensor<Float>(shape: [1, 3], elements: [1, .nan, 2])
    #expect(try argmax(odd)[0] == 1)
    #expect(throws: GeometryError.self) { try argmax(Tensor<Int>.zeros([2, 0])) }
  }

  @Test func `ReLU and its gradient`() throws {
    let x = Tensor(row: [-2, 0, 3])
    #expect(relu(x) == Tensor(row: [0, 0, 3]))
    #expect(try reluGradient(Tensor(row: [5, 6, 7]), input: x) == Tensor(row: [0, 0, 7]))
  }

  @Test func `dropout by elements and by channels`() throws {
    var random = SplitMix64(seed: 7)
    let shape: Shape = [2, 8, 10, 10]
    let half = Fraction(1, 2)
    let mask: Tensor<Fraction> = try dropoutMask(shape, probability: half, using: &random)
    #expect(Set(mask.elements) == [0, 2])
    let kept = mask.elements.count { $0 == 2 }
    #expect(700...900 ~= kept)
    let whole: Tensor<Fraction> = try dropoutMask(
      shape, probability: half, unit: .channel, using: &random)
    for map in 0..<16 {
      #expect(Set(whole.elements[(map * 100)..<(map * 100 + 100)]).count == 1)
    }
    #expect(Set(whole.elements) == [0, 2])
    let none: Tensor<Fraction> = try dropoutMask(shape, probability: 0, using: &random)
    #expect(none.elements.allSatisfy { $0 == 1 })
    #expect(try multiplied(mask, by: none) == mask)
    #expect(throws: GeometryError.self) {
      try dropoutMask(shape, probability: 1, using: &random) as Tensor<Float>
    }
  }
}
