internal import Interchange
internal import Testing

@Suite struct ChecksumTests {
  @Test func `the published check values`() {
    #expect(CRC32.of(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(CRC32.of(Array("IEND".utf8)) == 0xAE42_6082)
    #expect(Adler32.of(Array("Wikipedia".utf8)) == 0x11E6_0398)
    #expect(Adler32.of([]) == 1)
  }

  @Test func `a sequence may be given in parts`() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * $0) }
    for cut in [0, 1, 7, 8, 9, 500, 1000] {
      let first = CRC32.of(Array(bytes[..<cut]))
      #expect(CRC32.of(Array(bytes[cut...]), after: first) == CRC32.of(bytes), "cut at \(cut)")
    }
  }

  @Test func `the sums of a long run of 255 do not overflow`() {
    let count = 100_000
    let low = (1 + 255 * count) % 65521
    let high = (count + 255 * count * (count + 1) / 2) % 65521
    #expect(Adler32.of([UInt8](repeating: 255, count: count)) == UInt32(high << 16 | low))
  }
}
