/// Compression to deflate data in a zlib wrapper: matches through hash chains, taken lazily (a
/// match waits one byte for a longer one), written with the best prefix codes block by block.
package enum Deflate {
  /// How far the search for matches goes: candidates per position, and the match length from
  /// which a longer one is no longer looked for.
  private static let depth = 192
  private static let goodEnough = 64

  /// The zlib stream of `bytes`.
  package static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var writer = BitWriter()
    // Method 8 with a window of 32768; the second byte makes the pair a multiple of 31.
    writer.append([0x78, 0x9C])
    bytes.withUnsafeBufferPointer { compress($0, to: &writer) }
    writer.align()
    let checksum = Adler32.of(bytes)
    writer.append([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: checksum >> $0) })
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
