/// A picture and its labels reduced to a few cells: the mean colour and the most frequent label of each.
package struct Mosaic {
  package let colors: [[RGB]]
  package let labels: [[UInt8]]

  package init(columns: Int, rows: Int, of picture: Picture, _ map: LabelMap) {
    var colors: [[RGB]] = []
    var labels: [[UInt8]] = []
    for row in 0..<rows {
      let ys = Self.span(row, of: rows, in: picture.height)
      var colorRow: [RGB] = []
      var labelRow: [UInt8] = []
      for column in 0..<columns {
        let xs = Self.span(column, of: columns, in: picture.width)
        var sum = (0, 0, 0)
        var counts: [UInt8: Int] = [:]
        for y in ys {
          for x in xs {
            let pixel = picture[row: y, column: x]
            sum.0 += Int(pixel.red)
            sum.1 += Int(pixel.green)
            sum.2 += Int(pixel.blue)
            counts[map[row: y, column: x], default: 0] += 1
          }
        }
        let count = ys.count * xs.count
        colorRow.append(RGB(UInt8(sum.0 / count), UInt8(sum.1 / count), UInt8(sum.2 / count)))
        labelRow.append(counts.max { ($0.value, $1.key) < ($1.value, $0.key) }!.key)
      }
      colors.append(colorRow)
      labels.append(labelRow)
    }
    (self.colors, self.labels) = (colors, labels)
  }

  /// The pixels of one cell, at least one.
  private static func span(_ cell: Int, of cells: Int, in pixels: Int) -> Range<Int> {
    let start = min(cell * pixels / cells, pixels - 1)
    return start..<max(start + 1, (cell + 1) * pixels / cells)
  }
}
