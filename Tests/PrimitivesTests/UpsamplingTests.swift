import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

@Suite struct UpsamplingTests {
  @Test func `tents of odd and even size`() {
    #expect(bilinearWeights(4) == [Fraction(1, 4), Fraction(3, 4), Fraction(3, 4), Fraction(1, 4)])
    #expect(bilinearWeights(3) == [Fraction(1, 2), 1, Fraction(1, 2)])
    #expect(bilinearWeights(1) == [1])
    let kernel: Tensor<Fraction> = bilinearKernel(Size(height: 3, width: 4))
    #expect(kernel[0, 0, 0, 1] == Fraction(1, 2) * Fraction(3, 4))
  }

  @Test func `upsampling is interpolation, but for the ⌊f/2⌋ outermost cells`() throws {
    for rows in 1...4 {
      for columns in 1...5 {
        for (height, width) in [(1, 3), (2, 2), (3, 1), (3, 4), (5, 2)] {
          let x = Sweep.map(1, 1, Size(height: rows, width: columns)).map { Fraction($0) }
          let factor = Size(height: height, width: width)
          let up = try upsampleBilinear(x, factor: factor)
          let between = try interpolateBilinear(x, scale: factor)
          #expect(up.size == between.size)
          for row in 0..<up.height {
            for column in 0..<up.width {
              let border =
                row < height / 2 || row >= up.height - height / 2
                || column < width / 2 || column >= up.width - width / 2
              let (a, b) = (up[0, 0, row, column], between[0, 0, row, column])
              // At the border the stamp fades; only a zero can still be right there.
              let place: Comment = "\(x.size) by \(factor) at (\(row), \(column))"
              if border { #expect(a != b || b == 0, place) } else { #expect(a == b, place) }
            }
          }
        }
      }
    }
  }

  @Test func `ones stay ones inside and fade at the border`() throws {
    let across = Size(height: 1, width: 2)
    #expect(
      try upsampleBilinear(Tensor<Fraction>(row: [1, 1, 1]), factor: across)
        == Tensor(row: [Fraction(3, 4), 1, 1, 1, 1, Fraction(3, 4)]))
    for factor in 1...8 {
      let scale = Size(height: 1, width: factor)
      let up = try upsampleBilinear(Tensor<Fraction>(row: [1, 1, 1, 1]), factor: scale)
      let inside = up.elements.dropFirst(factor / 2).dropLast(factor / 2)
      #expect(inside.allSatisfy { $0 == 1 } && up.elements.count { $0 != 1 } == factor / 2 * 2)
      #expect(
        try interpolateBilinear(Tensor<Fraction>(row: [1, 1]), scale: scale).elements
          .allSatisfy { $0 == 1 })
    }
  }

  @Test func `interpolation by half-pixel centres and by aligned corners`() throws {
    let x = Tensor<Fraction>(row: [0, 6])
    let across = Size(height: 1, width: 2)
    #expect(
      try interpolateBilinear(x, scale: across)
        == Tensor(row: [0, Fraction(6, 4), Fraction(18, 4), 6]))
    #expect(
      try interpolateBilinear(x, scale: across, alignCorners: true) == Tensor(row: [0, 2, 4, 6]))
    #expect(throws: GeometryError.self) { try interpolateBilinear(x, scale: 0) }
    #expect(throws: GeometryError.self) { try upsampleBilinear(x, factor: 0) }
  }

  @Test func `twice two is not four`() throws {
    // The impulse through 2× then 2×, and through 4×, as stamps without padding, in sixteenths.
    let impulse = Tensor<Fraction>(row: [1])
    func stamp(_ x: Tensor<Fraction>, _ factor: Int) throws -> Tensor<Fraction> {
      try transposedConvolve(
        x, Tensor(row: bilinearWeights(2 * factor)), stride: Size(height: 1, width: factor))
    }
    let twice = try stamp(stamp(impulse, 2), 2).map { $0 * 16 }
    #expect(twice == Tensor(row: [1, 3, 6, 10, 12, 12, 10, 6, 3, 1]))
    #expect(
      try stamp(impulse, 4).map { $0 * 16 } == Tensor(row: [2, 6, 10, 14, 14, 10, 6, 2]))
  }

  @Test func `kernels on the diagonal keep classes apart, every pair makes them equal`() throws {
    let x = Tensor<Fraction>(shape: [1, 2, 1, 2], elements: [1, 2, 10, 20])
    func up(_ fill: BilinearFill) throws -> Tensor<Fraction> {
      try transposedConvolve(
        x, bilinearKernels(classes: 2, kernelSize: 4, fill: fill), stride: 2, padding: 1,
        groups: fill == .perGroup ? 2 : 1)
    }
    #expect(try up(.diagonal) == up(.perGroup))
    #expect(try up(.diagonal) == upsampleBilinear(x, factor: 2))
    let mixed = try splitChannels(up(.everyPair), into: [1, 1])
    #expect(mixed[0] == mixed[1])
    let apart = try splitChannels(up(.diagonal), into: [1, 1])
    #expect(try mixed[0] == fuseBySum(apart[0], apart[1]))
    #expect(try argmax(up(.everyPair)).elements.allSatisfy { $0 == 0 })
  }
}
