import ConvolutionArithmetic
import LessonKit
import Tensors
import Testing

@Suite struct TraceCaseTests {
  @Test func `the arithmetic of a cell of a row`() throws {
    let example = TraceCase.convolution(Tensor(row: [1, 2, 3, 4, 5]), Tensor(row: [1, 0, -1]))
    #expect(
      try example.equation(row: 0, column: 2).text == "output 2 = 3·1 + 4·0 + 5·(-1) = -2")
  }
}
