/// Counts of a grid of cells, each a whole number of as many words as the largest of them needs.
///
/// Paths multiply from layer to layer: through fifty layers of 3×3 cells there are 9⁵⁰ of them. They are
/// only ever added, so that words with a carry count them exactly.
struct PathCounts: Sendable {
  let rows: ClosedRange<Int>
  let columns: ClosedRange<Int>
  /// Words of each count, the lowest first.
  let words: Int
  private(set) var storage: [UInt64]

  init(rows: ClosedRange<Int>, columns: ClosedRange<Int>, words: Int) {
    (self.rows, self.columns, self.words) = (rows, columns, words)
    storage = Array(repeating: 0, count: rows.count * columns.count * words)
  }

  private func place(_ row: Int, _ column: Int) -> Int {
    ((row - rows.lowerBound) * columns.count + column - columns.lowerBound) * words
  }

  subscript(row: Int, column: Int) -> PathCount {
    let place = place(row, column)
    return PathCount(words: Array(storage[place..<place + words]))
  }

  mutating func addOne(_ row: Int, _ column: Int) {
    var place = place(row, column)
    while true {
      let (sum, carries) = storage[place].addingReportingOverflow(1)
      storage[place] = sum
      guard carries else { return }
      place += 1
    }
  }

  /// Adds a row of another grid, which has the same columns, to one of this.
  mutating func addRow(_ other: PathCounts, _ row: Int, to target: Int) {
    let first = columns.lowerBound
    add(
      other, from: other.place(row, first), to: place(target, first), count: columns.count)
  }

  /// Adds a column of another grid, which has the same rows, to one of this.
  mutating func addColumn(_ other: PathCounts, _ column: Int, to target: Int) {
    let first = rows.lowerBound
    var (from, to) = (other.place(first, column), place(first, target))
    for _ in rows {
      add(other, from: from, to: to, count: 1)
      from += other.columns.count * words
      to += columns.count * words
    }
  }

  private mutating func add(_ other: PathCounts, from: Int, to: Int, count: Int) {
    let words = words
    storage.withUnsafeMutableBufferPointer { mine in
      other.storage.withUnsafeBufferPointer { theirs in
        for cell in 0..<count {
          var carry: UInt64 = 0
          for word in cell * words..<(cell + 1) * words {
            let (sum, over) = mine[to + word].addingReportingOverflow(theirs[from + word])
            let (all, more) = sum.addingReportingOverflow(carry)
            mine[to + word] = all
            carry = (over ? 1 : 0) + (more ? 1 : 0)
          }
        }
      }
    }
  }
}

/// A number of paths, exactly.
///
/// ```swift
/// PathCount(words: [5, 1]).description   // "18446744073709551621", 2⁶⁴ + 5
/// ```
public struct PathCount: Hashable, Sendable, CustomStringConvertible {
  /// The words, the lowest first.
  private var words: [UInt64]

  init(words: [UInt64]) { self.words = words }

  public var isZero: Bool { words.allSatisfy { $0 == 0 } }

  /// The number, if it fits.
  public var integer: Int? {
    words.dropFirst().allSatisfy { $0 == 0 } ? Int(exactly: words.first ?? 0) : nil
  }

  static func += (a: inout PathCount, b: PathCount) {
    var carry: UInt64 = 0
    for index in 0..<max(a.words.count, b.words.count) + 1 {
      if index >= a.words.count { a.words.append(0) }
      let (sum, over) = a.words[index].addingReportingOverflow(
        index < b.words.count ? b.words[index] : 0)
      let (all, more) = sum.addingReportingOverflow(carry)
      a.words[index] = all
      carry = (over ? 1 : 0) + (more ? 1 : 0)
    }
    while a.words.count > 1, a.words.last == 0 { a.words.removeLast() }
  }

  /// All its digits.
  public var description: String {
    var rest = words
    var digits = ""
    let base: UInt64 = 1_000_000_000_000_000_000
    repeat {
      var remainder: UInt64 = 0
      for index in rest.indices.reversed() {
        (rest[index], remainder) = base.dividingFullWidth((remainder, rest[index]))
      }
      let part = String(remainder)
      let isLast = rest.allSatisfy { $0 == 0 }
      digits = (isLast ? part : String(repeating: "0", count: 18 - part.count) + part) + digits
      if isLast { return digits }
    } while true
  }

  /// It as a share of another, rounded.
  public func share(of whole: PathCount) -> Double {
    let (mine, all) = (scientific, whole.scientific)
    guard mine.significand > 0, all.significand > 0 else { return 0 }
    return Double(
      sign: .plus, exponent: mine.exponent - all.exponent,
      significand: mine.significand / all.significand)
  }

  /// significand · 2^exponent
  private var scientific: (significand: Double, exponent: Int) {
    guard let top = words.lastIndex(where: { $0 != 0 }) else { return (0, 0) }
    let low = top > 0 ? Double(words[top - 1]) / 0x1p64 : 0
    return (Double(words[top]) + low, 64 * top)
  }

  static func < (a: PathCount, b: PathCount) -> Bool {
    for index in (0..<max(a.words.count, b.words.count)).reversed() {
      let (x, y) = (
        index < a.words.count ? a.words[index] : 0, index < b.words.count ? b.words[index] : 0
      )
      if x != y { return x < y }
    }
    return false
  }
}
