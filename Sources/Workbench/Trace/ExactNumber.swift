import LessonKit
import Tensors

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

extension Fraction {
  /// The exact value of a number as a person writes it: `3`, `-0.25`, `1/4`, `¾`.
  ///
  /// - Parameter name: what the number belongs to, for the error's sentence.
  /// - Throws: `ExitStatus` 64 if it is no such number, 65 if it does not fit in 64 bits.
  init(typed text: some StringProtocol, _ name: String) throws(ExitStatus) {
    let isNegative = text.hasPrefix("-")
    let typed = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
    let body = Fraction.plain(String(typed))
    let magnitude: Fraction
    if let slash = body.firstIndex(of: "/") {
      let above = try Self.digits(body[..<slash], text, name)
      let below = try Self.digits(body[body.index(after: slash)...], text, name)
      guard below != 0 else { throw .usage("\(name) has \(text), a fraction with denominator 0") }
      magnitude = Fraction(above, below)
    } else {
      magnitude = try Self.decimal(body, text, name)
    }
    self = isNegative ? -magnitude : magnitude
  }

  private static func decimal(
    _ body: some StringProtocol, _ text: some StringProtocol, _ name: String
  ) throws(ExitStatus) -> Fraction {
    guard let point = body.firstIndex(of: ".") else {
      return Fraction(try digits(body, text, name))
    }
    let fraction = body[body.index(after: point)...]
    let all = String(body[..<point]) + String(fraction)
    let above = try digits(all, text, name)
    guard fraction.utf8.count <= 18 else { throw tooLong(text, name) }
    let below = fraction.utf8.reduce(1) { power, _ in power * 10 }
    return Fraction(above, below)
  }

  private static func digits(
    _ part: some StringProtocol, _ text: some StringProtocol, _ name: String
  ) throws(ExitStatus) -> Int {
    guard !part.isEmpty, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .usage("\(name) has \"\(text)\", which is no number; write 3, -0.25 or 1/4")
    }
    guard let value = Int(part) else { throw tooLong(text, name) }
    return value
  }

  private static func tooLong(_ text: some StringProtocol, _ name: String) -> ExitStatus {
    .data(
      "\(name) has \(text), which does not fit: numbers are exact, with at most 18 digits after the "
        + "point, and numerator and denominator up to \(Int.max)")
  }
}
