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

  @Test func `a number has so many digits after the point, and none before that it has not`() {
    #expect(decimal(31.0 / 32, 3) == "0.969" && decimal(-31.0 / 32, 1) == "-1.0")
    #expect(decimal(-0.001, 2) == "0.00" && decimal(2.5, 0) == "3" && decimal(0.05, 4) == "0.0500")
    #expect(decimal(1e17, 0) == "1e+17" && decimal(-.infinity, 2) == "-inf")
    #expect(decimal(.nan, 2) == "nan")
  }

  @Test func `long numbers are read in threes`() {
    #expect(
      [0, 12, 123, 1234, 123_456].map { grouped($0) } == ["0", "12", "123", "1,234", "123,456"])
    #expect(grouped(-1_234_567) == "-1,234,567" && grouped(-123) == "-123")
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
