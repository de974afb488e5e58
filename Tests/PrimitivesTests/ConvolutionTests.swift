import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

@Suite struct ConvolutionTests {
  @Test func `a window slides along a row`() throws {
    let y = try convolve(Tensor(row: [1, 2, 3, 4, 5]), Tensor(row: [1, 0, -1]))
    #expect(y == Tensor(row: [1 - 3, 2 - 4, 3 - 5]))
  }

  @Test func `the guide's example, with and without stride`() throws {
    let x = Tensor([
      [3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1],
    ])
    let w = Tensor([[0, 1, 2], [2, 2, 0], [0, 1, 2]])
    #expect(try convolve(x, w) == Tensor([[12, 12, 17], [10, 17, 19], [9, 6, 14]]))
    #expect(
      try convolve(x, w, stride: 2, padding: 1) == Tensor([[6, 17, 3], [8, 17, 13], [6, 4, 4]]))
  }
}
