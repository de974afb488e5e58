/// Some of a map's rows and columns, of which alone a figure is drawn.
///
/// They are counted in the output, from 0; what they read is drawn with them.
public struct FigurePart: Hashable, Sendable {
  /// All rows where nothing is said; likewise all columns.
  public var rows: ClosedRange<Int>?
  public var columns: ClosedRange<Int>?

  public init(rows: ClosedRange<Int>? = nil, columns: ClosedRange<Int>? = nil) {
    (self.rows, self.columns) = (rows, columns)
  }

  func has(_ place: Equation.Place) -> Bool {
    rows?.contains(place.row) != false && columns?.contains(place.column) != false
  }

  /// `rows 2 to 5`, `rows 2 to 5, columns 0 to 3`
  var description: String {
    func text(_ name: String, _ range: ClosedRange<Int>?) -> String? {
      range.map { "\(name) \($0.lowerBound) to \($0.upperBound)" }
    }
    return [text("rows", rows), text("columns", columns)].compactMap { $0 }.joined(separator: ", ")
  }
}

extension FigurePanel {
  /// Sides at which more of the map would follow.
  struct Cut: Hashable, Sendable {
    var top = false
    var left = false
    var bottom = false
    var right = false
  }

  /// Keeps of a map these rows and columns, with so many around them, and says which; all where nothing
  /// is said.
  mutating func keep(rows wanted: [Int]?, columns: [Int]?, around: Int, isRow: Bool) {
    func kept(_ cells: [Int]?, _ before: Int, _ count: Int) -> Range<Int> {
      guard let first = cells?.min(), let last = cells?.max() else { return 0..<count }
      let low = min(max(0, first + before - around), count)
      return low..<max(low, min(count, last + before + around + 1))
    }
    let all = (down: rows.count, across: rows.first?.count ?? 0)
    let (down, across) = (kept(wanted, top, all.down), kept(columns, left, all.across))
    guard down.count < all.down || across.count < all.across else { return }
    (top, left) = (top - down.lowerBound, left - across.lowerBound)
    cut = Cut(
      top: down.lowerBound > 0, left: across.lowerBound > 0, bottom: down.upperBound < all.down,
      right: across.upperBound < all.across)
    rows = rows[down].map { Array($0[across]) }
    remark =
      (isRow ? "" : "rows \(-top) to \(down.count - 1 - top), ")
      + "columns \(-left) to \(across.count - 1 - left)"
    (holes, unread) = (holes.filter { isDrawn($0) }, unread.filter { isDrawn($0) })
  }
}

/// A number in at most six characters: as many of its digits as fit, the last of them rounded.
///
/// ```swift
/// shortNumber("0.12345678901234567")   // "0.1235"
/// shortNumber("-0.000012345")          // "-1e-5"
/// shortNumber("1234567")               // "1234567": a whole number keeps its digits
/// ```
func shortNumber(_ text: String) -> String {
  let most = 6
  guard text.utf8.count > most, let number = DecimalDigits(text) else { return text }
  for count in stride(from: min(number.digits.count, most), to: 1, by: -1) {
    let short = number.rounded(to: count).text
    if short.utf8.count <= most { return short }
  }
  return number.rounded(to: 1).text
}

/// The digits of a number with a point or an exponent: 0.d₁d₂… times a power of ten.
private struct DecimalDigits {
  let isNegative: Bool
  private(set) var digits: [UInt8] = []
  private(set) var power = 0

  /// Nil for what is no such number: a whole one, a fraction, infinity.
  init?(_ text: String) {
    var (hasPoint, exponent, isPast): (Bool, String?, Bool) = (false, nil, false)
    isNegative = text.hasPrefix("-")
    for byte in text.utf8.dropFirst(isNegative ? 1 : 0) {
      if exponent != nil {
        exponent!.append(Character(Unicode.Scalar(byte)))
      } else if byte == UInt8(ascii: "e") {
        exponent = ""
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        isPast = isPast || byte != UInt8(ascii: "0")
        if isPast { digits.append(byte - UInt8(ascii: "0")) }
        if isPast, !hasPoint { power += 1 }
        if !isPast, hasPoint { power -= 1 }
      } else {
        return nil
      }
    }
    guard hasPoint || exponent != nil, !digits.isEmpty else { return nil }
    if let exponent {
      guard let shift = Int(exponent) else { return nil }
      power += shift
    }
  }

  /// The nearest number with so many digits.
  func rounded(to count: Int) -> DecimalDigits {
    guard count < digits.count else { return self }
    var number = self
    number.digits = Array(digits[..<count])
    if digits[count] >= 5 {
      var place = count - 1
      while place >= 0, number.digits[place] == 9 {
        number.digits[place] = 0
        place -= 1
      }
      if place >= 0 {
        number.digits[place] += 1
      } else {
        number.digits = [1]
        number.power += 1
      }
    }
    return number
  }

  /// With a point where it is not far off, else with an exponent.
  var text: String {
    var shown = digits
    while shown.count > 1, shown.last == 0 { shown.removeLast() }
    func written(_ digits: some Sequence<UInt8>) -> String { digits.map { "\($0)" }.joined() }
    let sign = isNegative ? "-" : ""
    if power > 0, power <= digits.count {
      let whole =
        written(shown.prefix(power)) + String(repeating: "0", count: max(0, power - shown.count))
      return sign + whole + (shown.count > power ? "." + written(shown.dropFirst(power)) : "")
    }
    if power <= 0, power > -3 {
      return sign + "0." + String(repeating: "0", count: -power) + written(shown)
    }
    return sign + written(shown.prefix(1))
      + (shown.count > 1 ? "." + written(shown.dropFirst()) : "")
      + "e\(power - 1)"
  }
}
