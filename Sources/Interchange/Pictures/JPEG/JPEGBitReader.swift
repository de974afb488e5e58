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
  mutating func symbol(_ table: JPEGTablePointers) throws(InterchangeError) -> Int {
    let index = Int(truncatingIfNeeded: bits &>> UInt64(64 - JPEGHuffmanTable.lookupBits))
    let entry = Int(table.lookup[index])
    if entry != 0 {
      drop(entry &>> 8)
      return entry & 0xFF
    }
    return try longSymbol(table)
  }

  private mutating func longSymbol(_ table: JPEGTablePointers) throws(InterchangeError) -> Int {
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

/// A Huffman table's arrays while a scan is read.
struct JPEGTablePointers {
  let lookup: UnsafePointer<UInt16>
  let ends: UnsafePointer<Int>
  let offsets: UnsafePointer<Int>
  let symbols: UnsafePointer<UInt8>
}
