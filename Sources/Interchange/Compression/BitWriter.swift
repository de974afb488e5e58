/// Collects bits into bytes, the lowest bit of each byte first, as deflate packs them.
struct BitWriter {
  private(set) var bytes: [UInt8] = []
  private var bits: UInt64 = 0
  private var count = 0

  /// Appends the lowest `number` bits of `value`, at most 32; its higher bits must be zero.
  mutating func append(_ value: Int, bits number: Int) {
    bits |= UInt64(truncatingIfNeeded: value) &<< UInt64(truncatingIfNeeded: count)
    count += number
    guard count >= 32 else { return }
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: bits).littleEndian) {
      bytes.append(contentsOf: $0)
    }
    bits &>>= 32
    count -= 32
  }

  /// Fills the last byte with zero bits, and hands all bytes over.
  mutating func align() {
    while count > 0 {
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bits &>>= 8
      count = max(count - 8, 0)
    }
  }

  /// Appends whole bytes; call `align` before.
  mutating func append(_ slice: some Collection<UInt8>) {
    precondition(count == 0, "bytes can only follow whole bytes")
    bytes.append(contentsOf: slice)
  }
}
