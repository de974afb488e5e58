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

  /// Red, green and blue of one pixel.
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
