internal import Interchange
internal import Testing

@Suite struct OverlayTests {
  @Test func `an overlay mixes half and half, and leaves class 0 alone`() {
    let picture = Picture(width: 3, height: 1, pixels: [10, 20, 30, 10, 20, 30, 255, 255, 255])
    let overlay = picture.overlaid(with: LabelMap(width: 3, height: 1, labels: [0, 15, 1]))
    // Class 15 is (192, 128, 128), class 1 is (128, 0, 0).
    #expect(overlay[row: 0, column: 0] == RGB(10, 20, 30))
    #expect(overlay[row: 0, column: 1] == RGB((10 + 192) / 2, (20 + 128) / 2, (30 + 128) / 2))
    let white = 255
    #expect(overlay.pixels[6...].map(Int.init) == [128, 0, 0].map { (white + $0 + 1) / 2 })
  }

  @Test func `heat rises through red and yellow to white`() {
    #expect(HeatMap.color(of: 0) == RGB(0, 0, 0))
    #expect(HeatMap.color(of: 0.25) == RGB(191, 0, 0))
    #expect(HeatMap.color(of: 0.5) == RGB(255, 128, 0))
    #expect(HeatMap.color(of: 0.75) == RGB(255, 255, 64))
    #expect(HeatMap.color(of: 1) == RGB(255, 255, 255))
    #expect(HeatMap.color(of: -.infinity) == RGB(0, 0, 0))
    #expect(HeatMap.color(of: .infinity) == RGB(255, 255, 255))
    #expect(HeatMap.color(of: .nan) == RGB(0, 0, 0))
  }

  @Test func `a heat map spreads its range over the colours`() {
    let picture = HeatMap.picture(of: [-2, 0, 2], width: 3, height: 1, range: -2...2)
    #expect(picture.pixels == [0, 0, 0, 255, 128, 0, 255, 255, 255])
    let flat = HeatMap.picture(of: [5, 5], width: 1, height: 2, range: 5...5)
    #expect(flat.pixels == [UInt8](repeating: 0, count: 6))
  }
}
