internal import Interchange
internal import Testing

@Suite struct PictureTests {
  @Test func `the content decides, not the name`() throws {
    #expect(throws: InterchangeError("the picture file is empty")) { try Picture(decoding: []) }
    for (name, part) in [("small.gif", "a GIF"), ("small.bmp", "a BMP")] {
      let bytes = try Fixtures.bytes("Pictures/Refused/\(name)")
      let error = #expect(throws: InterchangeError.self) { try Picture(decoding: bytes) }
      #expect(error?.description.contains(part) == true)
    }
    #expect(throws: InterchangeError.self) { try Picture(decoding: Array("hello".utf8)) }
    let starts: [(String, String)] = [
      ("RIFF\0\0\0\0WEBPVP8 ", "a WebP"), ("II*\0", "a TIFF"), ("MM\0*", "a TIFF"),
      ("\0\0\0\u{20}ftypheic", "a HEIC"), ("\0\0\0\u{20}ftypavif", "an AVIF"),
      ("\0\0\0\u{0C}jP  \r\n", "a JPEG 2000"), ("P7\nWIDTH 1\n", "a PAM"),
      ("8BPS", "a Photoshop file"),
      ("<svg xmlns=", "an SVG"),
    ]
    for (start, name) in starts {
      let error = #expect(throws: InterchangeError.self) {
        try Picture(decoding: Array(start.utf8))
      }
      let sentence = error?.description ?? ""
      #expect(
        sentence.contains("is \(name);") && sentence.contains("save it as PNG"), "\(sentence)")
    }
    for (start, name) in [("<!DOCTYPE html>", "a web page"), ("PK\u{3}\u{4}", "a zip file")] {
      let error = #expect(throws: InterchangeError.self) {
        try Picture(decoding: Array(start.utf8))
      }
      #expect(error?.description.contains("is \(name);") == true)
    }
  }

  @Test func `a missing file and a folder are file problems`() {
    #expect(throws: FileProblem.self) { try Picture(contentsOf: Fixtures.path("none.png")) }
    #expect(throws: FileProblem.self) { try Picture(contentsOf: Fixtures.path("Pictures")) }
  }

  @Test func `pixels by row and column`() {
    var picture = Picture(width: 2, height: 1, pixels: [1, 2, 3, 4, 5, 6])
    #expect(picture[row: 0, column: 1] == RGB(4, 5, 6))
    picture[row: 0, column: 0] = RGB(7, 8, 9)
    #expect(picture.pixels == [7, 8, 9, 4, 5, 6])
  }

  @Test func `VOC's colours`() {
    #expect(VOCPalette.colors.count == 256)
    #expect(Set(VOCPalette.colors).count == 256)
    // 6 is binary 110: its lowest three bits go to the highest bits of red, green and blue.
    #expect(VOCPalette.color(of: 6) == RGB(0, 128, 128))
    #expect(VOCPalette.color(of: 0) == RGB(0, 0, 0))
    #expect(VOCPalette.color(of: 1) == RGB(128, 0, 0))
    #expect(VOCPalette.color(of: 15) == RGB(192, 128, 128))
    #expect(VOCPalette.color(of: 20) == RGB(0, 64, 128))
    #expect(VOCPalette.color(of: 255) == RGB(224, 224, 192))
  }
}
