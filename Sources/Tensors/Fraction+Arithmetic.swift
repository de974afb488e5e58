extension Fraction {
  /// The exact sum. - Throws: ``FractionOverflow``.
  public func adding(_ other: Fraction) throws(FractionOverflow) -> Fraction {
    // 128 bits hold every sum of two products, so only a result that does not fit is an error.
    let top =
      Int128(numerator) * Int128(other.denominator) + Int128(other.numerator) * Int128(denominator)
    let bottom = Int128(denominator) * Int128(other.denominator)
    if let top = Int(exactly: top), top != .min, let bottom = Int(exactly: bottom) {
      return Fraction(top, bottom)
    }
    var (a, b) = (top.magnitude, bottom.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    guard let top = Int(exactly: top / Int128(a)), top != .min,
      let bottom = Int(exactly: bottom / Int128(a))
    else { throw FractionOverflow() }
    return Fraction(top, bottom)
  }

  /// The exact difference. - Throws: ``FractionOverflow``.
  public func subtracting(_ other: Fraction) throws(FractionOverflow) -> Fraction {
    try adding(-other)
  }

  /// The exact product. - Throws: ``FractionOverflow``.
  public func multiplied(by other: Fraction) throws(FractionOverflow) -> Fraction {
    // Cancel crosswise first, so that a product that fits is found.
    let a = greatestCommonDivisor(numerator, other.denominator)
    let b = greatestCommonDivisor(other.numerator, denominator)
    guard a != 0, b != 0 else { return 0 }
    return Fraction(
      try product(numerator / a, other.numerator / b),
      try product(denominator / b, other.denominator / a))
  }

  /// The exact quotient; dividing by 0 is a programmer's mistake. - Throws: ``FractionOverflow``.
  public func divided(by other: Fraction) throws(FractionOverflow) -> Fraction {
    precondition(other.numerator != 0, "\(self) divided by 0")
    return try multiplied(by: Fraction(other.denominator, other.numerator))
  }

  private func product(_ a: Int, _ b: Int) throws(FractionOverflow) -> Int {
    let (value, overflow) = a.multipliedReportingOverflow(by: b)
    guard !overflow, value != .min else { throw FractionOverflow() }
    return value
  }

  /// The value, or the end of the program with the error's sentence.
  private static func orStop(_ compute: () throws(FractionOverflow) -> Fraction) -> Fraction {
    do { return try compute() } catch { preconditionFailure(error.description) }
  }
}

extension Fraction: Comparable, SignedNumeric {
  /// The whole number `source`, if it fits an `Int`.
  public init?<T: BinaryInteger>(exactly source: T) {
    guard let value = Int(exactly: source), value != .min else { return nil }
    self.init(value)
  }

  /// Its distance from 0.
  public var magnitude: Fraction { numerator < 0 ? -self : self }

  /// The same number with the other sign.
  public static prefix func - (a: Fraction) -> Fraction { Fraction(-a.numerator, a.denominator) }

  /// The exact sum; stops if it does not fit.
  public static func + (a: Fraction, b: Fraction) -> Fraction {
    orStop { () throws(FractionOverflow) in try a.adding(b) }
  }

  /// The exact difference; stops if it does not fit.
  public static func - (a: Fraction, b: Fraction) -> Fraction {
    orStop { () throws(FractionOverflow) in try a.subtracting(b) }
  }

  /// The exact product; stops if it does not fit.
  public static func * (a: Fraction, b: Fraction) -> Fraction {
    orStop { () throws(FractionOverflow) in try a.multiplied(by: b) }
  }

  /// The exact quotient; stops if it does not fit or `b` is 0.
  public static func / (a: Fraction, b: Fraction) -> Fraction {
    orStop { () throws(FractionOverflow) in try a.divided(by: b) }
  }

  /// Multiplies in place.
  public static func *= (a: inout Fraction, b: Fraction) { a = a * b }

  /// Compares exactly, in 128 bits, so that it never overflows.
  public static func < (a: Fraction, b: Fraction) -> Bool {
    Int128(a.numerator) * Int128(b.denominator) < Int128(b.numerator) * Int128(a.denominator)
  }
}
