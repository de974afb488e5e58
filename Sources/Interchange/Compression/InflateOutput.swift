/// Where inflated bytes go: memory that grows as they come, up to a limit.
struct InflateOutput: ~Copyable {
  private(set) var base: UnsafeMutablePointer<UInt8>
  private(set) var capacity: Int
  private(set) var count = 0
  private let limit: Int
  private let isOwner: Bool

  /// Memory of its own, at most `limit` bytes of it.
  init(expecting expected: Int, limit: Int) {
    self.limit = max(limit, 0)
    capacity = min(max(expected, 256), self.limit)
    base = .allocate(capacity: max(capacity, 1))
    isOwner = true
  }

  /// The caller's memory, which does not grow.
  init(_ memory: UnsafeMutableBufferPointer<UInt8>, orElse spare: UnsafeMutablePointer<UInt8>) {
    limit = memory.count
    capacity = memory.count
    base = memory.baseAddress ?? spare
    isOwner = false
  }

  deinit {
    if isOwner { base.deallocate() }
  }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

  @inline(__always)
  mutating func append(_ byte: UInt8) throws(InterchangeError) {
    if count == capacity { try grow(by: 1) }
    base[count] = byte
    count &+= 1
  }

  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) throws(InterchangeError) {
    guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
    if bytes.count > capacity - count { try grow(by: bytes.count) }
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
    if length > capacity &- count { try grow(by: length) }
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

  private mutating func grow(by addition: Int) throws(InterchangeError) {
    guard addition <= limit - count else {
      throw InterchangeError(
        "the compressed data holds more than the \(limit) bytes that are expected")
    }
    let larger = min(max(2 * capacity, count + addition), limit)
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    memory.update(from: base, count: count)
    base.deallocate()
    base = memory
    capacity = larger
  }
}
