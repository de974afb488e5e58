import ConvolutionArithmetic
@testable import LessonKit
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
    let output = example.output
    let expected = (0..<output.channels).map { output.cellTexts(channel: $0) }
    for form in forms {
      let trace = try example.trace(form)
      #expect(trace.outcome.map { $0.rows.map { $0.map(\.text) } } == expected, "\(form)")
      #expect(
        trace.equations.map(\.value) == (form == .scatter ? [] : expected.joined().flatMap { $0 }))
      for equation in trace.equations {
        let products = try equation.terms.map { try number($0.input) * number($0.factor!) }
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
    #expect(try TraceCase.convolution(x, Tensor<Int>.ramp([2, 1, 1, 1])).command() == nil)
  }

  @Test func `a case has a link to the live book, if that takes one number for each option`() throws
  {
    let (x, w) = (Tensor([[1, 2], [3, 4]]), Tensor([[1, -1], [0, 2]]))
    let case1 = try TraceCase.transposed(x, w, stride: 2, padding: 1)
    #expect(
      case1.link(.scatter)
        == "conv-transpose&input=1,2/3,4&weight=1,-1/0,2&stride=2&padding=1&form=scatter")
    #expect(
      HTMLRenderer().text(of: .trace(try case1.trace())).contains("data-case=\"conv-transpose&amp;")
    )
    #expect(
      try TraceCase.convolution(Tensor(row: [1, 2]), Tensor(row: [1])).link()
        == "conv&input=1,2&weight=1;")
    #expect(try TraceCase.convolution(x, w, stride: Size(height: 1, width: 2)).link() == nil)
    #expect(try TraceCase.convolution(x, Tensor([[1, -1]])).link() == nil)
  }

  @Test func `taps tell where everything lies: cells, padding, holes, kernel cells`() throws {
    let padded = try TraceCase.convolution(
      Tensor(row: [1, 2]), Tensor(row: [3, 4]), padding: beside)
    #expect(
      try padded.equation(row: 0, column: 0).taps == [
        Equation.Tap(at: (0, -1), kernel: (0, 0), "0", "3", product: "0", total: "0"),
        Equation.Tap(at: (0, 0), kernel: (0, 1), "1", "4", product: "4", total: "4"),
      ])
    // 1 0 2 with a zero inserted, and the kernel turned.
    let up = try TraceCase.transposed(
      Tensor(row: [1, 2]), Tensor(row: [3, 4]), stride: Size(height: 1, width: 2))
    let middle = try #require(try up.trace(.zeroInsertion, cell: (0, 2)).equations.first)
    #expect(
      middle.taps == [
        Equation.Tap(
          at: (0, 1), isHole: true, kernel: (0, 0), "0", "4", product: "0", total: "0"),
        Equation.Tap(at: (0, 2), kernel: (0, 1), "2", "3", product: "6", total: "6"),
      ])
  }

  private var beside: Padding { Padding(top: 0, left: 1, bottom: 0, right: 1) }

  /// All that has a trace, on two pictures of two maps: each cell says what it adds up, or takes the
  /// largest of, and the value is the primitive's.
  @Test func `every operation reads its own taps in every map of every picture`() throws {
    let x = Tensor<Fraction>(
      shape: [2, 2, 2, 2], elements: (0..<16).map { Fraction($0 * 5 % 7 - 3) })
    let pooling = try Pooling(
      kernelSize: 2, stride: 1, padding: Padding(Size(height: 0, width: 1)))
    let cases = [
      try TraceCase.maxPool(x, by: pooling), try .averagePool(x, by: pooling),
      try .bilinear(x, scale: 2), try .bilinear(x, scale: 2, alignCorners: true),
    ]
    for traced in cases {
      let equations = try traced.trace().equations
      #expect(equations.count == traced.output.shape.count)
      for equation in equations {
        let place = equation.place
        let read = try equation.terms.map { tap in
          let given = try #require(tap.given)
          let number = x[equation.picture, given.map, given.row, given.column]
          #expect("\(number)" == tap.input)
          return try number * (tap.factor.map(fraction) ?? 1)
        }
        let value: Fraction
        switch equation.rule {
        case .largest: value = try #require(read.max())
        case .mean(let divisor): value = try read.reduce(0, +) / fraction(divisor)
        default: value = read.reduce(0, +)
        }
        #expect(
          value == traced.output[equation.picture, place.map, place.row, place.column],
          "\(equation.text)")
      }
    }
  }

  private func fraction(_ text: String) throws -> Fraction {
    let parts = Fraction.plain(text).split(separator: "/").map(String.init)
    return Fraction(try number(parts[0]), parts.count > 1 ? try number(parts[1]) : 1)
  }

  @Test func `operations without a kernel say how they come about`() throws {
    let row = Tensor<Fraction>(row: [1, -2, 3])
    let two = try Pooling(kernelSize: Size(height: 1, width: 2), stride: 1)
    #expect(
      try TraceCase.maxPool(row, by: two).equation(row: 0, column: 0).text
        == "output 0 = max(1, -2) = 1")
    #expect(
      try TraceCase.averagePool(row, by: two).equation(row: 0, column: 0).text
        == "output 0 = (1 - 2)/2 = -½")
    let flat = Tensor<Fraction>(shape: [1, 2], elements: [1, -2])
    #expect(
      try TraceCase.linear(flat, flat, bias: [-1]).equation(row: 0, column: 0).text
        == "output 0 = 1·1 - 2·(-2) - 1 = 4")
    #expect(
      try TraceCase.argmax(Tensor(shape: [2], elements: [1, 2]), axis: 0, texts: ["1", "2"])
        .equation(row: 0, column: 0).text
        == "output 0 = the position of the first largest of 1, 2 = 1")
  }

  @Test func `a program reads fractions with a slash`() throws {
    let halves = try TraceCase.convolution(
      Tensor<Fraction>(row: [Fraction(1, 2), Fraction(-1, 2)]), Tensor(row: [1]))
    let text = JSONRenderer().value(of: .trace(try halves.trace())).text
    #expect(text.contains("\"-1/2\"") && text.contains("\"1/2\""))
    #expect(text.contains("output 1 = -½·1 = -½"))
  }
}

extension Equation.Tap {
  /// A tap of single maps; before the first column is padding.
  fileprivate init(
    at place: (Int, Int), isHole: Bool = false, kernel: (Int, Int), _ input: String,
    _ factor: String, product: String, total: String
  ) {
    let position = Equation.Place(row: place.0, column: place.1)
    self.init(
      given: place.1 < 0 ? nil : position, position: position, isHole: isHole,
      kernel: Equation.Place(row: kernel.0, column: kernel.1), input: input, factor: factor,
      product: product, total: total)
  }
}
