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
