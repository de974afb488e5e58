public import Tensors

/// An exact number, or nothing where one did not fit: whatever is computed from that does not fit
/// either, so that one look at the result tells whether all of it is exact.
public struct Exact: Divisible, Hashable, Sendable, CustomStringConvertible {
  public let value: Fraction?

  public init(_ value: Fraction) { self.value = value }
  public init(_ value: Int) { self.value = Fraction(value) }
  public init(integerLiteral value: Int) { self.init(value) }
  public init?<T: BinaryInteger>(exactly source: T) {
    guard let value = Fraction(exactly: source) else { return nil }
    self.init(value)
  }

  private init(
    _ a: Exact, _ b: Exact, _ combine: (Fraction, Fraction) throws(FractionOverflow) -> Fraction
  ) {
    guard let a = a.value, let b = b.value else {
      value = nil
      return
    }
    do throws(FractionOverflow) { value = try combine(a, b) } catch { value = nil }
  }

  public static func + (a: Exact, b: Exact) -> Exact {
    Exact(a, b) { a, b throws(FractionOverflow) in try a.adding(b) }
  }
  public static func - (a: Exact, b: Exact) -> Exact {
    Exact(a, b) { a, b throws(FractionOverflow) in try a.subtracting(b) }
  }
  public static func * (a: Exact, b: Exact) -> Exact {
    Exact(a, b) { a, b throws(FractionOverflow) in try a.multiplied(by: b) }
  }
  public static func / (a: Exact, b: Exact) -> Exact {
    Exact(a, b) { a, b throws(FractionOverflow) in try a.divided(by: b) }
  }
  public static func *= (a: inout Exact, b: Exact) { a = a * b }
  public static func < (a: Exact, b: Exact) -> Bool {
    guard let a = a.value, let b = b.value else { return false }
    return a < b
  }

  public var magnitude: Exact { self < 0 ? 0 - self : self }
  public var description: String { value?.description ?? "too large" }
}
