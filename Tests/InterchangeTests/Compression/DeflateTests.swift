internal import Interchange
internal import Tensors
internal import Testing

@Suite struct DeflateTests {
  @Test func `what is compressed is restored`() throws {
    var random = SplitMix64(seed: 1)
    let contents: [String: [UInt8]] = [
      "empty": [], "one byte": [7], "two bytes": [7, 8], "three equal": [7, 7, 7],
      "constant": [UInt8](repeating: 9, count: 100_000),
      "random": (0..<70_000).map { _ in UInt8(random.integer(in: 0...255)) },
      "two symbols": (0..<50_000).map { _ in UInt8(random.integer(in: 0...1)) },
      "mixed": compressionContent(),
      "a far repetition": (0..<32_768).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) } + [
        0, 0, 0, 1,
      ],
    ]
    for (name, content) in contents {
      let compressed = Deflate.zlib(content)
      #expect(try inflated(compressed, limit: content.count) == content, "\(name)")
    }
  }

  @Test func `sizes: stored, repeated, and as zlib's default or better`() throws {
    var random = SplitMix64(seed: 2)
    let noise = (0..<65_535).map { _ in UInt8(random.integer(in: 0...255)) }
    // Header 2, checksum 4, and 5 per stored block, of which there may be two per token block.
    #expect(Deflate.zlib(noise).count <= 65_535 + 2 + 4 + 5 * 8)
    #expect(Deflate.zlib([UInt8](repeating: 1, count: 258 * 1000)).count < 400)
    // zlib's level 9 makes 8353 bytes of it.
    #expect(Deflate.zlib(compressionContent()).count < 8_353 * 102 / 100)
  }

  @Test func `very uneven counts stay within the longest code of 15 bits`() throws {
    // Fibonacci numbers make the deepest tree.
    var content: [UInt8] = []
    var (a, b) = (1, 1)
    for symbol in UInt8(0)..<21 {
      content += [UInt8](repeating: symbol, count: a)
      (a, b) = (b, a + b)
    }
    var random = SplitMix64(seed: 3)
    content.shuffle(using: &random)
    #expect(try inflated(Deflate.zlib(content), limit: content.count) == content)
  }
}
