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

/// The code lengths at the head of a block, run-length coded and coded once more (RFC 1951,
/// section 3.2.7).
struct CodeLengths {
  private let literalCount: Int
  private let distanceCount: Int
  /// Symbols 0…18, each with its extra bits and their value.
  private let runs: [(symbol: Int, bits: Int, value: Int)]
  private let code: EncodingCode
  private let sentLengths: Int

  init(literals: [UInt8], distances: [UInt8]) {
    literalCount = max((literals.lastIndex { $0 > 0 } ?? 0) + 1, 257)
    distanceCount = max((distances.lastIndex { $0 > 0 } ?? 0) + 1, 1)
    runs = Self.runs(of: Array(literals[..<literalCount] + distances[..<distanceCount]))
    var counts = [Int](repeating: 0, count: 19)
    for run in runs { counts[run.symbol] += 1 }
    let code = EncodingCode(counts: counts, limit: 7)
    self.code = code
    let last = DeflateFormat.codeLengthOrder.lastIndex { code.lengths[$0] > 0 } ?? 0
    sentLengths = max(last + 1, 4)
  }

  /// The number of bits that `write` appends.
  var cost: Int {
    runs.reduce(14 + 3 * sentLengths) { $0 + Int(code.lengths[$1.symbol]) + $1.bits }
  }

  func write(to writer: inout BitWriter) {
    writer.append(literalCount - 257, bits: 5)
    writer.append(distanceCount - 1, bits: 5)
    writer.append(sentLengths - 4, bits: 4)
    for symbol in DeflateFormat.codeLengthOrder[..<sentLengths] {
      writer.append(Int(code.lengths[symbol]), bits: 3)
    }
    for run in runs {
      writer.append(Int(code.codes[run.symbol]), bits: Int(code.lengths[run.symbol]))
      writer.append(run.value, bits: run.bits)
    }
  }

  /// 16 repeats the length before it 3…6 times; 17 and 18 are 3…10 and 11…138 zeros.
  private static func runs(of lengths: [UInt8]) -> [(symbol: Int, bits: Int, value: Int)] {
    var runs: [(symbol: Int, bits: Int, value: Int)] = []
    var index = 0
    while index < lengths.count {
      let length = Int(lengths[index])
      var run = lengths[index...].prefix { $0 == length }.count
      index += run
      if length > 0 {
        runs.append((length, 0, 0))
        run -= 1
      }
      while run > 0 {
        switch (length, run) {
        case (_, 1), (_, 2):
          runs.append((length, 0, 0))
          run -= 1
        case (0, 11...):
          let part = min(run, 138)
          runs.append((18, 7, part - 11))
          run -= part
        case (0, _):
          let part = min(run, 10)
          runs.append((17, 3, part - 3))
          run -= part
        default:
          let part = min(run, 6)
          runs.append((16, 2, part - 3))
          run -= part
        }
      }
    }
    return runs
  }
}

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
