/// The constants of the deflate format (RFC 1951), for both directions.
package enum DeflateFormat {
  /// The order in which the lengths of the code-length code are sent.
  static let codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  /// The smallest match length of each length symbol (257 is at 0), and its extra bits.
  static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  static let lengthExtraBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]

  /// The smallest distance of each distance symbol, and its extra bits.
  static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]
  static let distanceExtraBits = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
  ]

  /// The code lengths of the fixed literal and length code.
  static let fixedLengths =
    [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112)
    + [UInt8](repeating: 7, count: 24) + [UInt8](repeating: 8, count: 8)

  /// The code lengths of the fixed distance code.
  static let fixedDistanceLengths = [UInt8](repeating: 5, count: 32)

  /// No byte of compressed data stands for more than this many bytes.
  package static let greatestRatio = 1032
}

/// A table that turns the next bits of a deflate stream into a symbol.
///
/// The first `1 << primary` entries answer the short codes; a long code's entry leads to a second
/// table. An entry holds, from its lowest bit: 8 bits for the length to drop, 4 for the number of
/// extra bits, 4 for the kind, 16 for the value.
struct DecodingTable {
  static let literal: UInt32 = 1 << 12
  static let link: UInt32 = 1 << 13
  static let endOfBlock: UInt32 = 1 << 14
  static let invalid: UInt32 = 1 << 15

  let primary: Int
  private(set) var entries: [UInt32]

  /// The table of a canonical code; nil if the lengths make no code.
  ///
  /// As zlib, takes an incomplete code only if it has no symbol or one of length 1.
  ///
  /// - Parameters:
  ///   - lengths: the code length of each symbol, 0…15.
  ///   - meanings: the kind, extra bits and value of each symbol, placed as in an entry.
  init?(lengths: ArraySlice<UInt8>, meanings: [UInt32], primary: Int) {
    self.primary = primary
    var counts = [Int](repeating: 0, count: 16)
    for length in lengths { counts[Int(length)] += 1 }
    counts[0] = 0
    let longest = counts.lastIndex { $0 > 0 } ?? 0

    var left = 1
    var nextCodes = [Int](repeating: 0, count: 17)
    for length in 1...15 {
      left = 2 * left - counts[length]
      guard left >= 0 else { return nil }
      nextCodes[length + 1] = (nextCodes[length] + counts[length]) << 1
    }
    guard left == 0 || longest <= 1 else { return nil }

    let size = 1 << primary
    entries = [UInt32](repeating: Self.invalid, count: size)
    let secondary = longest - primary
    for (symbol, lengthByte) in lengths.enumerated() where lengthByte > 0 {
      let length = Int(lengthByte)
      let code = Self.reversed(nextCodes[length], length: length)
      nextCodes[length] += 1
      if length <= primary {
        let entry = meanings[symbol] | UInt32(length)
        var index = code
        while index < size {
          entries[index] = entry
          index += 1 << length
        }
      } else {
        let slot = code & (size - 1)
        if entries[slot] & Self.link == 0 {
          let start = UInt32(entries.count)
          entries[slot] = start << 16 | Self.link | UInt32(secondary) << 8 | UInt32(primary)
          entries.append(contentsOf: repeatElement(Self.invalid, count: 1 << secondary))
        }
        let entry = meanings[symbol] | UInt32(length - primary)
        var index = code >> primary
        let start = Int(entries[slot] >> 16)
        while index < 1 << secondary {
          entries[start + index] = entry
          index += 1 << (length - primary)
        }
      }
    }
  }

  private static func reversed(_ code: Int, length: Int) -> Int {
    var result = 0
    for bit in 0..<length where code >> bit & 1 == 1 {
      result |= 1 << (length - 1 - bit)
    }
    return result
  }
}

/// A prefix code for writing: for each symbol its length and its bits, ready for `BitWriter`.
struct EncodingCode {
  private(set) var lengths: [UInt8]
  private(set) var codes: [UInt16]

  /// The canonical code of these lengths (RFC 1951, section 3.2.2), its bits reversed.
  init(lengths: [UInt8]) {
    self.lengths = lengths
    codes = [UInt16](repeating: 0, count: lengths.count)
    var next = 0
    for length in 1...15 {
      for symbol in lengths.indices where lengths[symbol] == length {
        var reversed = 0
        for bit in 0..<length where next >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
        codes[symbol] = UInt16(reversed)
        next += 1
      }
      next <<= 1
    }
  }

  /// The best code for symbols that occur `counts` times, none longer than `limit` bits.
  ///
  /// At least two symbols get a code, so that every decoder finds the code complete.
  init(counts: [Int], limit: Int) {
    var counts = counts
    var used = counts.count { $0 > 0 }
    for symbol in counts.indices where used < 2 && counts[symbol] == 0 {
      counts[symbol] = 1
      used += 1
    }
    let symbols = counts.indices.filter { counts[$0] > 0 }.sorted { counts[$0] < counts[$1] }
    let perLength = Self.limited(
      Self.symbolsPerLength(weights: symbols.map { counts[$0] }), to: limit)

    var lengths = [UInt8](repeating: 0, count: counts.count)
    var rest = symbols[...]
    for length in (1...limit).reversed() {
      for symbol in rest.prefix(perLength[length]) { lengths[symbol] = UInt8(length) }
      rest = rest.dropFirst(perLength[length])
    }
    self.init(lengths: lengths)
  }

  /// How many symbols of a Huffman code have each length; the weights come in ascending order.
  private static func symbolsPerLength(weights: [Int]) -> [Int] {
    let leafCount = weights.count
    // Leaves 0 ..< leafCount, then inner nodes in the order of their weights.
    var weights = weights
    var parents = [Int](repeating: 0, count: 2 * leafCount - 1)
    var leaf = 0
    var inner = leafCount
    for node in leafCount..<(2 * leafCount - 1) {
      var sum = 0
      for _ in 0..<2 {
        let takesLeaf = leaf < leafCount && (inner >= node || weights[leaf] <= weights[inner])
        let child = takesLeaf ? leaf : inner
        if takesLeaf { leaf += 1 } else { inner += 1 }
        sum += weights[child]
        parents[child] = node
      }
      weights.append(sum)
    }
    var depths = [Int](repeating: 0, count: parents.count)
    var result = [Int](repeating: 0, count: max(leafCount + 1, 16))
    for node in parents.indices.dropLast().reversed() {
      depths[node] = depths[parents[node]] + 1
      if node < leafCount { result[depths[node]] += 1 }
    }
    return result
  }

  /// Shortens codes over the limit, and lengthens as few others as keeps the code possible.
  private static func limited(_ perLength: [Int], to limit: Int) -> [Int] {
    var result = Array(perLength[...limit])
    result[limit] += perLength[(limit + 1)...].reduce(0, +)
    var used = (1...limit).reduce(0) { $0 + result[$1] << (limit - $1) }
    while used > 1 << limit {
      guard let length = (1..<limit).last(where: { result[$0] > 0 }) else { break }
      result[limit] -= 1
      result[length] -= 1
      result[length + 1] += 2
      used -= 1
    }
    return result
  }
}
