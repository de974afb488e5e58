import Tensors
import Testing

@Suite struct FractionTests {
  @Test func `a fraction is kept in lowest terms with the sign above`() {
    #expect(Fraction(6, -4) == Fraction(-3, 2))
    #expect(Fraction(6, -4).description == "-3/2")
    #expect(Fraction(-3, 4).description == "-¾")
    #expect(Fraction(0, -7) == 0)
  }

  @Test func `fractions are written as people write them`() {
    #expect([Fraction(3), -2, 0].map(\.description) == ["3", "-2", "0"])
    #expect(
      [Fraction(1, 2), Fraction(9, 16), Fraction(7, 8)].map(\.description) == ["½", "9/16", "⅞"])
  }

  /// The laws of a field and of its order, over all fractions with small parts.
  @Test func `laws`() throws {
    var small: [Fraction] = []
    for denominator in 1...4 {
      for numerator in -2...2 { small.append(Fraction(numerator, denominator)) }
    }
    for a in small {
      #expect(a + 0 == a && a * 1 == a && a - a == 0)
      if a != 0 { #expect(a / a == 1 && a * (1 / a) == 1) }
      #expect(Fraction(a.floor) <= a && a < Fraction(a.floor + 1), "floor of \(a)")
      for b in small {
        #expect(a + b == b + a && a * b == b * a && a - b == -(b - a), "\(a), \(b)")
        #expect((a < b) == (b - a > 0) && (a < b) == (a.doubleValue < b.doubleValue), "\(a), \(b)")
        for c in small {
          // One plain comparison: an expectation for each of 8,000 triples would cost seconds.
          if (a + b) + c != a + (b + c) || (a * b) * c != a * (b * c)
            || a * (b + c) != a * b + a * c
          {
            Issue.record("\(a), \(b), \(c)")
            return
          }
        }
      }
    }
  }

  @Test func `what does not fit is an error, never wrapped`() throws {
    let most = Fraction(Int.max)
    #expect(throws: FractionOverflow()) { try most.adding(1) }
    #expect(throws: FractionOverflow()) { try (-most).subtracting(1) }
    #expect(throws: FractionOverflow()) { try most.multiplied(by: 2) }
    #expect(throws: FractionOverflow()) { try most.divided(by: Fraction(1, 2)) }
    #expect(throws: FractionOverflow()) {
      try Fraction(1, Int.max).adding(Fraction(1, Int.max - 1))
    }
    #expect(try most.adding(-1) == Fraction(Int.max - 1))
    #expect(most.floor == Int.max && (-most).floor == -Int.max)
    #expect(Fraction(-Int.max, 2).floor == -(Int.max / 2) - 1)
  }

  @Test func `what fits is found, though the steps between would not fit`() throws {
    let tiny = Fraction(1, Int.max)
    #expect(try tiny.adding(-tiny) == 0)
    #expect(try tiny.adding(tiny) == Fraction(2, Int.max))
    #expect(try Fraction(Int.max, 3).multiplied(by: Fraction(3, Int.max)) == 1)
    #expect(Fraction(Int.max, 2) < Fraction(Int.max))
    let half = Fraction(1, 1 << 40)
    #expect(try half.adding(half) == Fraction(1, 1 << 39))
  }

  @Test func `the operators stop where the functions throw`() async {
    await #expect(processExitsWith: .failure) { _ = Fraction(Int.max) + 1 }
    await #expect(processExitsWith: .failure) { _ = Fraction(1, 0) }
  }

  @Test func `conversion`() {
    #expect(Fraction(exactly: 7) == 7)
    #expect(Fraction(exactly: Int.min) == nil)
    #expect(Double(Fraction(3, 8)) == 0.375)
    #expect(Float(Fraction(-9, 16)) == -0.5625)
    #expect(greatestCommonDivisor(12, -18) == 6 && greatestCommonDivisor(0, 0) == 0)
  }
}
