/// An exact rational number in lowest terms, its denominator positive.
///
/// ```swift
/// Fraction(1, 4) + Fraction(1, 2)   // ¾
/// Fraction(6, 4)                    // 3/2
/// ```
///
/// Lessons use it wherever a person reads the number: ¾ is ¾, never 0.7499999. Numerator and
/// denominator are `Int`. A result that does not fit is an error, never a wrapped number: the
/// throwing forms (``adding(_:)`` …) report ``FractionOverflow``, the operators stop the program.
public struct Fraction: Hashable, Sendable {
  /// The numerator; it carries the sign.
  public let numerator: Int
  /// The denominator, at least 1.
  public let denominator: Int

  /// `numerator / denominator` in lowest terms. The denominator must not be 0, and neither may be
  /// `Int.min`, which has no positive counterpart.
  public init(_ numerator: Int, _ denominator: Int = 1) {
    precondition(denominator != 0, "a fraction with denominator 0: \(numerator)/0")
    precondition(
      numerator != .min && denominator != .min, FractionOverflow().description)
    let divisor = greatestCommonDivisor(numerator, denominator) * denominator.signum()
    self.numerator = numerator / divisor
    self.denominator = denominator / divisor
  }

  /// Whether it is a whole number.
  public var isInteger: Bool { denominator == 1 }

  /// The largest whole number that is not above it: −3/2 gives −2.
  public var floor: Int {
    numerator >= 0 ? numerator / denominator : -((-numerator - 1) / denominator + 1)
  }

  /// The nearest `Double`, where numerator and denominator are below 2⁵³.
  public var doubleValue: Double { Double(numerator) / Double(denominator) }
}

/// The greatest common divisor, not negative; 0 only for (0, 0).
///
/// ```swift
/// greatestCommonDivisor(12, -18)   // 6
/// ```
public func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  var (x, y) = (abs(a), abs(b))
  while y != 0 { (x, y) = (y, x % y) }
  return x
}

/// A numerator or denominator would not fit in 64 bits.
public struct FractionOverflow: Error, Equatable, CustomStringConvertible {
  /// The error itself; it carries nothing.
  public init() {}

  /// One sentence.
  public var description: String {
    "the exact result does not fit: numerators and denominators go up to \(Int.max)"
  }
}

extension Fraction: ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// A whole number.
  public init(integerLiteral value: Int) {
    self.init(value)
  }

  /// `3`, `-2`, `¾`, `9/16`: the halves, thirds, quarters and eighths have a character of their own.
  public var description: String {
    if isInteger { return String(numerator) }
    let magnitude = "\(abs(numerator))/\(denominator)"
    return (numerator < 0 ? "-" : "") + (Fraction.vulgar[magnitude] ?? magnitude)
  }

  /// The number of a text as a program reads it: `-1/2` for `-½`; other texts as they are.
  public static func plain(_ text: String) -> String {
    let sign = text.hasPrefix("-") ? "-" : ""
    let known = vulgar.first { sign + $0.value == text }
    return known.map { sign + $0.key } ?? text
  }

  private static let vulgar: [String: String] = [
    "1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾",
    "1/8": "⅛", "3/8": "⅜", "5/8": "⅝", "7/8": "⅞",
  ]
}

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
