internal import Interchange
internal import Testing

/// Labels as other programs write them: one map in every form.
@Suite struct LabelFormsTests {
  private let labels: [UInt8] = [0, 1, 7, 15, 20, 255]

  private func png(
    _ rows: [[UInt8]], width: Int, depth: UInt8, colorType: UInt8
  ) -> [UInt8] {
    let raw = rows.reduce(into: [UInt8]()) { $0 += [0] + $1 }
    return PNGBuilder.file(
      head: PNGBuilder.head(width, rows.count, depth: depth, colorType: colorType),
      data: Deflate.zlib(raw))
  }

  @Test func `VOC's colours, with and without transparency`() throws {
    let colors = labels.map(VOCPalette.color(of:))
    for (colorType, alpha) in [(UInt8(2), [UInt8]()), (6, [255])] {
      let rows = [0, 3].map { row in
        colors[row..<row + 3].flatMap { [$0.red, $0.green, $0.blue] + alpha }
      }
      let map = try LabelMap(
        decoding: png(rows, width: 3, depth: 8, colorType: colorType), maximumPixels: 6)
      #expect(map == LabelMap(width: 3, height: 2, labels: labels))
    }
    // Without any other colour 128 is VOC's bus, not class 128.
    let bus = try LabelMap(
      decoding: png([[0, 0, 0, 128, 128, 128]], width: 2, depth: 8, colorType: 2))
    #expect(bus.labels == [0, 7])
  }

  @Test func `equal red, green and blue are a number`() throws {
    let grey = labels.flatMap { label -> [UInt8] in [label, label, label] }
    #expect(
      try LabelMap(decoding: png([grey], width: 6, depth: 8, colorType: 2)).labels == labels)
    let transparent = labels.flatMap { label -> [UInt8] in [label, 9] }
    #expect(
      try LabelMap(decoding: png([transparent], width: 6, depth: 8, colorType: 4)).labels == labels)
    let mask: [UInt8] = [0, 0, 0, 255, 255, 255]
    #expect(
      try LabelMap(decoding: png([mask], width: 2, depth: 8, colorType: 2)).labels == [0, 255])
  }

  @Test func `of 16 bits both bytes count`() throws {
    let row: [UInt8] = [0, 0, 0, 20, 0, 255, 255, 255]
    #expect(
      try LabelMap(decoding: png([row], width: 4, depth: 16, colorType: 0)).labels
        == [0, 20, 255, 255])
  }

  @Test(arguments: [
    ([UInt8(1), 0], UInt8(16), UInt8(0), "row 0, column 0 is 256; labels are at most 255"),
    ([1, 2, 3], 8, 2, "the colour (1, 2, 3), which is none of VOC's"),
    ([0, 1, 0, 1, 0, 1], 16, 2, "colours of 16 bits"),
  ]) func `what no label is is named`(
    row: [UInt8], depth: UInt8, colorType: UInt8, words: String
  ) throws {
    let bytes = png([row], width: 1, depth: depth, colorType: colorType)
    let error = #expect(throws: InterchangeError.self) { try LabelMap(decoding: bytes) }
    #expect(error?.description.contains(words) == true)
  }
}
