import LessonKit
import Tensors

/// An exact number, or nothing where one did not fit: whatever is computed from that does not fit
/// either, so that one look at the result tells whether all of it is exact.
struct Exact: Divisible, Hashable, Sendable, CustomStringConvertible {
  let value: Fraction?

  init(_ value: Fraction) { self.value = value }
  init(_ value: Int) { self.value = Fraction(value) }
  init(integerLiteral value: Int) { self.init(value) }
  init?<T: BinaryInteger>(exactly source: T) {
    guard let value = Fraction(exactly: source) else { return nil }
    self.init(value)
  }
  private init(_ compute: () throws -> Fraction?) { value = (try? compute()) ?? nil }

  private static func combined(
    _ a: Exact, _ b: Exact, _ combine: (Fraction, Fraction) throws -> Fraction
  ) -> Exact {
    Exact {
      guard let a = a.value, let b = b.value else { return nil }
      return try combine(a, b)
    }
  }

  static func + (a: Exact, b: Exact) -> Exact { combined(a, b) { try $0.adding($1) } }
  static func - (a: Exact, b: Exact) -> Exact { combined(a, b) { try $0.subtracting($1) } }
  static func * (a: Exact, b: Exact) -> Exact { combined(a, b) { try $0.multiplied(by: $1) } }
  static func / (a: Exact, b: Exact) -> Exact { combined(a, b) { try $0.divided(by: $1) } }
  static func *= (a: inout Exact, b: Exact) { a = a * b }
  static func < (a: Exact, b: Exact) -> Bool {
    guard let a = a.value, let b = b.value else { return false }
    return a < b
  }

  var magnitude: Exact { self < 0 ? 0 - self : self }
  var description: String { value.map { "\($0)" } ?? "too large" }
}

/// A count, or nothing where it would not fit.
struct SizeBound: Equatable {
  let bound: Int?

  init(_ bound: Int?) { self.bound = bound }

  static func * (a: SizeBound, b: SizeBound) -> SizeBound {
    guard let a = a.bound, let b = b.bound else { return SizeBound(nil) }
    let (value, overflow) = a.multipliedReportingOverflow(by: b)
    return SizeBound(overflow ? nil : value)
  }
}

/// The error that numbers are too large, or their denominators too different, to be exact.
func notExact() -> ExitStatus {
  .data(
    "the sums of these numbers do not fit: a trace is exact, with numerators and denominators up to "
      + "\(Int.max); use smaller numbers, or fractions with like denominators")
}
