public import Tensors

/// A picture and what it shows: what a network learns from and is judged by.
///
/// A picture to segment has a label for each of its pixels; one to classify has a single label.
public struct LabeledPicture: Equatable, Sendable {
  /// The picture's extent in pixels.
  public let size: Size
  /// Red, green and blue of each pixel, row by row: `3 * size.area` bytes.
  public let pixels: [UInt8]
  /// The classes, row by row: `labelSize.area` bytes; 255 means "ignored".
  public let labels: [UInt8]
  /// The extent of the labels: the picture's, or 1×1 where the whole picture has one label.
  public let labelSize: Size

  /// A picture of `3 * size.area` bytes with a label for each pixel, or with labels of another extent.
  public init(size: Size, pixels: [UInt8], labels: [UInt8], labelSize: Size? = nil) {
    let labelSize = labelSize ?? size
    precondition(
      pixels.count == 3 * size.area, "\(pixels.count) bytes are no \(size) pixels of three bytes")
    precondition(
      labels.count == labelSize.area, "\(labels.count) labels are no \(labelSize) labels")
    (self.size, self.pixels) = (size, pixels)
    (self.labels, self.labelSize) = (labels, labelSize)
  }
}
