internal import Interchange
internal import Testing

@Suite struct PNGReaderTests {
  @Test func `every colour type, depth and interlacing gives libpng's pixels`() throws {
    #expect(PictureFixtures.pngs.count == 45)
    for name in PictureFixtures.pngs {
      #expect(try PictureFixtures.picture(name) == PictureFixtures.reference(of: name), "\(name)")
    }
  }

  @Test func `an indexed or grey file is read as labels: its numbers, not its colours`() throws {
    for depth in [1, 2, 4, 8] {
      // The same 8-bit samples were cut to fewer bits, so that the numbers lose their lowest bits.
      let grey = try LabelMap(decoding: Fixtures.bytes("Pictures/PNG/grey-\(depth).png"))
      let indexed = try LabelMap(decoding: Fixtures.bytes("Pictures/PNG/indexed-\(depth).png"))
      let whole = try LabelMap(decoding: Fixtures.bytes("Pictures/PNG/grey-8.png"))
      #expect(grey.labels == whole.labels.map { $0 >> (8 - UInt8(depth)) })
      #expect(indexed == grey)
    }
    // Colours that are none of VOC's, numbers above 255.
    for name in ["rgb-8", "grey-16", "rgba-8", "rgba-16"] {
      let bytes = try Fixtures.bytes("Pictures/PNG/\(name).png")
      #expect(throws: InterchangeError.self, "\(name)") { try LabelMap(decoding: bytes) }
    }
  }

  @Test func `a file cut at any byte of its picture is refused`() throws {
    let bytes = try Fixtures.bytes("Pictures/PNG/rgb-8-interlaced.png")
    // Behind the last IDAT comes IEND: a length, a name and a checksum that say nothing more.
    let whole = bytes.count - 12
    for count in whole..<bytes.count {
      #expect(throws: Never.self) { try Picture(decoding: Array(bytes[..<count])) }
    }
    for count in 0..<whole {
      #expect(throws: InterchangeError.self, "cut at \(count)") {
        try Picture(decoding: Array(bytes[..<count]))
      }
    }
  }

  @Test func `a flipped bit anywhere in the picture's chunks is refused`() throws {
    let bytes = try Fixtures.bytes("Pictures/PNG/grey-4.png")
    for index in 8..<(bytes.count - 12) {
      var damaged = bytes
      damaged[index] ^= 1
      #expect(throws: InterchangeError.self, "byte \(index)") { try Picture(decoding: damaged) }
    }
  }

  @Test func `absurd sizes are refused before memory is taken`() throws {
    // (width, height, largest number of pixels, part of the sentence)
    let cases = [
      (0, 5, 100, "0×5"), (5, 0, 100, "5×0"), (11, 10, 109, "at most 109"),
      (0x7FFF_FFFF, 0x7FFF_FFFF, Int.max, "at most 1099511627776"),
      (20_000, 20_000, 200_000_000, "at most"),
      (10_000, 10_000, 200_000_000, "can't hold"),
    ]
    for (width, height, largest, part) in cases {
      let bytes = PNGBuilder.file(
        head: PNGBuilder.head(width, height, depth: 16, colorType: 6),
        data: Deflate.zlib([1, 2, 3]))
      let error = #expect(throws: InterchangeError.self) {
        try Picture(decoding: bytes, maximumPixels: largest)
      }
      #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }
  }

  @Test func `too few bytes of rows are refused, and what comes behind them does not count`() throws
  {
    let head = PNGBuilder.head(2, 2, depth: 8, colorType: 0)
    let rows: [UInt8] = [0, 1, 2, 0, 3, 4]
    func picture(_ data: [UInt8]) throws -> Picture {
      try Picture(decoding: PNGBuilder.file(head: head, data: data))
    }
    let whole = Deflate.zlib(rows)
    let expected = try picture(whole)
    for wrong in [
      Deflate.zlib(rows.dropLast()), Deflate.zlib([]), whole.dropLast(4) + [1, 2, 3, 4],
    ] {
      #expect(throws: InterchangeError.self) { try picture(wrong) }
    }
    // More rows, by steps of every size; no checksum; bytes behind the end.
    for count in [1, 2, 257, 70_000, 200_000] {
      let noise = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 >> 3) }
      #expect(try picture(Deflate.zlib(rows + noise)) == expected, "\(count) more")
      let zeros = [UInt8](repeating: 0, count: count)
      #expect(try picture(Deflate.zlib(rows + zeros)) == expected, "\(count) zeros more")
    }
    for count in 1...4 { #expect(try picture(whole.dropLast(count)) == expected) }
    #expect(try picture(whole + [7, 7, 7, 7, 7]) == expected)
  }

  @Test func `a small file that would inflate to much is inflated no further than its rows`() throws
  {
    let bomb = Deflate.zlib([UInt8](repeating: 0, count: 1_000_000))
    let bytes = PNGBuilder.file(head: PNGBuilder.head(2, 2, depth: 8, colorType: 0), data: bomb)
    #expect(bytes.count < 3000)
    let black = [UInt8](repeating: 0, count: 2 * 2 * 3)
    #expect(try Picture(decoding: bytes) == Picture(width: 2, height: 2, pixels: black))
    let window = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 6 + Inflate.longestStep)
    defer { window.deallocate() }
    let written = try bomb.withUnsafeBufferPointer {
      try Inflate.zlib($0, into: window, needed: 6)
    }
    #expect((6...window.count).contains(written))
  }

  @Test func `impossible heads, filters and palettes are refused by name`() throws {
    let data = Deflate.zlib([0, 3])
    let cases: [([UInt8], [UInt8], String)] = [
      (PNGBuilder.head(1, 1, depth: 3, colorType: 0), data, "3 bits"),
      (PNGBuilder.head(1, 1, depth: 16, colorType: 3), data, "16 bits"),
      (PNGBuilder.head(1, 1, depth: 8, colorType: 1), data, "colour type is 1"),
      (PNGBuilder.head(1, 1, depth: 8, colorType: 3), data, "no palette"),
      (PNGBuilder.head(1, 1, depth: 8, colorType: 0).dropLast() + [2], data, "0 or 1"),
      (PNGBuilder.head(1, 1, depth: 8, colorType: 0), Deflate.zlib([5, 0]), "filter 5"),
      (PNGBuilder.head(1, 1, depth: 8, colorType: 0) + [0], data, "13 are expected"),
    ]
    for (head, data, part) in cases {
      let error = #expect(throws: InterchangeError.self) {
        try Picture(decoding: PNGBuilder.file(head: head, data: data))
      }
      #expect(error?.description.contains(part) == true, "\(part): \(error?.description ?? "")")
    }
    let indexed = PNGBuilder.file(
      head: PNGBuilder.head(1, 1, depth: 8, colorType: 3), data: data, palette: [1, 2, 3])
    // A number behind the palette's end is black, and a label as good as another.
    #expect(try Picture(decoding: indexed).pixels == [0, 0, 0])
    #expect(try LabelMap(decoding: indexed).labels == [3])
    let apple = PNGBuilder.signature + PNGBuilder.chunk("CgBI", [0x50, 0, 0x20, 2])
    let error = #expect(throws: InterchangeError.self) { try Picture(decoding: apple) }
    #expect(error?.description.contains("pngcrush") == true)
  }
}
