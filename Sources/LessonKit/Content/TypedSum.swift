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
