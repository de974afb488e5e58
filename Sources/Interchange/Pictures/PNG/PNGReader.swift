/// Reads PNG files of every colour type, bit depth and interlacing.
enum PNGReader {
  /// The picture in RGB; transparency is dropped, samples of 16 bits keep their high byte.
  static func picture(_ bytes: [UInt8], maximumPixels: Int) throws(InterchangeError) -> Picture {
    let content = try PNGContent(bytes, maximumPixels: maximumPixels)
    return Picture(
      width: content.header.width, height: content.header.height, pixels: content.rgb())
  }

  /// The stored numbers of an indexed or grey picture; the labels that other colours stand for.
  static func labels(_ bytes: [UInt8], maximumPixels: Int) throws(InterchangeError) -> LabelMap {
    let content = try PNGContent(bytes, maximumPixels: maximumPixels)
    let (header, width, height) = (content.header, content.header.width, content.header.height)
    switch header.colorType {
    case .indexed: return LabelMap(width: width, height: height, labels: content.samples())
    case .grey where header.depth <= 8:
      return LabelMap(width: width, height: height, labels: content.samples())
    case .grey:
      return try LabelMap(width: width, height: height, numbers: content.wideSamples())
    case .greyAlpha, .rgb, .rgba:
      guard header.depth == 8 else {
        throw InterchangeError(
          "the PNG holds colours of 16 bits; labels are expected: an indexed or grey PNG, or colours "
            + "of 8 bits")
      }
      return try LabelMap(
        colors: Picture(width: width, height: height, pixels: content.rgb()))
    }
  }
}
