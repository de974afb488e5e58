/// Reads PNG files of every colour type, bit depth and interlacing.
enum PNGReader {
  /// The picture in RGB; transparency is dropped, samples of 16 bits keep their high byte.
  static func picture(_ bytes: [UInt8], maximumPixels: Int) throws(InterchangeError) -> Picture {
    let content = try PNGContent(bytes, maximumPixels: maximumPixels)
    return Picture(
      width: content.header.width, height: content.header.height, pixels: content.rgb())
  }

  /// The stored numbers of an indexed or grey picture of at most 8 bits.
  static func labels(_ bytes: [UInt8], maximumPixels: Int) throws(InterchangeError) -> LabelMap {
    let content = try PNGContent(bytes, maximumPixels: maximumPixels)
    return LabelMap(
      width: content.header.width, height: content.header.height, labels: try content.samples())
  }
}
