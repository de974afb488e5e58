/// A colour picture: rows from the top, three bytes (red, green, blue) per pixel.
public struct Picture: Equatable, Sendable {
  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// Red, green and blue of each pixel, row by row: `3 * width * height` bytes.
  public var pixels: [UInt8]
  /// Whether the file that it was read from ended early, so that a part of it is only grey.
  public var isCutShort = false

  /// A picture of these pixels, of which there must be `3 * width * height`.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture has at least one pixel")
    precondition(
      pixels.count == 3 * width * height,
      "\(pixels.count) bytes are no \(width)×\(height) pixels of three bytes")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  public subscript(row row: Int, column column: Int) -> RGB {
    get {
      let start = 3 * (row * width + column)
      return RGB(pixels[start], pixels[start + 1], pixels[start + 2])
    }
    set {
      let start = 3 * (row * width + column)
      pixels[start] = newValue.red
      pixels[start + 1] = newValue.green
      pixels[start + 2] = newValue.blue
    }
  }
}

/// A class for each pixel: rows from the top, one byte per pixel.
public struct LabelMap: Equatable, Sendable {
  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int
  /// The class of each pixel, row by row: `width * height` bytes; 255 means "ignored".
  public var labels: [UInt8]

  /// A map of these labels, of which there must be `width * height`.
  public init(width: Int, height: Int, labels: [UInt8]) {
    precondition(width > 0 && height > 0, "a label map has at least one pixel")
    precondition(
      labels.count == width * height, "\(labels.count) labels are no \(width)×\(height) pixels")
    self.width = width
    self.height = height
    self.labels = labels
  }

  /// A map of these classes, each below 256.
  package init(width: Int, height: Int, classes: [Int32]) {
    self.init(width: width, height: height, labels: classes.map { UInt8($0) })
  }

  /// How many pixels have each label, from 0 to 255.
  package var pixelsOfLabels: [Int] {
    var counts = [Int](repeating: 0, count: 256)
    for label in labels { counts[Int(label)] += 1 }
    return counts
  }

  public subscript(row row: Int, column column: Int) -> UInt8 {
    get { labels[row * width + column] }
    set { labels[row * width + column] = newValue }
  }
}

/// The check of declared sizes, before any memory is taken.
enum PictureSize {
  /// Whatever the caller allows, byte counts of a picture stay far from overflowing an `Int`.
  private static let ceiling = 1 << 40

  /// Refuses a declared size of no or too many pixels.
  static func check(
    width: Int, height: Int, maximumPixels: Int
  ) throws(InterchangeError) {
    guard width > 0, height > 0 else {
      throw InterchangeError("the picture is \(width)×\(height) pixels; each side is at least 1")
    }
    let allowed = min(maximumPixels, ceiling)
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= allowed else {
      throw InterchangeError(
        "the picture is \(width)×\(height) pixels; at most \(allowed) pixels are allowed")
    }
  }
}

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
