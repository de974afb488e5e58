/// The checksum of PNG chunks and of zip members: the polynomial 0xEDB88320, bits reflected.
///
/// `CRC32.of(Array("123456789".utf8))` is `0xCBF43926`. Eight bytes per step by eight tables.
package enum CRC32 {
  /// Table k at `256 * k ..< 256 * (k + 1)`: what a byte does when k zero bytes follow it.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var remainder = UInt32(byte)
      for _ in 0..<8 {
        remainder = (remainder >> 1) ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0)
      }
      tables[byte] = remainder
    }
    for index in 256..<(8 * 256) {
      let before = tables[index - 256]
      tables[index] = (before >> 8) ^ tables[Int(before & 0xFF)]
    }
    return tables
  }()

  /// The checksum of `bytes`; `start` is the checksum of what came before them.
  package static func of(_ bytes: UnsafeBufferPointer<UInt8>, after start: UInt32 = 0) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      let raw = UnsafeRawBufferPointer(bytes)
      let blocks = bytes.count & ~7
      var crc = ~start
      var position = 0
      while position < blocks {
        let word = UInt64(
          littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        let mixed = word ^ UInt64(crc)
        crc =
          tables[1792 &+ Int(mixed & 0xFF)]
          ^ tables[1536 &+ Int(mixed >> 8 & 0xFF)]
          ^ tables[1280 &+ Int(mixed >> 16 & 0xFF)]
          ^ tables[1024 &+ Int(mixed >> 24 & 0xFF)]
          ^ tables[768 &+ Int(mixed >> 32 & 0xFF)]
          ^ tables[512 &+ Int(mixed >> 40 & 0xFF)]
          ^ tables[256 &+ Int(mixed >> 48 & 0xFF)]
          ^ tables[Int(mixed >> 56)]
        position &+= 8
      }
      for byte in bytes[blocks...] {
        crc = (crc >> 8) ^ tables[Int((crc ^ UInt32(byte)) & 0xFF)]
      }
      return ~crc
    }
  }

  /// The checksum of `bytes`; `start` is the checksum of what came before them.
  package static func of(_ bytes: [UInt8], after start: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBufferPointer { of($0, after: start) }
  }
}
