/// The literals and matches of one block, counted, and their cheapest form: with codes of its own,
/// with the fixed codes, or stored.
struct DeflateBlock {
  private let start: Int
  /// A literal is its byte; a match is its length times 65536 plus its distance.
  private var tokens: [UInt32] = []
  private var literalCounts = [Int](repeating: 0, count: 286)
  private var distanceCounts = [Int](repeating: 0, count: 30)

  /// A block for the bytes from `start`.
  init(start: Int) {
    self.start = start
    literalCounts[256] = 1
    tokens.reserveCapacity(16384)
  }

  var isFull: Bool { tokens.count >= 16384 }

  mutating func append(literal byte: UInt8) {
    tokens.append(UInt32(byte))
    literalCounts[Int(byte)] += 1
  }

  mutating func append(length: Int, distance: Int) {
    tokens.append(UInt32(length) << 16 | UInt32(distance))
    literalCounts[257 + Int(Self.lengthSymbols[length])] += 1
    distanceCounts[Self.distanceSymbol(distance)] += 1
  }

  /// Writes the block, which stands for the bytes up to `end`.
  func write(
    _ bytes: UnsafeBufferPointer<UInt8>, end: Int, isLast: Bool, to writer: inout BitWriter
  ) {
    let literals = EncodingCode(counts: literalCounts, limit: 15)
    let distances = EncodingCode(counts: distanceCounts, limit: 15)
    let header = CodeLengths(literals: literals.lengths, distances: distances.lengths)
    let ownCost = header.cost + cost(literals.lengths, distances.lengths)
    let fixedCost = cost(Self.fixedLiterals.lengths, Self.fixedDistances.lengths)
    let storedCost = 8 * (end - start) + 40 * ((end - start) / 65535 + 1)

    if storedCost < min(ownCost, fixedCost) {
      writeStored(bytes, end: end, isLast: isLast, to: &writer)
    } else if fixedCost <= ownCost {
      writer.append(isLast ? 1 : 0, bits: 1)
      writer.append(1, bits: 2)
      writeTokens(Self.fixedLiterals, Self.fixedDistances, to: &writer)
    } else {
      writer.append(isLast ? 1 : 0, bits: 1)
      writer.append(2, bits: 2)
      header.write(to: &writer)
      writeTokens(literals, distances, to: &writer)
    }
  }

  /// The number of bits for all tokens with these code lengths.
  private func cost(_ literals: [UInt8], _ distances: [UInt8]) -> Int {
    var bits = 0
    for (symbol, count) in literalCounts.enumerated() {
      let extra = symbol > 256 ? DeflateFormat.lengthExtraBits[symbol - 257] : 0
      bits += count * (Int(literals[symbol]) + extra)
    }
    for (symbol, count) in distanceCounts.enumerated() {
      bits += count * (Int(distances[symbol]) + DeflateFormat.distanceExtraBits[symbol])
    }
    return bits
  }

  private func writeTokens(
    _ literals: EncodingCode, _ distances: EncodingCode, to writer: inout BitWriter
  ) {
    for token in tokens {
      guard token > 0xFFFF else {
        writer.append(Int(literals.codes[Int(token)]), bits: Int(literals.lengths[Int(token)]))
        continue
      }
      let length = Int(token >> 16)
      let lengthIndex = Int(Self.lengthSymbols[length])
      let symbol = 257 + lengthIndex
      writer.append(Int(literals.codes[symbol]), bits: Int(literals.lengths[symbol]))
      writer.append(
        length - DeflateFormat.lengthBases[lengthIndex],
        bits: DeflateFormat.lengthExtraBits[lengthIndex])

      let distance = Int(token & 0xFFFF)
      let index = Self.distanceSymbol(distance)
      writer.append(Int(distances.codes[index]), bits: Int(distances.lengths[index]))
      writer.append(
        distance - DeflateFormat.distanceBases[index],
        bits: DeflateFormat.distanceExtraBits[index])
    }
    writer.append(Int(literals.codes[256]), bits: Int(literals.lengths[256]))
  }

  private func writeStored(
    _ bytes: UnsafeBufferPointer<UInt8>, end: Int, isLast: Bool, to writer: inout BitWriter
  ) {
    var position = start
    repeat {
      let count = min(end - position, 65535)
      writer.append(isLast && position + count == end ? 1 : 0, bits: 1)
      writer.append(0, bits: 2)
      writer.align()
      writer.append(count, bits: 16)
      writer.append(count ^ 0xFFFF, bits: 16)
      writer.append(UnsafeBufferPointer(rebasing: bytes[position..<(position + count)]))
      position += count
    } while position < end
  }

  private static let fixedLiterals = EncodingCode(lengths: DeflateFormat.fixedLengths)
  private static let fixedDistances = EncodingCode(lengths: DeflateFormat.fixedDistanceLengths)

  /// For each match length 3…258 the index of its symbol.
  private static let lengthSymbols: [UInt8] = (0...258).map { length in
    UInt8(DeflateFormat.lengthBases.lastIndex { $0 <= length } ?? 0)
  }

  /// Symbols come in pairs per power of two: the highest two bits of distance - 1 tell.
  private static func distanceSymbol(_ distance: Int) -> Int {
    let value = distance - 1
    guard value >= 4 else { return value }
    let power = Int.bitWidth - 1 - value.leadingZeroBitCount
    return 2 * power + value >> (power - 1) & 1
  }
}
