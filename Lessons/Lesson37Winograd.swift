import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 37: fewer multiplications than taps.
  static var winogradLesson: Lesson {
    Lesson(
      number: 37, slug: "winograd", title: "Winograd: four multiplications for six", part: .fast,
      question: "Can a 3×3 convolution be done with fewer multiplications than it has taps?",
      corrects: "Two outputs of a kernel of three need six multiplications."
    ) { _ in
      let d: [Fraction] = [1, 2, 3, 4]
      let g: [Fraction] = [3, 1, -1]
      let tile = try winograd1D(d, g)
      let direct = try convolve(Tensor(row: d), Tensor(row: g))

      prose(
        "Two outputs of a kernel of three: six products. Here they are, for the input \(cellsText(Tensor(row: d))) "
          + "and the kernel \(cellsText(Tensor(row: g))):")
      let example = try TraceCase.convolution(Tensor(row: d), Tensor(row: g))
      formula(try (0..<2).map { try example.equation(row: 0, column: $0).text })
      prose(
        "Both use inputs 2 and 3. Winograd's way takes sums and differences first, multiplies four times, "
          + "and adds again:")
      let p = tile.products
      formula(
        "m0 = (d0 − d2)·g0                = (\(d[0]) − \(d[2]))·\(g[0]) = \(p[0])",
        "m1 = (d1 + d2)·(g0 + g1 + g2)/2  = (\(d[1]) + \(d[2]))·\(tile.kernel[1]) = \(p[1])",
        "m2 = (d2 − d1)·(g0 − g1 + g2)/2  = (\(d[2]) − \(d[1]))·\(tile.kernel[2]) = \(p[2])",
        "m3 = (d1 − d3)·g2                = (\(d[1]) − \(d[3]))·(\(g[2])) = \(p[3])")
      formula(
        "y0 = m0 + m1 + m2 = \(p[0]) + \(p[1]) + \(p[2]) = \(tile.output[0])",
        "y1 = m1 − m2 − m3 = \(p[1]) − \(p[2]) − \(p[3]) = \(tile.output[1])")
      claim(
        "the two outputs are those of the convolution", tile.output.elements,
        equals: direct.elements)
      claim("with 4 multiplications for 6", [tile.products.shape.count, 2 * 3], equals: [4, 6])

      heading("Why it works")
      let (pulses, kernels) = (basis(4), basis(3))
      prose(
        "Multiply it out: in m0 + m1 + m2 everything cancels but d0·g0 + d1·g1 + d2·g2. Both sides are "
          + "linear in the input and in the kernel, so it is enough to try the four inputs and three "
          + "kernels that have a single 1:")
      table(
        ["input", "kernel 1 0 0", "kernel 0 1 0", "kernel 0 0 1"],
        rows: try pulses.map { pulse in
          [cellsText(Tensor(row: pulse))]
            + (try kernels.map { cellsText(try winograd1D(pulse, $0).output) })
        })
      claim(
        "all twelve agree with the convolution",
        try pulses.flatMap { pulse in
          try kernels.flatMap { try winograd1D(pulse, $0).output.elements }
        },
        equals: try pulses.flatMap { pulse in
          try kernels.flatMap { try convolve(Tensor(row: pulse), Tensor(row: $0)).elements }
        })

      heading("The rule")
      prose(
        "Three small matrices: one for the input, one for the kernel, one for the output. The divisions by "
          + "2 touch the kernel only, once for the whole picture.")
      formula("y = Aᵀ [(G g) · (Bᵀ d)]     · cell by cell")
      grids(
        matrixGrid(Winograd.inputTransform, "Bᵀ"), matrixGrid(Winograd.kernelTransform, "G"),
        matrixGrid(Winograd.outputTransform, "Aᵀ"))

      heading("In two dimensions")
      predict(
        "Done to the rows and to the columns, it gives 2×2 outputs of a 3×3 kernel. With how many "
          + "multiplications, instead of 36?",
        answer: "\(tile.products.shape.count * tile.products.shape.count)",
        why: "\(tile.products.shape.count) for \(2 * 3) in each direction: 4·4 = 16.")
      let input = Tensor<Fraction>.ramp2D
      let kernel = Tensor<Fraction>(shape: [3, 3], elements: [1, 0, -1, 2, 0, 1, 0, 1, 0])
      let square = try winograd2D(input, kernel)
      prose(
        "Do it to the rows and to the columns: 4×4 inputs, 2×2 outputs, and 4·4 products instead of "
          + "4·9.")
      grids(
        Grid(.input, input.reshaped([1, 1, 4, 4])), Grid(.kernel, kernel.reshaped([1, 1, 3, 3])))
      grids(
        Grid(.input, square.input.reshaped([1, 1, 4, 4]), title: "Bᵀ d B"),
        Grid(.kernel, square.kernel.reshaped([1, 1, 4, 4]), title: "G g Gᵀ"))
      grids(
        Grid(.matrix, square.products.reshaped([1, 1, 4, 4]), title: "products"),
        Grid(.output, square.output.reshaped([1, 1, 2, 2])))
      claim(
        "it is the convolution, with 16 multiplications for 36", square.output.elements,
        equals: try convolve(input.reshaped([1, 1, 4, 4]), kernel.reshaped([1, 1, 3, 3])).elements)
      let large = Tensor<Fraction>.ramp([1, 2, 7, 9])
      let filters = Tensor<Fraction>(
        shape: [2, 2, 3, 3], elements: (0..<36).map { Fraction($0 % 7 - 3) })
      claim(
        "and a whole layer, two channels, odd sizes, padding 1, exactly",
        try convolveByWinograd(large, filters, padding: 1),
        equals: try convolve(large, filters, padding: 1))

      heading("Where it breaks: rounding")
      let (hard, ones): ([Float], [Float]) = ([0, 1, 100_000_000, 0], [1, 1, 0])
      let rounded = try winograd1D(hard, ones)
      let plain = try convolve(Tensor(row: hard), Tensor(row: ones))
      let exact = try winograd1D(hard.map { Fraction(Int($0)) }, ones.map { Fraction(Int($0)) })
      prose(
        "In fractions it is exact. In 4-byte floating point, which holds some seven digits, the sums come "
          + "before the products, and a small number beside a large one is lost before it is used. "
          + "Input 0 1 100,000,000 0, kernel 1 1 0; the first output should be 0 + 1:")
      table(
        ["way", "d1 + d2", "first output"],
        rows: [
          ["direct, floating point", "", numberText(plain[0])],
          [
            "Winograd, floating point", grouped(Int(rounded.input[1])),
            numberText(rounded.output[0]),
          ],
          ["Winograd, fractions", grouped(exact.input[1].numerator), "\(exact.output[0])"],
        ])
      claim("floating point has lost the 1", rounded.output[0], differsFrom: plain[0])
      claim("fractions have not", exact.output[0], equals: 1)
      let errors = try averageErrors()
      prose(
        "With numbers of like size little is lost. Over 2,000 random tiles with numbers from −1 to 1, the mean error "
          + "of an output, in units of 1e-9:")
      table(
        ["way", "mean error"],
        rows: [
          ["direct", decimal(errors.direct * 1e9, 0)],
          ["Winograd", decimal(errors.winograd * 1e9, 0)],
        ])
      claim(
        "larger, but still less than a millionth",
        evidence: "\(decimal(errors.winograd / errors.direct, 1)) times the direct one",
        holds: errors.winograd > errors.direct && errors.winograd < 1e-6)
      prose(
        "Larger tiles save more (4×4 outputs: 36 multiplications for 144) and their matrices hold larger "
          + "numbers, so they lose more digits. And these matrices are made for stride 1: with a stride "
          + "the outputs of a tile share fewer inputs, and less can be saved.")

      heading("The mistake")
      prose(
        "The number of taps is not a law for the number of multiplications. It is one for the products of "
          + "input and kernel cells that the answer is made of; how they are brought about is open."
      )

      heading("In FCN")
      let whole = try NetworkTable(.fcn8s(), input: 500)
      let three = whole.rows.filter { $0.layer.name.hasPrefix("conv") }
        .reduce(0) { $0 + $1.multiplyAdds }
      let saved = three - three * 16 / 36
      table(
        ["FCN-8s at 500×500", "thousand million multiplications"],
        rows: [
          ["all layers, directly", decimal(Double(whole.multiplyAdds) / 1e9, 1)],
          ["3×3 convolutions", decimal(Double(three) / 1e9, 1)],
          ["3×3 by F(2×2, 3×3)", decimal(Double(three - saved) / 1e9, 1)],
          ["all layers then", decimal(Double(whole.multiplyAdds - saved) / 1e9, 1)],
        ])
      claim(
        "36 for 16 is \(Fraction(36, 16)) times fewer", Fraction(36, 16), equals: Fraction(9, 4))
      prose(
        "The fast kernels of this book use it where it pays, and are tested against the direct sums. One "
          + "lesson is left; it puts everything together.")
    }
  }
}

extension Tensor where Scalar == Fraction {
  /// 1 to 16 as a matrix.
  fileprivate static var ramp2D: Tensor { Tensor<Fraction>.ramp([4, 4]) }
}

private func basis(_ count: Int) -> [[Fraction]] {
  (0..<count).map { one in (0..<count).map { $0 == one ? 1 : 0 } }
}

private func matrixGrid(_ rows: [[Fraction]], _ title: String) -> Grid {
  Grid(.matrix, title: title, rows: rows.map { $0.map { Grid.Cell("\($0)") } })
}

/// The mean distance from the exact outputs, over random tiles.
private func averageErrors() throws -> (direct: Double, winograd: Double) {
  var random = SplitMix64(seed: 37)
  var (direct, winograd) = (0.0, 0.0)
  let tiles = 2000
  for _ in 0..<tiles {
    let d = (0..<4).map { _ in Float(random.unit() * 2 - 1) }
    let g = (0..<3).map { _ in Float(random.unit() * 2 - 1) }
    let plain = try convolve(Tensor(row: d), Tensor(row: g))
    let tile = try winograd1D(d, g)
    for cell in 0..<2 {
      let exact = (0..<3).reduce(0.0) { $0 + Double(d[cell + $1]) * Double(g[$1]) }
      direct += abs(Double(plain[cell]) - exact)
      winograd += abs(Double(tile.output[cell]) - exact)
    }
  }
  return (direct / Double(2 * tiles), winograd / Double(2 * tiles))
}
