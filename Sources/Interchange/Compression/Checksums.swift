internal import Dispatch

/// The checksum of zlib streams: two sums modulo 65521.
///
/// `Adler32.of(Array("Wikipedia".utf8))` is `0x11E60398`.
package enum Adler32 {
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

  package static func of(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { of($0) }
  }
}

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

extension CRC32 {
  /// The checksum of `bytes`, computed in pieces on all cores.
  ///
  /// - Parameter passed: called after each piece, from any thread.
  package static func parallel(
    _ bytes: UnsafeBufferPointer<UInt8>, piece: Int, passed: @Sendable (Range<Int>) -> Void
  ) -> UInt32 {
    guard bytes.count > piece else {
      defer { passed(0..<bytes.count) }
      return of(bytes)
    }
    let count = (bytes.count + piece - 1) / piece
    let ranges = (0..<count).map { $0 * piece..<min(($0 + 1) * piece, bytes.count) }
    let checksums = [UInt32](unsafeUninitializedCapacity: count) { target, initialized in
      // Every iteration writes its own element.
      nonisolated(unsafe) let target = target
      nonisolated(unsafe) let bytes = bytes
      DispatchQueue.concurrentPerform(iterations: count) { index in
        let part = UnsafeBufferPointer(rebasing: bytes[ranges[index]])
        target.initializeElement(at: index, to: of(part))
        passed(ranges[index])
      }
      initialized = count
    }
    return zip(checksums, ranges).reduce(0) { combined($0, $1.0, length: $1.1.count) }
  }

  /// The checksum of two runs of bytes from the checksum of each, the second `length` bytes long.
  ///
  /// Appending a byte multiplies what came before by x⁸, modulo the polynomial.
  static func combined(_ first: UInt32, _ second: UInt32, length: Int) -> UInt32 {
    var factor: UInt32 = 1 << 31
    var power: UInt32 = 1 << (31 - 8)
    var rest = length
    while rest > 0 {
      if rest & 1 == 1 { factor = product(factor, power) }
      power = product(power, power)
      rest >>= 1
    }
    return product(factor, first) ^ second
  }

  /// The product of two polynomials over the integers modulo 2; the highest bit is x⁰.
  private static func product(_ a: UInt32, _ b: UInt32) -> UInt32 {
    var result: UInt32 = 0
    var shifted = b
    for bit in stride(from: 31, through: 0, by: -1) {
      if a >> UInt32(bit) & 1 == 1 { result ^= shifted }
      shifted = (shifted >> 1) ^ (shifted & 1 == 1 ? 0xEDB8_8320 : 0)
    }
    return result
  }
}
