/// Bits of a byte sequence, the lowest bit of each byte first, as deflate packs them.
///
/// After the last byte it delivers zeros, and `refill` reports when one of those was consumed.
struct BitReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  /// The next bits, the first one lowest; at least `count` of them are valid.
  private(set) var bits: UInt64 = 0
  private(set) var count = 0
  /// Zero bytes delivered beyond the end.
  private var invented = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// Makes at least 56 bits available; false if bits beyond the end have been consumed.
  @inline(__always)
  mutating func refill() -> Bool {
    if position &+ 8 <= bytes.count {
      let raw = UnsafeRawBufferPointer(bytes)
      let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      bits |= word &<< UInt64(truncatingIfNeeded: count)
      position &+= (63 &- count) &>> 3
      count |= 56
      return true
    }
    return refillAtEnd()
  }

  private mutating func refillAtEnd() -> Bool {
    guard !isExhausted else { return false }
    while count <= 56 {
      if position < bytes.count {
        bits |= UInt64(bytes[position]) &<< UInt64(truncatingIfNeeded: count)
        position += 1
      } else {
        invented += 1
      }
      count += 8
    }
    return true
  }

  /// Whether more bits were consumed than there are.
  var isExhausted: Bool { invented * 8 > count }

  @inline(__always)
  mutating func drop(_ number: Int) {
    bits &>>= UInt64(truncatingIfNeeded: number)
    count &-= number
  }

  /// The next `number` bits, at most 16; call `refill` before.
  @inline(__always)
  mutating func take(_ number: Int) -> Int {
    let value = Int(truncatingIfNeeded: bits & ((1 &<< UInt64(truncatingIfNeeded: number)) &- 1))
    drop(number)
    return value
  }

  /// Goes to the next byte boundary and hands the bytes from there to `body`, which returns how
  /// many of them it used (no more than it was given).
  mutating func alignedBytes<Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Int
  ) throws(Failure) {
    drop(count & 7)
    let start = min(max(position - max(count / 8 - invented, 0), 0), bytes.count)
    let rest = UnsafeBufferPointer(rebasing: bytes[start...])
    position = start
    bits = 0
    count = 0
    invented = 0
    position += try body(rest)
  }
}
