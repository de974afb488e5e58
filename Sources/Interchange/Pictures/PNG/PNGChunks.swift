/// The chunks of a PNG file, each with its length and checksum verified.
struct PNGChunks {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  struct Chunk {
    let type: String
    let range: Range<Int>

    /// A capital first letter: a decoder that doesn't know the chunk must not go on.
    var isCritical: Bool { type.first?.isUppercase ?? true }
  }

  private let bytes: [UInt8]
  private var position = signature.count

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The next chunk.
  mutating func next() throws(InterchangeError) -> Chunk {
    guard bytes.count - position >= 12 else {
      throw InterchangeError("the PNG ends before its IEND chunk")
    }
    let length = number(at: position)
    let name = bytes[(position + 4)..<(position + 8)]
    guard name.allSatisfy({ (65...90).contains($0) || (97...122).contains($0) }) else {
      throw InterchangeError("the PNG has a chunk whose name is not four letters")
    }
    let type = String(decoding: name, as: UTF8.self)
    guard length <= bytes.count - position - 12 else {
      throw InterchangeError(
        "the PNG's \(type) chunk states \(length) bytes, but \(bytes.count - position - 12) are left"
      )
    }
    let range = (position + 8)..<(position + 8 + length)
    let computed = bytes.withUnsafeBufferPointer {
      CRC32.of(UnsafeBufferPointer(rebasing: $0[(range.lowerBound - 4)..<range.upperBound]))
    }
    guard number(at: range.upperBound) == Int(computed) else {
      throw InterchangeError("the PNG is damaged: the checksum of its \(type) chunk is wrong")
    }
    position = range.upperBound + 4
    return Chunk(type: type, range: range)
  }

  private func number(at start: Int) -> Int {
    bytes[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
  }
}
