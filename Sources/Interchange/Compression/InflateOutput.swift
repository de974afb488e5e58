/// Where inflated bytes go: the caller's memory, and never beyond it.
struct InflateOutput: ~Copyable {
  private let base: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  private(set) var count = 0

  init(_ memory: UnsafeMutableBufferPointer<UInt8>) {
    capacity = memory.count
    // Where there is no room, nothing is ever written.
    base = memory.baseAddress ?? UnsafeMutablePointer(bitPattern: 1)!
  }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

  @inline(__always)
  mutating func append(_ byte: UInt8) throws(InterchangeError) {
    guard count < capacity else { throw full }
    base[count] = byte
    count &+= 1
  }

  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) throws(InterchangeError) {
    guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
    guard bytes.count <= capacity - count else { throw full }
    (base + count).update(from: source, count: bytes.count)
    count += bytes.count
  }

  /// Repeats `length` bytes (1…258) from `distance` bytes (1…32768) before the end.
  @inline(__always)
  mutating func repeatBytes(_ length: Int, from distance: Int) throws(InterchangeError) {
    guard distance <= count else {
      throw InterchangeError(
        "the compressed data refers \(distance) bytes back after only \(count) bytes")
    }
    guard length <= capacity &- count else { throw full }
    let target = base + count
    let source = target - distance
    if distance >= 8, capacity &- count >= length &+ 8 {
      // Eight bytes at a time, which may write up to seven bytes more than asked.
      var offset = 0
      repeat {
        let word = UnsafeRawPointer(source + offset).loadUnaligned(as: UInt64.self)
        UnsafeMutableRawPointer(target + offset).storeBytes(of: word, as: UInt64.self)
        offset &+= 8
      } while offset < length
    } else if distance == 1 {
      target.update(repeating: source.pointee, count: length)
    } else {
      var offset = 0
      repeat {
        target[offset] = source[offset]
        offset &+= 1
      } while offset < length
    }
    count &+= length
  }

  private var full: InterchangeError {
    InterchangeError(
      "the compressed data holds more than the \(capacity) bytes that are expected")
  }
}

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
