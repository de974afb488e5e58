import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

@Suite struct TransposedConvolutionTests {
  @Test func `each input cell stamps the kernel`() throws {
    let y = Tensor([[0, 1], [2, 3]])
    #expect(try transposedConvolve(y, y) == Tensor([[0, 0, 1], [0, 4, 6], [4, 12, 9]]))
  }

  @Test func `in and out channels exchanged twice are as before`() {
    let w = Tensor<Int>.ramp([4, 3, 1, 2])
    #expect(Tensor<Int>.ramp([2, 3, 1, 1]).channelsExchanged().elements == [1, 4, 2, 5, 3, 6])
    #expect(w.channelsExchanged(groups: 2).shape == [6, 2, 1, 2])
    #expect(w.channelsExchanged(groups: 2).channelsExchanged(groups: 2) == w)
  }

  @Test func `overlaps of 3 with stride 2 make a checkerboard, of 4 they do not`() throws {
    let ones = Tensor(row: [1, 1, 1, 1])
    let across = Size(height: 1, width: 2)
    #expect(
      try transposedConvolve(ones, Tensor(row: [1, 1, 1]), stride: across)
        == Tensor(row: [1, 1, 2, 1, 2, 1, 2, 1, 1]))
    #expect(
      try transposedConvolve(ones, Tensor(row: [1, 1, 1, 1]), stride: across)
        == Tensor(row: [1, 1, 2, 2, 2, 2, 2, 2, 1, 1]))
  }
}
