/// The checksum of zlib streams: two sums modulo 65521.
///
/// `Adler32.of(Array("Wikipedia".utf8))` is `0x11E60398`.
package enum Adler32 {
  /// The checksum of `bytes`.
  package static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let modulus: UInt32 = 65521
    var low: UInt32 = 1
    var high: UInt32 = 0
    var position = 0
    while position < bytes.count {
      // 5552 is the longest run for which `high` can't overflow 32 bits.
      let end = min(position + 5552, bytes.count)
      while position < end {
        low &+= UInt32(bytes[position])
        high &+= low
        position &+= 1
      }
      low %= modulus
      high %= modulus
    }
    return high << 16 | low
  }

  /// The checksum of `bytes`.
  package static func of(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { of($0) }
  }
}
