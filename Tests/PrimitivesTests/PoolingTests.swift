import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

@Suite struct PoolingTests {
  let pair = Size(height: 1, width: 2)

  @Test func `the largest of each window and where it was`() throws {
    let pooled = try maxPoolWithIndices(
      Tensor([[1, 2, 5, 3], [4, 3, 5, 0]]), by: Pooling(kernelSize: 2))
    #expect(pooled.values == Tensor(row: [4, 5]))
    #expect(pooled.indices == Tensor(row: [1 * 4 + 0, 0 * 4 + 2]))
  }

  @Test func `padding never wins, NaN always does`() throws {
    let negative = try maxPool(
      Tensor([[-7, -5]]), kernelSize: pair, stride: 1,
      padding: Padding(top: 0, left: 1, bottom: 0, right: 1))
    #expect(negative == Tensor(row: [-7, -5, -5]))
    let odd = try maxPoolWithIndices(
      Tensor<Float>(row: [1, .nan, 3, 2]), by: Pooling(kernelSize: pair))
    #expect(odd.values[0].isNaN && odd.values[1] == 3)
    #expect(odd.indices == Tensor(row: [1, 2]))
  }

  @Test func `a window of padding alone has no largest number`() throws {
    let outside = Padding(top: 0, left: 2, bottom: 0, right: 0)
    let pooled = try maxPoolWithIndices(
      Tensor<Float>(row: [1, 2]), by: Pooling(kernelSize: pair, padding: outside))
    #expect(pooled.values == Tensor(row: [-.infinity, 2]))
    #expect(pooled.indices == Tensor(row: [-1, 1]))
    #expect(
      try maxPoolGradient(Tensor(row: [5, 6]), indices: pooled.indices, inputSize: pair)
        == Tensor(row: [0, 6]))
    #expect(throws: GeometryError.self) {
      try maxPool(Tensor(row: [1, 2]), kernelSize: pair, padding: outside)
    }
    #expect(
      try averagePool(Tensor<Fraction>(row: [1, 2]), kernelSize: pair, padding: outside)
        == Tensor(row: [0, Fraction(3, 2)]))
  }

  @Test func `floor, ceil and Caffe's rule`() throws {
    let x = Tensor<Int>.ramp([1, 1, 1, 5])
    func widths(_ kernelSize: Size, _ stride: Size) throws -> [Int] {
      try Rounding.allCases.map {
        try maxPool(x, kernelSize: kernelSize, stride: stride, rounding: $0).width
      }
    }
    #expect(try widths(pair, pair) == [2, 3, 3])
    // k < s: Caffe keeps a window that starts past the input, as 2·3 is past 5. It reads nothing.
    #expect(try Window(kernelSize: 1, stride: 3, rounding: .ceil).outputSize(input: 5) == 2)
    #expect(try Window(kernelSize: 1, stride: 3, rounding: .caffe).outputSize(input: 5) == 3)
    #expect(
      try maxPool(x, kernelSize: pair, rounding: .ceil) == Tensor(row: [2, 4, 5]))
  }

  @Test func `what the sum is divided by`() throws {
    let x = Tensor<Fraction>(row: [2, 4, 6])
    let padding = Padding(top: 0, left: 1, bottom: 0, right: 0)
    func pool(include: Bool, rounding: Rounding = .floor, divisor: Int? = nil) throws
      -> [Fraction]
    {
      try averagePool(
        x, kernelSize: Size(height: 1, width: 3), stride: pair, padding: padding,
        rounding: rounding, countIncludePad: include, divisor: divisor
      ).elements
    }
    #expect(try pool(include: false) == [Fraction(2 + 4, 2)])
    #expect(try pool(include: true) == [Fraction(0 + 2 + 4, 3)])
    // The last window hangs over the end by a cell, which never counts.
    #expect(try pool(include: true, rounding: .ceil) == [Fraction(6, 3), Fraction(4 + 6, 2)])
    #expect(try pool(include: true, divisor: 4) == [Fraction(6, 4)])
    #expect(throws: GeometryError.self) { try pool(include: true, divisor: 0) }
  }

  @Test func `the gradient of the average is its adjoint`() throws {
    let x = Sweep.map(1, 2, Size(height: 5, width: 4)).map { Fraction($0) }
    for rounding in [Rounding.floor, .ceil] {
      for include in [false, true] {
        let kernelSize = Size(height: 3, width: 2)
        let padding = Padding(top: 1, left: 0, bottom: 0, right: 1)
        let y = try averagePool(
          x, kernelSize: kernelSize, stride: 2, padding: padding, rounding: rounding,
          countIncludePad: include)
        let dy = Tensor<Int>.ramp(y.shape).map { Fraction($0) }
        let dx = try averagePoolGradient(
          dy,
          by: Pooling(
            kernelSize: kernelSize, stride: 2, padding: padding, rounding: rounding,
            countIncludePad: include), inputSize: x.size)
        let forward = zip(y.elements, dy.elements).reduce(Fraction(0)) { $0 + $1.0 * $1.1 }
        let backward = zip(x.elements, dx.elements).reduce(Fraction(0)) { $0 + $1.0 * $1.1 }
        #expect(forward == backward)
      }
    }
  }

  @Test func `a shared winner gets every gradient, but is unpooled once`() throws {
    let pooled = try maxPoolWithIndices(
      Tensor(row: [1, 5, 2]), by: Pooling(kernelSize: pair, stride: 1))
    let size = Size(height: 1, width: 3)
    #expect(
      try maxPoolGradient(Tensor(row: [1, 10]), indices: pooled.indices, inputSize: size)
        == Tensor(row: [0, 1 + 10, 0]))
    #expect(
      try maxUnpool(pooled.values, indices: pooled.indices, size: size) == Tensor(row: [0, 5, 0]))
    #expect(throws: GeometryError.self) {
      try maxUnpool(pooled.values, indices: Tensor(row: [0, 3]), size: size)
    }
  }
}
