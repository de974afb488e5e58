extension Inflate {
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
