import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors
import Testing

@Suite struct TraceCaseTests {
  @Test func `the arithmetic of a cell of a row`() throws {
    let example = try TraceCase.convolution(Tensor(row: [1, 2, 3, 4, 5]), Tensor(row: [1, 0, -1]))
    #expect(
      try example.equation(row: 0, column: 2).text == "output 2 = 3·1 + 4·0 + 5·(-1) = -2")
  }

  @Test func `kernel cells on padding have no term and are counted`() throws {
    let example = try TraceCase.convolution(
      Tensor([[1, 2], [3, 4]]), Tensor<Int>.ramp([1, 1, 3, 3]), padding: 1)
    let corner = try example.equation(row: 0, column: 0)
    #expect(corner.text == "output (0, 0) = 1·5 + 2·6 + 3·8 + 4·9 = 77")
    #expect(corner.padded == 9 - 4)
  }

  @Test func `a cell no stamp reaches is 0 and says so`() throws {
    let beyond = try TraceCase.transposed(
      Tensor(row: [1, 2]), Tensor(row: [1, 2, 3]), stride: Size(height: 1, width: 2),
      outputPadding: Size(height: 0, width: 1))
    #expect(try beyond.equation(row: 0, column: 5).text == "output 5 = 0 (no tap reaches it)")
  }

  @Test func `a cell that does not exist is refused with the range`() throws {
    let example = try TraceCase.convolution(Tensor(row: [1, 2, 3]), Tensor(row: [1, 1]))
    #expect(throws: GeometryError.self) { try example.equation(row: 0, column: 2) }
    #expect(throws: GeometryError.self) { try example.trace(.zeroInsertion) }
  }

  /// Channels, groups, bias, unequal strides, dilation, asymmetric padding: every form of every
  /// case adds up to what the primitive computes.
  @Test func `every form gives the output of the primitive`() throws {
    for groups in [1, 2] {
      for stride in [Size(1), Size(height: 2, width: 3)] {
        for dilation in [Size(1), Size(height: 1, width: 2)] {
          for padding: Padding in [0, Padding(top: 1, left: 0, bottom: 0, right: 2)] {
            let x = ramp([1, 4, 5, 6])
            let w = ramp([2, 4 / groups, 2, 2])
            try check(
              .convolution(
                x, w, bias: [7, -9], stride: stride, padding: padding, dilation: dilation,
                groups: groups),
              [.window, .matrix, .scatter])
            try check(
              .transposed(
                ramp([1, 4, 2, 3]), ramp([4, 2, 2, 3]), bias: groups == 1 ? [3, 5] : [3, 5, 0, 1],
                stride: stride, padding: padding, dilation: dilation, groups: groups),
              TraceForm.allCases)
          }
        }
      }
    }
  }

  private func check(_ example: TraceCase<Int>, _ forms: [TraceForm]) throws {
    let output = try example.output()
    let expected = (0..<output.channels).map { output.cellTexts(channel: $0) }
    for form in forms {
      let trace = try example.trace(form)
      #expect(trace.outcome.map { $0.rows.map { $0.map(\.text) } } == expected, "\(form)")
      #expect(
        trace.equations.map(\.value) == (form == .scatter ? [] : expected.joined().flatMap { $0 }))
      for equation in trace.equations {
        let products = try equation.terms.map { try number($0.input) * number($0.kernel) }
        let sum = try products.reduce(equation.bias.map(number) ?? 0, +)
        #expect(try sum == number(equation.value), "\(form): \(equation.text)")
      }
    }
  }

  private func number(_ text: String) throws -> Int { try #require(Int(text)) }

  /// Numbers from −3 to 3, so that every cell differs from its neighbours.
  private func ramp(_ shape: Shape) -> Tensor<Int> {
    Tensor<Int>.ramp(shape).map { $0 * 5 % 7 - 3 }
  }

  @Test func `a case says how to type it, and several maps can't be typed`() throws {
    let (x, w) = (Tensor([[1, 2], [3, 4]]), Tensor([[1, -1]]))
    #expect(
      try TraceCase.convolution(x, w).command()
        == "convbook trace conv --input 1,2/3,4 --weight 1,-1")
    #expect(
      try TraceCase.transposed(
        x, w, stride: Size(height: 1, width: 2), padding: Padding(Size(height: 0, width: 1))
      ).command(.scatter)
        == "convbook trace conv-transpose --input 1,2/3,4 --weight 1,-1 --stride 1,2 --padding 0,1 "
        + "--form scatter")
    #expect(try TraceCase.convolution(x, w, bias: [1]).command() == nil)
    #expect(try TraceCase.convolution(Tensor<Int>.ramp([1, 2, 1, 1]), w).command() == nil)
  }
}
