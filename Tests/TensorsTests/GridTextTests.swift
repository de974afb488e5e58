import Tensors
import Testing

@Suite struct GridTextTests {
  @Test func `columns are aligned to the right`() {
    #expect(gridLines([["1", "10"], ["-2", "¾"]]) == [" 1  10", "-2   ¾"])
    #expect(gridLines([["1"], ["2", "30"]]) == ["1", "2  30"])
    #expect(gridLines([]) == [])
  }

  @Test func `a map is written as a person would`() {
    let x = Tensor<Fraction>([[1, Fraction(3, 4)], [Fraction(-9, 16), 10]])
    #expect(x.gridLines() == ["    1   ¾", "-9/16  10"])
    #expect(Tensor<Float>([[1, 0.5]]).gridLines() == ["1  0.5"])
    #expect(Tensor<Int>.ramp([2, 1, 1, 2]).gridLines(batch: 1) == ["3  4"])
  }

  @Test func `seeded numbers are the same everywhere`() {
    var random = SplitMix64(seed: 0)
    #expect(random.next() == 0xE220_A839_7B1D_CDAF)
    for _ in 0..<100 {
      let number = random.integer(in: -3...4)
      #expect(-3 <= number && number <= 4)
      let unit = random.unit()
      #expect(0 <= unit && unit < 1)
    }
  }
}
