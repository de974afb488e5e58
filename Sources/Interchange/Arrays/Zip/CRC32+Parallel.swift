internal import Dispatch

extension CRC32 {
  /// The checksum of `bytes`, computed in pieces on all cores.
  ///
  /// - Parameter passed: called after each piece, from any thread.
  static func parallel(
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
