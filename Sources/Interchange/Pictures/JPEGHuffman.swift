/// A Huffman table of a JPEG: short codes are looked up, longer ones compared length by length.
final class JPEGHuffmanTable: @unchecked Sendable {
  static let lookupBits = 9

  /// Valid as long as the table lives.
  let codes: Codes

  struct Codes {
    /// For each value of the next nine bits: length times 256 plus symbol, or 0 for a longer code.
    fileprivate let lookup = UnsafeMutablePointer<UInt16>.allocate(capacity: 1 << lookupBits)
    /// For each length the first number of that many bits that is no code of it; 0 without codes.
    fileprivate let ends = UnsafeMutablePointer<Int>.allocate(capacity: 17)
    /// For each length what is added to a code to get the place of its symbol.
    fileprivate let offsets = UnsafeMutablePointer<Int>.allocate(capacity: 17)
    /// The symbols in the order of their codes, filled up to 256.
    fileprivate let symbols = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
  }

  /// nil if the numbers of codes per length (1…16) make no code.
  init?(counts: [Int], symbols: [UInt8]) {
    codes = Codes()
    codes.lookup.initialize(repeating: 0, count: 1 << Self.lookupBits)
    codes.ends.initialize(repeating: 0, count: 17)
    codes.offsets.initialize(repeating: 0, count: 17)
    codes.symbols.initialize(repeating: 0, count: 256)
    guard symbols.count <= 256 else { return nil }
    for (place, symbol) in symbols.enumerated() { codes.symbols[place] = symbol }
    var code = 0
    var place = 0
    for length in 1...16 {
      let count = counts[length - 1]
      guard code + count <= 1 << length else { return nil }
      codes.offsets[length] = place - code
      if length <= Self.lookupBits {
        let repeats = 1 << (Self.lookupBits - length)
        for index in 0..<count {
          let entry = UInt16(length) << 8 | UInt16(symbols[place + index])
          let start = (code + index) * repeats
          for slot in start..<(start + repeats) { codes.lookup[slot] = entry }
        }
      }
      place += count
      code += count
      codes.ends[length] = count > 0 ? code : 0
      code <<= 1
    }
  }

  deinit {
    codes.lookup.deallocate()
    codes.ends.deallocate()
    codes.offsets.deallocate()
    codes.symbols.deallocate()
  }
}

/// The bits of a scan, the highest bit of each byte first; a byte 255 is followed by a 0.
///
/// It stops before a marker and delivers zeros from there, as libjpeg does.
struct JPEGBitReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position: Int
  /// The next bit is the highest.
  private var bits: UInt64 = 0
  private var count = 0
  /// Bits delivered beyond the end.
  private var invented = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, from position: Int) {
    self.bytes = bytes
    self.position = position
  }

  /// Whether more bits were consumed than there are before the next marker.
  var isExhausted: Bool { invented > count }
  /// Whether the data is ended by a marker, not by the end of the file.
  var isAtMarker: Bool { position + 1 < bytes.count }

  /// Makes at least 32 bits available.
  @inline(__always)
  mutating func refill() {
    if count < 32 { fill() }
  }

  @inline(__always)
  private mutating func fill() {
    if position &+ 8 <= bytes.count {
      let raw = UnsafeRawBufferPointer(bytes)
      let word = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      // Some byte is 255 if and only if this finds a zero byte in the complement.
      let complement = ~word
      if (complement &- 0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080 == 0 {
        bits |= word &>> UInt64(truncatingIfNeeded: count)
        position &+= (63 &- count) &>> 3
        count |= 56
        return
      }
    }
    fillByByte()
  }

  private mutating func fillByByte() {
    while count <= 56 {
      var byte: UInt8 = 0
      if position < bytes.count, bytes[position] != 0xFF {
        byte = bytes[position]
        position += 1
      } else {
        // Bytes 255 may be repeated; what follows tells a byte 255 from a marker.
        while position + 2 < bytes.count, bytes[position + 1] == 0xFF { position += 1 }
        if position + 1 < bytes.count, bytes[position + 1] == 0 {
          byte = 0xFF
          position += 2
        } else {
          invented += 8
        }
      }
      bits |= UInt64(byte) &<< UInt64(truncatingIfNeeded: 56 - count)
      count += 8
    }
  }

  @inline(__always)
  private mutating func drop(_ number: Int) {
    bits &<<= UInt64(truncatingIfNeeded: number)
    count &-= number
  }

  /// The next `number` bits, 1…16; call `refill` before.
  @inline(__always)
  mutating func take(_ number: Int) -> Int {
    let value = Int(truncatingIfNeeded: bits &>> UInt64(truncatingIfNeeded: 64 &- number))
    drop(number)
    return value
  }

  /// A number of `size` bits (0…15) in which the lower half stands for the negative ones.
  @inline(__always)
  mutating func signed(_ size: Int) -> Int32 {
    guard size > 0 else { return 0 }
    let value = take(size)
    let isNegative = value &>> (size &- 1) == 0
    return Int32(truncatingIfNeeded: isNegative ? value &- (1 &<< size) &+ 1 : value)
  }

  /// The next single bit; refills by itself.
  @inline(__always)
  mutating func bit() -> Bool {
    refill()
    return take(1) == 1
  }

  /// The next symbol; call `refill` before.
  @inline(__always)
  mutating func symbol(_ table: JPEGHuffmanTable.Codes) throws(InterchangeError) -> Int {
    let index = Int(truncatingIfNeeded: bits &>> UInt64(64 - JPEGHuffmanTable.lookupBits))
    let entry = Int(table.lookup[index])
    if entry != 0 {
      drop(entry &>> 8)
      return entry & 0xFF
    }
    return try longSymbol(table)
  }

  private mutating func longSymbol(_ table: JPEGHuffmanTable.Codes) throws(InterchangeError) -> Int
  {
    for length in (JPEGHuffmanTable.lookupBits + 1)...16 {
      let code = Int(truncatingIfNeeded: bits &>> UInt64(truncatingIfNeeded: 64 &- length))
      if code < table.ends[length] {
        drop(length)
        return Int(table.symbols[(code &+ table.offsets[length]) & 0xFF])
      }
    }
    guard count - invented < 16 else {
      throw JPEGScanReader.damaged("its data has a code that is in no table")
    }
    // Zeros from behind the end made it.
    (bits, count) = (0, 0)
    return 0
  }

  /// Goes behind the restart marker `number` (0…7), skipping what is before it; false if that part of
  /// the data is missing: a marker comes first that belongs behind it.
  mutating func passRestart(_ number: Int) throws(InterchangeError) -> Bool {
    bits = 0
    count = 0
    invented = 0
    while position + 1 < bytes.count {
      let marker = bytes[position + 1]
      guard bytes[position] == 0xFF, marker != 0, marker != 0xFF else {
        position += 1
        continue
      }
      // How many restarts ahead it is; those far ahead are taken for the right one, as by libjpeg.
      let ahead = (Int(marker) - 0xD0 - number) & 7
      switch marker {
      case 0xD0...0xD7 where ahead == 1 || ahead == 2: return false
      case 0xD0...0xD7 where ahead < 6:
        position += 2
        return true
      case 0xC0...0xCF, 0xD8...0xFE: return false
      default: position += 2
      }
    }
    throw JPEGScanReader.truncated
  }
}

/// The tables of Annex K of the standard, table 0 for grey and table 1 for colours. Nearly every
/// program that does not make tables of its own uses them, and the frames of a Motion JPEG need not
/// even carry them.
extension JPEGHuffmanTable {
  static let standardDC = numbered(dcForGrey, dcForColors)
  static let standardAC = numbered(acForGrey, acForColors)

  private static func numbered(_ tables: JPEGHuffmanTable?...) -> [Int: JPEGHuffmanTable] {
    Dictionary(uniqueKeysWithValues: tables.compactMap(\.self).enumerated().map { ($0, $1) })
  }

  private static let dcForGrey = JPEGHuffmanTable(
    counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], symbols: Array(0...11))

  private static let dcForColors = JPEGHuffmanTable(
    counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], symbols: Array(0...11))

  private static let acForGrey = JPEGHuffmanTable(
    counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
    symbols: [
      0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61,
      0x07, 0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52,
      0xD1, 0xF0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25,
      0x26, 0x27, 0x28, 0x29, 0x2A, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45,
      0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x63, 0x64,
      0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x83,
      0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
      0x9A, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6,
      0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3,
      0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8,
      0xE9, 0xEA, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
    ])

  private static let acForColors = JPEGHuffmanTable(
    counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119],
    symbols: [
      0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61,
      0x71, 0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xA1, 0xB1, 0xC1, 0x09, 0x23, 0x33,
      0x52, 0xF0, 0x15, 0x62, 0x72, 0xD1, 0x0A, 0x16, 0x24, 0x34, 0xE1, 0x25, 0xF1, 0x17, 0x18,
      0x19, 0x1A, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44,
      0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x63,
      0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A,
      0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97,
      0x98, 0x99, 0x9A, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4,
      0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA,
      0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7,
      0xE8, 0xE9, 0xEA, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
    ])
}
