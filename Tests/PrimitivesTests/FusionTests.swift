import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

@Suite struct FusionTests {
  @Test func `a crop and its gradient`() throws {
    let x = Tensor<Int>.ramp([1, 1, 3, 4])
    let offset = Size(height: 1, width: 2)
    let part = try crop(x, offset: offset, size: Size(height: 2, width: 1))
    #expect(part == Tensor([[7], [11]]))
    #expect(
      try cropGradient(part, offset: offset, inputSize: x.size)
        == Tensor([[0, 0, 0, 0], [0, 0, 7, 0], [0, 0, 11, 0]]))
    for (offset, size): (Size, Size) in [(2, 2), (-1, 1), (0, -1), (Size(Int.max), 2)] {
      #expect(throws: GeometryError.self) { try crop(x, offset: offset, size: size) }
    }
  }

  @Test func `sum and concatenation`() throws {
    let a = Tensor<Int>.ramp([2, 1, 1, 2])
    let b = Tensor<Int>.ramp([2, 2, 1, 2]).map { $0 * 10 }
    #expect(try fuseBySum(a, a) == a.map { $0 * 2 })
    #expect(throws: GeometryError.self) { try fuseBySum(a, b) }
    let joined = try fuseByConcatenation([a, b])
    #expect(joined.shape == [2, 3, 1, 2])
    #expect(joined.elements == [1, 2, 10, 20, 30, 40, 3, 4, 50, 60, 70, 80])
    #expect(try splitChannels(joined, into: [1, 2]) == [a, b])
    #expect(throws: GeometryError.self) { try splitChannels(joined, into: [1, 1]) }
    #expect(throws: GeometryError.self) {
      try fuseByConcatenation([a, Tensor<Int>.ramp([2, 1, 2, 1])])
    }
    #expect(throws: GeometryError.self) { try fuseByConcatenation([Tensor<Int>]()) }
  }
}
