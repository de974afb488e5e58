import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

@Suite struct TransposedConvolutionTests {
  @Test func `each input cell stamps the kernel`() throws {
    let y = Tensor([[0, 1], [2, 3]])
    #expect(try transposedConvolve(y, y) == Tensor([[0, 0, 1], [0, 4, 6], [4, 12, 9]]))
  }

  @Test func `stride, padding and output padding`() throws {
    let (y, w) = (Tensor(row: [1, 2]), Tensor(row: [1, 2, 3]))
    let across = Size(height: 1, width: 2)
    #expect(
      try transposedConvolve(y, w, stride: across) == Tensor(row: [1, 2, 3 + 2, 2 * 2, 2 * 3]))
  }
}
