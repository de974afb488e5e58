internal import Interchange
internal import Testing

@Suite struct JPEGReaderTests {
  @Test func `every kind of file gives libjpeg's bytes`() throws {
    #expect(PictureFixtures.jpegs.count == 49)
    for name in PictureFixtures.jpegs {
      let (got, expected) = try (
        PictureFixtures.picture(name), PictureFixtures.reference(of: name)
      )
      #expect(got.width == expected.width && got.height == expected.height, "\(name)")
      let differences = zip(got.pixels, expected.pixels).map { abs(Int($0) - Int($1)) }
      // The bar is 1 on average and 4 at most; the integer arithmetic is the same, so it is 0.
      #expect(differences.max() == 0, "\(name): up to \(differences.max() ?? 0)")
    }
  }

  @Test func `a file cut at any byte before its last block is refused`() throws {
    for name in ["baseline-2x2", "progressive-2x2", "restart-blocks"] {
      let bytes = try Fixtures.bytes("Pictures/JPEG/\(name).jpg")
      // The last bytes are padding of the last block, and the marker that ends the image.
      for count in stride(from: 0, to: bytes.count - 4, by: 7) {
        #expect(throws: InterchangeError.self, "\(name) cut at \(count)") {
          try Picture(decoding: Array(bytes[..<count]))
        }
      }
    }
  }

  @Test func `a file cut short but closed is read, grey where it ends, and says so`() throws {
    for name in PictureFixtures.jpegs {
      let isCut = name.contains("cut-") || name.contains("lost-")
      #expect(try PictureFixtures.picture(name).isCutShort == isCut, "\(name)")
    }
    let whole = try PictureFixtures.picture("Pictures/JPEG/cut-at-once.jpg")
    // No block came at all: the first was made of zero bits, and beyond its group all is grey.
    #expect(whole[row: 36, column: 42] == RGB(128, 128, 128))
  }

  @Test func `what isn't read is refused by name, with the way out`() throws {
    var cases = [(try Fixtures.bytes("Pictures/Refused/arithmetic.jpg"), "arithmetically coded")]
    for (marker, precision, part) in [
      (UInt8(0xC1), UInt8(12), "12 bits"), (0xC3, 8, "lossless"), (0xC5, 8, "hierarchical"),
      (0xF7, 8, "JPEG-LS"),
    ] {
      cases.append((head(marker: marker, precision: precision, width: 8, height: 8), part))
    }
    // A progressive file that ends, closed, after the scans of its mean values.
    let whole = try Fixtures.bytes("Pictures/JPEG/progressive-1x1.jpg")
    cases.append((Array(whole[..<(whole.count / 3)]) + [0xFF, 0xD9], "scans of its details"))
    for (bytes, part) in cases {
      let error = #expect(throws: InterchangeError.self) { try Picture(decoding: bytes) }
      let sentence = error?.description ?? ""
      #expect(sentence.contains(part) && sentence.contains("save it as PNG"), "\(sentence)")
    }
  }

  @Test func `a small file cannot claim a large picture`() throws {
    // Enough bytes for a bit a block, were they data: 6000 · 6000 / 64 / 8 < 71,000.
    for marker in [UInt8(0xC0), 0xC2] {
      let start = head(marker: marker, precision: 8, width: 6000, height: 6000)
      let bytes = start + [UInt8](repeating: 0, count: 150_000)
      let error = #expect(throws: InterchangeError.self) { try Picture(decoding: bytes) }
      #expect(
        error?.description.contains("100 pixels a byte") == true, "\(error?.description ?? "")")
    }
  }

  @Test func `absurd sizes are refused before memory is taken`() {
    for (width, height, largest, part) in [
      (0, 8, 100, "0×8"), (8, 0, 100, "8×0"), (65535, 65535, 200_000_000, "at most"),
      (65535, 65535, Int.max, "can't hold"),
    ] {
      let bytes = head(marker: 0xC2, precision: 8, width: width, height: height)
      let error = #expect(throws: InterchangeError.self) {
        try Picture(decoding: bytes, maximumPixels: largest)
      }
      #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }
  }

  /// A file that ends after a frame header of one component.
  private func head(marker: UInt8, precision: UInt8, width: Int, height: Int) -> [UInt8] {
    [0xFF, 0xD8, 0xFF, marker, 0, 11, precision]
      + [height >> 8, height & 255, width >> 8, width & 255].map { UInt8($0) }
      + [1, 1, 0x11, 0, 0xFF, 0xD9]
  }
}
