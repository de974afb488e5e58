/// Decompression of deflate data (RFC 1951), bare or in a zlib wrapper (RFC 1950).
///
/// The caller says how much may come out, so that a small hostile file can't fill the memory.
package enum Inflate {
  /// What no step of inflating writes more than: a stored block.
  package static let longestStep = 1 << 16

  /// Fills `memory` with the content of a zlib stream; returns the number of bytes.
  ///
  /// - Parameter needed: how many of them count, if not all: what comes behind these may be anything, or
  ///   nothing. Then `memory` has room for ``longestStep`` bytes more.
  package static func zlib(
    _ bytes: UnsafeBufferPointer<UInt8>, into memory: UnsafeMutableBufferPointer<UInt8>,
    needed: Int? = nil
  ) throws(InterchangeError) -> Int {
    var output = InflateOutput(memory)
    var reader = try zlibReader(bytes)
    do throws(InterchangeError) {
      try blocks(of: &reader, into: &output)
    } catch {
      guard let needed, output.count >= needed else { throw error }
      return output.count
    }
    if needed == nil || needed == output.count {
      try checkSum(&reader, of: output.bytes, isOptional: needed != nil)
    }
    return output.count
  }

  /// Fills `memory` with the content of bare deflate data, as in zip files; returns the number of bytes.
  package static func raw(
    _ bytes: UnsafeBufferPointer<UInt8>, into memory: UnsafeMutableBufferPointer<UInt8>
  ) throws(InterchangeError) -> Int {
    var output = InflateOutput(memory)
    var reader = BitReader(bytes)
    try blocks(of: &reader, into: &output)
    return output.count
  }

  /// At least the first `needed` bytes of bare deflate data; fewer if it is damaged, or has no more.
  package static func rawPrefix(_ bytes: UnsafeBufferPointer<UInt8>, needed: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: needed + longestStep) { memory, count in
      var output = InflateOutput(memory)
      var reader = BitReader(bytes)
      // It ends where the memory does, which is an error to everybody else.
      try? blocks(of: &reader, into: &output)
      count = output.count
    }
  }

  /// The bits behind the two bytes with which a zlib stream begins.
  private static func zlibReader(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) throws(InterchangeError) -> BitReader {
    guard bytes.count >= 2 else {
      throw InterchangeError("the compressed data ends in its first two bytes")
    }
    let method = Int(bytes[0])
    let flags = Int(bytes[1])
    guard method & 15 == 8, method >> 4 <= 7, (method << 8 | flags) % 31 == 0 else {
      throw InterchangeError("the compressed data does not begin as zlib data")
    }
    guard flags & 32 == 0 else {
      throw InterchangeError("the compressed data needs a preset dictionary, which is not read")
    }
    return BitReader(UnsafeBufferPointer(rebasing: bytes[2...]))
  }

  private static func checkSum(
    _ reader: inout BitReader, of content: UnsafeBufferPointer<UInt8>, isOptional: Bool
  ) throws(InterchangeError) {
    let computed = Adler32.of(content)
    try reader.alignedBytes { (rest) throws(InterchangeError) -> Int in
      guard rest.count >= 4 else {
        if isOptional { return 0 }
        throw truncated
      }
      let stated = UInt32(bigEndian: rest[..<4])
      guard stated == computed else {
        throw InterchangeError(
          "the compressed data is damaged: its checksum is \(computed), but it states \(stated)")
      }
      return 4
    }
  }

  static let truncated = InterchangeError("the compressed data ends before its last block")

  // MARK: Blocks

  private static let literalMeanings: [UInt32] =
    (0..<256).map { UInt32($0) << 16 | DecodingTable.literal } + [DecodingTable.endOfBlock]
    + zip(DeflateFormat.lengthBases, DeflateFormat.lengthExtraBits).map { base, extra in
      UInt32(base) << 16 | UInt32(extra) << 8
    } + [DecodingTable.invalid, DecodingTable.invalid]

  private static let distanceMeanings: [UInt32] =
    zip(DeflateFormat.distanceBases, DeflateFormat.distanceExtraBits).map { base, extra in
      UInt32(base) << 16 | UInt32(extra) << 8
    } + [DecodingTable.invalid, DecodingTable.invalid]

  private static let codeLengthMeanings: [UInt32] =
    (0..<19).map { UInt32($0) << 16 | DecodingTable.literal }

  private typealias Tables = (literals: DecodingTable, distances: DecodingTable)

  private static let fixedTables: Tables? = tables(
    lengths: DeflateFormat.fixedLengths[...],
    distanceLengths: DeflateFormat.fixedDistanceLengths[...])

  private static func tables(
    lengths: ArraySlice<UInt8>, distanceLengths: ArraySlice<UInt8>
  ) -> Tables? {
    guard
      let literals = DecodingTable(lengths: lengths, meanings: literalMeanings, primary: 10),
      let distances = DecodingTable(
        lengths: distanceLengths, meanings: distanceMeanings, primary: 8)
    else { return nil }
    return (literals, distances)
  }

  /// Decodes all blocks up to the one marked last.
  static func blocks(
    of reader: inout BitReader, into output: inout InflateOutput
  ) throws(InterchangeError) {
    var isLast = false
    while !isLast {
      guard reader.refill() else { throw truncated }
      isLast = reader.take(1) == 1
      switch reader.take(2) {
      case 0:
        try reader.alignedBytes { (rest) throws(InterchangeError) -> Int in
          try storedBlock(rest, into: &output)
        }
      case 1:
        guard let tables = fixedTables else { throw badCode }
        try codedBlock(&reader, tables, into: &output)
      case 2:
        try codedBlock(&reader, try readTables(&reader), into: &output)
      default:
        throw InterchangeError("the compressed data has a block of type 3; types are 0 to 2")
      }
      guard !reader.isExhausted else { throw truncated }
    }
  }

  private static func storedBlock(
    _ rest: UnsafeBufferPointer<UInt8>, into output: inout InflateOutput
  ) throws(InterchangeError) -> Int {
    guard rest.count >= 4 else { throw truncated }
    let length = Int(rest[0]) | Int(rest[1]) << 8
    let complement = Int(rest[2]) | Int(rest[3]) << 8
    guard length ^ complement == 0xFFFF else {
      throw InterchangeError("the compressed data is damaged: a stored block's lengths disagree")
    }
    guard rest.count - 4 >= length else { throw truncated }
    try output.append(UnsafeBufferPointer(rebasing: rest[4..<(4 + length)]))
    return 4 + length
  }

  private static func readTables(_ reader: inout BitReader) throws(InterchangeError) -> Tables {
    let literalCount = reader.take(5) + 257
    let distanceCount = reader.take(5) + 1
    let codeLengthCount = reader.take(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else { throw badCode }

    var codeLengths = [UInt8](repeating: 0, count: 19)
    for symbol in DeflateFormat.codeLengthOrder[..<codeLengthCount] {
      guard reader.refill() else { throw truncated }
      codeLengths[symbol] = UInt8(reader.take(3))
    }
    guard
      let table = DecodingTable(lengths: codeLengths[...], meanings: codeLengthMeanings, primary: 7)
    else { throw badCode }

    let total = literalCount + distanceCount
    var lengths: [UInt8] = []
    lengths.reserveCapacity(total + 138)
    while lengths.count < total {
      guard reader.refill() else { throw truncated }
      let entry = table.entries[Int(reader.bits & 127)]
      guard entry & DecodingTable.invalid == 0 else { throw badCode }
      reader.drop(Int(entry & 0xFF))
      switch entry >> 16 {
      case 16:
        guard let last = lengths.last else { throw badCode }
        lengths.append(contentsOf: repeatElement(last, count: 3 + reader.take(2)))
      case 17: lengths.append(contentsOf: repeatElement(0, count: 3 + reader.take(3)))
      case 18: lengths.append(contentsOf: repeatElement(0, count: 11 + reader.take(7)))
      case let length: lengths.append(UInt8(length))
      }
    }
    guard lengths.count == total, lengths[256] > 0,
      let result = tables(
        lengths: lengths[..<literalCount], distanceLengths: lengths[literalCount...])
    else { throw badCode }
    return result
  }

  private static func codedBlock(
    _ reader: inout BitReader, _ tables: Tables, into output: inout InflateOutput
  ) throws(InterchangeError) {
    try tables.literals.entries.withUnsafeBufferPointer { (literals) throws(InterchangeError) in
      try tables.distances.entries.withUnsafeBufferPointer { (distances) throws(InterchangeError) in
        var bits = reader
        defer { reader = bits }
        while true {
          guard bits.refill() else { throw truncated }
          var entry = bits.next(literals, primary: 10)
          if entry & DecodingTable.literal != 0 {
            try output.append(UInt8(truncatingIfNeeded: entry >> 16))
            entry = bits.next(literals, primary: 10)
            if entry & DecodingTable.literal != 0 {
              try output.append(UInt8(truncatingIfNeeded: entry >> 16))
              continue
            }
            guard bits.refill() else { throw truncated }
          }
          if entry & (DecodingTable.endOfBlock | DecodingTable.invalid) != 0 {
            guard entry & DecodingTable.invalid == 0 else { throw badCode }
            return
          }
          // At most 15 + 5 + 15 + 13 bits since the last refill.
          let length = Int(entry >> 16) &+ bits.take(Int(entry >> 8 & 15))
          let distanceEntry = bits.next(distances, primary: 8)
          guard distanceEntry & DecodingTable.invalid == 0 else { throw badCode }
          let distance = Int(distanceEntry >> 16) &+ bits.take(Int(distanceEntry >> 8 & 15))
          try output.repeatBytes(length, from: distance)
        }
      }
    }
  }

  private static let badCode = InterchangeError(
    "the compressed data is damaged: it uses an impossible code")
}

extension BitReader {
  /// The entry of the next symbol, whose code is dropped. Every index is within the table: a
  /// primary index by its mask, a secondary one because each second table is complete.
  @inline(__always)
  fileprivate mutating func next(
    _ table: UnsafeBufferPointer<UInt32>, primary: Int
  ) -> UInt32 {
    var entry = table[Int(truncatingIfNeeded: bits) & ((1 &<< primary) &- 1)]
    if entry & DecodingTable.link != 0 {
      drop(primary)
      let mask = (1 &<< Int(entry >> 8 & 15)) &- 1
      entry = table[Int(entry >> 16) &+ (Int(truncatingIfNeeded: bits) & mask)]
    }
    drop(Int(entry & 0xFF))
    return entry
  }
}
