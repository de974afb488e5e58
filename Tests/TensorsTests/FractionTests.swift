import Tensors
import Testing

@Suite struct FractionTests {
  @Test func `a fraction is kept in lowest terms with the sign above`() {
    #expect(Fraction(6, -4) == Fraction(-3, 2))
    #expect(Fraction(6, -4).description == "-3/2")
    #expect(Fraction(-3, 4).description == "-¾")
  }
}
