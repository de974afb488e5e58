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
