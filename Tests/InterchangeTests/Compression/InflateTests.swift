internal import Interchange
internal import Testing

/// The plain content of the files in Fixtures/Compression: the same rule as in their make.py.
func compressionContent() -> [UInt8] {
  var state = 1
  var out: [UInt8] = []
  for i in 0..<24000 {
    state = (state * 1_103_515_245 + 12345) % (1 << 31)
    let random = state >> 16
    if i < 4000 {
      out.append(UInt8(97 + min(random % 26, (random >> 5) % 26)))
    } else if i < 7000 {
      out.append(UInt8(random % 256))
    } else if i < 8000 {
      out.append(7)
    } else {
      out.append(i % 7 != 0 || i < 20000 ? out[i - 3 - random % 5] : out[i - 19000])
    }
  }
  return out
}

func inflated(_ bytes: [UInt8], limit: Int) throws -> [UInt8] {
  try [UInt8](unsafeUninitializedCapacity: limit) { memory, count in
    count = try bytes.withUnsafeBufferPointer {
      try Inflate.zlib($0, into: UnsafeMutableBufferPointer(rebasing: memory[..<limit]))
    }
  }
}

@Suite struct InflateTests {
  @Test(arguments: ["stored", "fixed", "dynamic", "huffman"])
  func `zlib's own streams are read`(_ name: String) throws {
    let bytes = try Fixtures.bytes("Compression/\(name).zlib")
    #expect(try inflated(bytes, limit: 24000) == compressionContent())
  }

  @Test func `bare deflate data fills memory of the exact size`() throws {
    let bytes = try Fixtures.bytes("Compression/dynamic.raw")
    var output = [UInt8](repeating: 0, count: 24000)
    let count = try bytes.withUnsafeBufferPointer { bytes in
      try output.withUnsafeMutableBufferPointer { try Inflate.raw(bytes, into: $0) }
    }
    #expect(count == 24000)
    #expect(output == compressionContent())
  }

  @Test(arguments: ["stored", "fixed", "dynamic", "huffman"])
  func `one byte more than the limit is refused`(_ name: String) throws {
    let bytes = try Fixtures.bytes("Compression/\(name).zlib")
    #expect(throws: InterchangeError.self) { try inflated(bytes, limit: 23999) }
  }

  @Test(arguments: ["stored", "fixed", "dynamic", "huffman"])
  func `a stream that is cut anywhere is refused`(_ name: String) throws {
    let bytes = try Fixtures.bytes("Compression/\(name).zlib")
    for count in stride(from: 0, to: bytes.count, by: 997) {
      #expect(throws: InterchangeError.self, "cut at \(count)") {
        try inflated(Array(bytes[..<count]), limit: 24000)
      }
    }
    #expect(throws: InterchangeError.self) { try inflated(bytes.dropLast(), limit: 24000) }
  }

  @Test func `a wrong checksum is refused`() throws {
    var bytes = try Fixtures.bytes("Compression/dynamic.zlib")
    bytes[bytes.count - 1] ^= 1
    #expect(throws: InterchangeError.self) { try inflated(bytes, limit: 24000) }
  }

  @Test func `hand-made streams: empty, one stored byte, a distance too far`() throws {
    // A last block (1) of the fixed code (01) with the end-of-block code 0000000, then Adler32 1.
    #expect(try inflated([0x78, 0x01, 0b011, 0, 0, 0, 0, 1], limit: 0) == [])
    let stored: [UInt8] = [0x78, 0x01, 1, 1, 0, 254, 255, 42, 0, 43, 0, 43]
    #expect(try inflated(stored, limit: 1) == [42])
    // 1, 01, then length symbol 257 (0000001, three bytes), distance symbol 0 (00000, one back).
    #expect(throws: InterchangeError.self) {
      try inflated([0x78, 0x01, 0b011, 0b10, 0, 0, 0, 0, 1], limit: 9)
    }
  }
}
