import Tensors

/// A decimal that somebody typed, perhaps for a number that has more digits: `0.074` for 2/27.
struct TypedDecimal {
  /// Cut off behind the sixth digit after the point.
  private let value: Double
  private let digits: Int

  /// Reads `-0,0741`, `= .33`, `7.4 %`; nil of anything else.
  init?(_ text: [Character]) {
    var rest = text.filter { $0 != " " }[...]
    while rest.first == "=" { rest = rest.dropFirst() }
    let isNegative = rest.first == "-"
    if isNegative { rest = rest.dropFirst() }
    let isPercent = rest.last == "%"
    if isPercent { rest = rest.dropLast() }
    let parts = rest.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
    guard parts.count == 2, !parts[1].isEmpty, parts[0].count < 7,
      parts.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } })
    else { return nil }
    let kept = parts[1].prefix(6)
    var value = 0.0
    for digit in parts[0] + kept { value = value * 10 + Double(digit.wholeNumberValue ?? 0) }
    digits = kept.count + (isPercent ? 2 : 0)
    for _ in 0..<digits { value /= 10 }
    self.value = isNegative ? -value : value
  }

  /// Whether it is this number rounded, or from three digits on cut off: 0.67 and 0.666 for ⅔. One digit
  /// that is not 0 is too few.
  func stands(for number: Fraction) -> Bool {
    guard digits >= 2 else { return false }
    let last = (0..<digits).reduce(1.0) { unit, _ in unit / 10 }
    let cutOff = (number.doubleValue - value) * (value < 0 ? -1 : 1)
    return abs(value) >= 9.99 * last
      && (abs(cutOff) < 0.500001 * last || digits > 2 && 0 < cutOff && cutOff < 0.999999 * last)
  }
}
