internal import Interchange
internal import Testing

@Suite struct PNMReaderTests {
  @Test func `text and binary files of ImageMagick agree`() throws {
    for kind in ["1.pbm", "8.pgm", "16.pgm", "8.ppm", "16.ppm"] {
      let text = try PictureFixtures.picture("Pictures/PNM/text-\(kind)")
      let binary = try PictureFixtures.picture("Pictures/PNM/binary-\(kind)")
      #expect(text == binary, "\(kind)")
    }
  }

  @Test func `other largest values are scaled and rounded, as by netpbm`() throws {
    let wide = try PictureFixtures.picture("Pictures/PNM/binary-16.ppm")
    #expect(try wide == PictureFixtures.picture("Pictures/PNM/rounded-16.ppm"))
    let odd = try PictureFixtures.picture("Pictures/PNM/odd-100.ppm")
    #expect(try odd == PictureFixtures.picture("Pictures/PNM/rounded-100.ppm"))
  }

  @Test func `written by hand, with comments`() throws {
    func pixels(_ text: String) throws -> [UInt8] { try Picture(decoding: Array(text.utf8)).pixels }
    #expect(try pixels("P1 # bits\n2 1\n10") == [0, 0, 0, 255, 255, 255])
    #expect(try pixels("P2#c\n2 1\n# more\n 4\n0 3\n") == [0, 0, 0, 191, 191, 191])
    #expect(try pixels("P3 1 1 15 15 0 1") == [255, 0, 17])
    #expect(try pixels("P5 1 1 255\nA") == [65, 65, 65])
    #expect(try pixels("P6 1 1 255 ABC") == [65, 66, 67])
    #expect(try pixels("P4 9 1 \0\u{7F}") == [UInt8](repeating: 255, count: 27))
  }

  @Test func `a PGM is read as labels, not scaled`() throws {
    let map = try LabelMap(decoding: Array("P2 3 1 20 0 15 20".utf8))
    #expect(map == LabelMap(width: 3, height: 1, labels: [0, 15, 20]))
    #expect(try LabelMap(decoding: Array("P2 3 1 65535 0 255 65535".utf8)).labels == [0, 255, 255])
    #expect(
      try LabelMap(decoding: Array("P3 2 1 255 128 0 0 224 224 192".utf8)).labels == [1, 255])
    for text in ["P3 1 1 9 1 2 3", "P1 1 1 0", "P2 1 1 256 256", "P3 1 1 255 1 2 3"] {
      #expect(throws: InterchangeError.self) { try LabelMap(decoding: Array(text.utf8)) }
    }
  }

  @Test func `malformed files are refused`() {
    let texts = [
      "P5", "P5 ", "P5 3", "P5 3 3", "P5 3 3 255", "P5 3 3 255 12345678", "P5 0 3 255 ",
      "P2 1 1 9 10", "P2 1 1 9 x", "P2 2 1 9 1", "P1 1 1 2", "P6 1 1 0 ABC", "P6 1 1 65536 ABC",
      "P5 99999999999999999999 1 255 ", "P5 -1 1 255 a", "P5 2147483647 2147483647 255 a",
      "P5 1 1 9 A", "P9 1 1 1 1", "P2 1 1 9 #",
    ]
    for text in texts {
      #expect(throws: InterchangeError.self, "\(text)") {
        try Picture(decoding: Array(text.utf8), maximumPixels: .max)
      }
    }
  }

  @Test func `what is written comes back`() throws {
    let picture = Picture(width: 2, height: 1, pixels: [1, 2, 3, 250, 251, 252])
    #expect(try Picture(decoding: PPMWriter.encode(picture)) == picture)
    let map = LabelMap(width: 1, height: 3, labels: [0, 20, 255])
    #expect(try LabelMap(decoding: PPMWriter.encode(map)) == map)
  }
}
