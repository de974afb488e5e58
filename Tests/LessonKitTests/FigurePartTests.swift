import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

@testable import LessonKit

/// Parts of large maps, numbers that are long, and what a caption says.
@Suite struct FigurePartTests {
  @Test func `of a part those rows alone are computed, and what is cut is torn`() throws {
    let (rows, columns) = (7...8, 20...23)
    let large = try TraceCase.convolution(
      Tensor<Int>.ramp([1, 1, 40, 60]), Tensor<Int>.ramp([1, 1, 3, 3]))
    let figure = try large.figure(part: FigurePart(rows: rows, columns: columns))
    #expect(figure.length == 2 * 4)
    let page = try Page(figure.svg(styled: false))
    // Output row 7 reads from input row 7 on, row 8 up to row 8 + 3 − 1; no others are shown.
    let shown = Set(page.cells("input", "input").map { $0[0] })
    #expect(shown == Set(7...8 + 3 - 1))
    #expect(Set(page.cells("input", "input").map { $0[1] }) == Set(20...23 + 3 - 1))
    #expect(Set(page.cells("output", "output").map { $0[0] }) == Set(rows))
    for (cell, text) in page.numbers("input") {
      #expect(text == "\(large.input[0, 0, cell[0], cell[1]])")
    }
    for (cell, text) in page.numbers("output") {
      #expect(text == "\(large.output[0, 0, cell[0], cell[1]])")
    }
    #expect(page.elements.count { $0.has("cut") && $0.attributes["data-role"] != nil } == 2)
    // All rows, but not all columns: nothing is torn above or below.
    let whole = try large.figure(part: FigurePart(rows: 0...37, columns: 0...4))
    let tears = try Page(whole.svg(styled: false)).elements.filter { $0.has("cut") }
    #expect(
      tears.compactMap { $0.attributes["d"] }.allSatisfy { $0.split(separator: "M").count == 1 })
    #expect(throws: GeometryError.self) { try large.figure(part: FigurePart(rows: 30...38)) }
    #expect(throws: GeometryError.self) {
      try large.figure(.scatter, part: FigurePart(rows: 0...1))
    }
    // The same cells as of the whole, where that can be drawn.
    let small = try TraceCase.transposed(
      Tensor<Int>.ramp([1, 1, 9, 9]), Tensor<Int>.ramp([1, 1, 3, 3]), stride: 2)
    for form in [TraceForm.window, .zeroInsertion] {
      let part = try small.figure(
        form, cell: (9, 9), part: FigurePart(rows: 8...10, columns: 8...10))
      let sums = try [8, 9, 10].flatMap { row in
        try [8, 9, 10].map { try small.equation(row: row, column: $0).text }
      }
      if form == .window { #expect(part.sentences == sums) }
      #expect(try Page(part.svg()).cells("result", "output") == [[9, 9]])
    }
  }

  @Test func `a long number has as many digits in its cell as fit, and all of them in the sum`()
    throws
  {
    let example = try TraceCase.convolution(
      Tensor<Double>(row: [0.123456789, -1234.56789, 2]), Tensor<Double>(row: [0.5, 1]))
    let figure = try example.figure(cell: (0, 0))
    let page = try Page(figure.svg(styled: false))
    #expect(page.numbers("input") == [[0, 0]: "0.1235", [0, 1]: "-1235", [0, 2]: "2"])
    #expect(page.sentence.contains("0.123456789·0.5 - 1234.56789·1"))
    #expect(figure.svg().contains("numbers in cells have fewer digits"))
    #expect(
      try !TraceCase.convolution(example.input.map { Int($0) }, Tensor(row: [1])).figure().svg()
        .contains("rounded"))
  }

  @Test(arguments: [
    ("0.12345678901234567", "0.1235"), ("-0.12345678901234567", "-0.123"), ("0.99999999", "1"),
    ("1234567", "1234567"), ("1234.5678", "1234.6"), ("123456.78", "123457"),
    ("1234567.8", "1.23e6"), ("-1234567.8", "-1.2e6"), ("0.000012345", "1.2e-5"),
    ("1.2345678e-17", "1e-17"), ("9.9999999e+20", "1e21"), ("12345/6789", "12345/6789"),
    ("1.5", "1.5"), ("0.0012345678", "0.0012"), ("-infinity", "-infinity"), ("0.5000000", "0.5"),
  ])
  func `a number is rounded to six characters`(text: String, short: String) {
    #expect(shortNumber(text) == short)
  }

  @Test func `the caption says what was asked for`() throws {
    let x = Tensor<Int>.ramp([2, 2, 5, 5])
    let grouped = try TraceCase.convolution(
      x, Tensor<Int>.ramp([2, 1, 3, 2]), bias: [1, 2], stride: 2, padding: 1, dilation: 2, groups: 2
    )
    #expect(
      grouped.caption
        == "convolution, kernel 3,2, stride 2, padding 1, dilation 2, 2 groups, bias: "
        + "2 maps of 5×5 → 2 maps of 2×3")
    #expect(
      try grouped.figure(.scatter, picture: 1).caption == grouped.caption
        + ", scatter, picture 1 of 2")
    #expect(throws: GeometryError.self) { try grouped.figure(picture: 2) }
    let up = try TraceCase.bilinear(
      Tensor<Fraction>(row: [1, 2]), scale: Size(height: 1, width: 2),
      alignCorners: true)
    #expect(up.caption == "bilinear interpolation, corners aligned: 2 → 4")
  }
}
