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

  /// The class of one pixel.
  public subscript(row row: Int, column column: Int) -> UInt8 {
    get { labels[row * width + column] }
    set { labels[row * width + column] = newValue }
  }
}
