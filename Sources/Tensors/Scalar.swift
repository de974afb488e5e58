/// A number that can be compared: what a maximum needs.
public protocol Ordered: Numeric, Comparable {
  /// What lies below every number, −∞, in the types that have it.
  static var belowAll: Self? { get }
}

extension Ordered {
  /// Nothing, in the types of exact numbers.
  public static var belowAll: Self? { nil }
}

extension Int: Ordered {}

/// A number that can also be divided: what an average or an interpolation needs.
///
/// `Fraction`, `Float` and `Double` conform; `Int` does not, because ¾ is not a whole number.
public protocol Divisible: SignedNumeric, Ordered {
  /// The quotient.
  static func / (a: Self, b: Self) -> Self
  /// The whole number `value`.
  init(_ value: Int)
  /// The fraction `value`, rounded to what the type can hold.
  init(_ value: Fraction)
}

extension Float: Divisible {
  /// −∞.
  public static var belowAll: Float? { -.infinity }
  /// The nearest `Float`.
  public init(_ value: Fraction) { self = Float(value.doubleValue) }
}

extension Double: Divisible {
  /// −∞.
  public static var belowAll: Double? { -.infinity }
  /// The nearest `Double`.
  public init(_ value: Fraction) { self = value.doubleValue }
}

extension Fraction: Divisible {
  /// The whole number `value`.
  public init(_ value: Int) { self.init(value, 1) }
  /// The same fraction.
  public init(_ value: Fraction) { self = value }
}
