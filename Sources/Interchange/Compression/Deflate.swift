/// Compression to deflate data in a zlib wrapper: matches through hash chains, taken lazily (a
/// match waits one byte for a longer one), written with the best prefix codes block by block.
package enum Deflate {
  /// How far the search for matches goes: candidates per position, and the match length from
  /// which a longer one is no longer looked for.
  private static let depth = 192
  private static let goodEnough = 64

  package static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var writer = BitWriter()
    // Method 8 with a window of 32768; the second byte makes the pair a multiple of 31.
    writer.append([0x78, 0x9C])
    bytes.withUnsafeBufferPointer { compress($0, to: &writer) }
    writer.align()
    writer.append(Adler32.of(bytes).bigEndianBytes)
    return writer.bytes
  }

  private static func compress(_ bytes: UnsafeBufferPointer<UInt8>, to writer: inout BitWriter) {
    var finder = MatchFinder(bytes)
    var block = DeflateBlock(start: 0)
    var pending = (length: 0, distance: 0)
    var position = 0

    while position < bytes.count {
      let candidate = finder.insert(position)
      var match = (length: 0, distance: 0)
      if candidate >= 0, pending.length < goodEnough {
        // With a fair match in hand, a quarter of the search will do.
        match = finder.longestMatch(
          at: position, from: candidate, longerThan: max(pending.length, 2),
          depth: pending.length >= 16 ? depth / 4 : depth)
        // A match of three bytes far away costs more than its bytes.
        if match.length == 3, match.distance > 4096 { match = (0, 0) }
      }
      if pending.length > 0, match.length <= pending.length {
        // The match that began one byte earlier stays the best.
        block.append(length: pending.length, distance: pending.distance)
        let end = position - 1 + pending.length
        position += 1
        while position < end {
          _ = finder.insert(position)
          position += 1
        }
        pending = (0, 0)
      } else {
        if pending.length > 0 { block.append(literal: bytes[position - 1]) }
        if match.length > 0 {
          pending = match
        } else {
          block.append(literal: bytes[position])
          pending = (0, 0)
        }
        position += 1
      }
      if block.isFull, pending.length == 0 {
        block.write(bytes, end: position, isLast: false, to: &writer)
        block = DeflateBlock(start: position)
      }
    }
    if pending.length > 0 { block.append(length: pending.length, distance: pending.distance) }
    block.write(bytes, end: bytes.count, isLast: true, to: &writer)
  }
}

/// Finds earlier occurrences of the bytes at a position, through chains of equal hashes.
struct MatchFinder: ~Copyable {
  static let window = 32768
  static let longest = 258

  private let bytes: UnsafeBufferPointer<UInt8>
  /// The last position of each hash, and before each position (modulo the window) the previous.
  private let heads: UnsafeMutablePointer<Int>
  private let previous: UnsafeMutablePointer<Int>

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    heads = .allocate(capacity: Self.window)
    heads.initialize(repeating: -1, count: Self.window)
    previous = .allocate(capacity: Self.window)
    previous.initialize(repeating: -1, count: Self.window)
  }

  deinit {
    heads.deallocate()
    previous.deallocate()
  }

  /// Makes `position` findable; returns the last position with the same hash, or -1.
  @inline(__always)
  mutating func insert(_ position: Int) -> Int {
    guard position + 3 <= bytes.count else { return -1 }
    let three =
      UInt32(bytes[position]) | UInt32(bytes[position + 1]) << 8 | UInt32(bytes[position + 2]) << 16
    let hash = Int((three &* 0x9E37_79B1) >> 17)
    let candidate = heads[hash]
    previous[position & (Self.window - 1)] = candidate
    heads[hash] = position
    return candidate
  }

  /// The longest match of more than `minimum` bytes among the first `depth` candidates, the
  /// nearest first: its length and distance; a length of 0 if there is none.
  func longestMatch(
    at position: Int, from first: Int, longerThan minimum: Int, depth: Int
  ) -> (length: Int, distance: Int) {
    let most = min(Self.longest, bytes.count - position)
    guard most > minimum else { return (0, 0) }
    var best = (length: 0, distance: 0)
    var required = minimum
    var candidate = first
    var steps = depth
    while candidate >= 0, position - candidate <= Self.window, steps > 0 {
      steps -= 1
      if bytes[candidate + required] == bytes[position + required] {
        let length = commonLength(candidate, position, most: most)
        if length > required {
          best = (length, position - candidate)
          required = length
          if length == most { break }
        }
      }
      let next = previous[candidate & (Self.window - 1)]
      // An entry that was overwritten since leads forwards: the chain ends here.
      guard next < candidate else { break }
      candidate = next
    }
    return best
  }

  private func commonLength(_ first: Int, _ second: Int, most: Int) -> Int {
    let raw = UnsafeRawBufferPointer(bytes)
    var length = 0
    while length &+ 8 <= most {
      let a = raw.loadUnaligned(fromByteOffset: first &+ length, as: UInt64.self)
      let b = raw.loadUnaligned(fromByteOffset: second &+ length, as: UInt64.self)
      let difference = UInt64(littleEndian: a ^ b)
      if difference != 0 { return length &+ difference.trailingZeroBitCount / 8 }
      length &+= 8
    }
    while length < most, bytes[first &+ length] == bytes[second &+ length] { length &+= 1 }
    return length
  }
}
