internal import Interchange
internal import Tensors
internal import Testing

@Suite struct PNGWriterTests {
  @Test func `a colour picture comes back`() throws {
    for name in PictureFixtures.jpegs.prefix(12) {
      let picture = try PictureFixtures.picture(name)
      #expect(try Picture(decoding: PNGWriter.encode(picture)) == picture, "\(name)")
    }
  }

  @Test func `labels come back as labels, and show the VOC colours`() throws {
    let map = LabelMap(width: 3, height: 2, labels: [0, 1, 15, 20, 255, 0])
    let bytes = PNGWriter.encode(map)
    #expect(try LabelMap(decoding: bytes) == map)
    let picture = try Picture(decoding: bytes)
    #expect(picture[row: 0, column: 1] == RGB(128, 0, 0))
    #expect(picture[row: 0, column: 2] == RGB(192, 128, 128))
    #expect(picture[row: 1, column: 0] == RGB(0, 64, 128))
    #expect(picture[row: 1, column: 1] == RGB(224, 224, 192))
  }

  @Test func `the palette is VOC's whole one, whatever labels occur`() throws {
    for labels in [[0, 0], [0, 5], [255, 20]] as [[UInt8]] {
      let bytes = PNGWriter.encode(LabelMap(width: 2, height: 1, labels: labels))
      // Signature, IHDR of 13 bytes, then length and name of PLTE.
      let start = 8 + (12 + 13)
      #expect(Array(bytes[start..<(start + 8)]) == [0, 0, 3, 0] + Array("PLTE".utf8))
      let palette = bytes[(start + 8)..<(start + 8 + 3 * 256)]
      #expect(Array(palette) == VOCPalette.colors.flatMap { [$0.red, $0.green, $0.blue] })
    }
  }

  @Test func `grey values come back`() throws {
    let grey = (0..<35).map { UInt8(7 * $0) }
    let bytes = PNGWriter.encode(grey: grey, width: 7, height: 5)
    #expect(try LabelMap(decoding: bytes).labels == grey)
  }

  @Test func `a label map of few regions takes a hundredth of its pixels`() {
    let (width, height) = (200, 150)
    let labels = (0..<(width * height)).map { index -> UInt8 in
      let (x, y) = (index % width - 90, index / width - 70)
      return x * x + y * y < 50 * 50 ? 15 : y > 40 ? 2 : 0
    }
    let bytes = PNGWriter.encode(LabelMap(width: width, height: height, labels: labels))
    let palette = 3 * 256
    #expect(bytes.count - palette < width * height / 40)
  }

  @Test func `a smooth picture is filtered: far smaller than its bytes`() {
    let (width, height) = (100, 80)
    let pixels = (0..<(width * height)).flatMap { index -> [UInt8] in
      let (x, y) = (index % width, index / width)
      return [UInt8(x + y), UInt8(2 * x), UInt8(255 - x - y)]
    }
    let picture = Picture(width: width, height: height, pixels: pixels)
    #expect(PNGWriter.encode(picture).count < pixels.count / 20)
  }

  @Test func `noise in every shape comes back`() throws {
    var random = SplitMix64(seed: 4)
    for (width, height) in [(1, 1), (1, 9), (9, 1), (2, 3), (33, 7)] {
      let pixels = (0..<(3 * width * height)).map { _ in UInt8(random.integer(in: 0...255)) }
      let picture = Picture(width: width, height: height, pixels: pixels)
      #expect(try Picture(decoding: PNGWriter.encode(picture)) == picture)
      let map = LabelMap(
        width: width, height: height, labels: Array(pixels.prefix(width * height)))
      #expect(try LabelMap(decoding: PNGWriter.encode(map)) == map)
    }
  }
}
