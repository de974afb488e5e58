import Tensors

/// A sum of products that somebody typed instead of its value: `2*1+3*0+4*(-1)`.
struct TypedSum {
  private var text: ArraySlice<Character>
  /// The value; nil if it is something else, or too large to be compared.
  private(set) var value: Fraction?

  init(_ text: [Character]) {
    self.text = text.filter { $0 != " " }[...]
    // 5 1/2 is no quotient of 51.
    let parts = text.split(separator: " ")
    let isWhole = zip(parts, parts.dropFirst()).allSatisfy { before, after in
      "+-*x/(".contains(before.last!) || "+-*x/)".contains(after.first!)
    }
    guard isWhole, text.count < 100, text.contains(where: "+-*x/".contains) else { return }
    let sum = terms()
    value = self.text.isEmpty ? sum : nil
  }

  private mutating func take(_ characters: String) -> Character? {
    guard let first = text.first, characters.contains(first) else { return nil }
    text.removeFirst()
    return first
  }

  private mutating func terms() -> Fraction? {
    var result = product()
    while let sign = take("+-") {
      let next = product()
      result = small(result, next).map { sign == "+" ? $0 + $1 : $0 - $1 }
    }
    return result
  }

  private mutating func product() -> Fraction? {
    var result = factor()
    while let sign = take("*x/") {
      let next = factor()
      if sign == "/", next == 0 { return nil }
      result = small(result, next).map { sign == "/" ? $0 / $1 : $0 * $1 }
    }
    return result
  }

  private mutating func factor() -> Fraction? {
    if take("-") != nil { return factor().map { 0 - $0 } }
    for (name, sign) in [("floor", 1), ("ceil", -1)] where text.starts(with: name) {
      text = text.dropFirst(name.count)
      return factor().map { Fraction(sign * (Fraction(sign) * $0).floor) }
    }
    if take("(") != nil {
      let inner = terms()
      return take(")") == nil ? nil : inner
    }
    let digits = text.prefix { ("0"..."9").contains($0) || $0 == "." }
    text = text.dropFirst(digits.count)
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let decimals = parts.count == 2 ? parts[1].count : 0
    guard parts.count <= 2, digits.count < 10, decimals < 6,
      let number = Int(String(parts.joined()))
    else { return nil }
    return Fraction(number, (0..<decimals).reduce(1) { below, _ in 10 * below })
  }

  /// Both numbers, if nothing that is done with them can be too large.
  private func small(_ a: Fraction?, _ b: Fraction?) -> (Fraction, Fraction)? {
    guard let a, let b else { return nil }
    let limit = 1 << (Int.bitWidth / 2 - 2)
    return [a.numerator, a.denominator, b.numerator, b.denominator].allSatisfy { abs($0) < limit }
      ? (a, b) : nil
  }
}

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
