/// Reads portable bitmaps, greymaps and pixmaps: P1 to P6, text and binary, values up to 65535.
enum PNMReader {
  /// The picture in RGB; values are scaled so that the stated largest one becomes 255.
  static func picture(_ bytes: [UInt8], maximumPixels: Int) throws(InterchangeError) -> Picture {
    var reader = try PNMTokens(bytes, maximumPixels: maximumPixels)
    let header = reader.header
    var pixels = [UInt8](repeating: 0, count: 3 * header.width * header.height)
    if header.channels == 3 {
      try reader.readValues { index, value in pixels[index] = header.scaled(value) }
    } else {
      try reader.readValues { index, value in
        let grey = header.scaled(value)
        pixels[3 * index] = grey
        pixels[3 * index + 1] = grey
        pixels[3 * index + 2] = grey
      }
    }
    return Picture(width: header.width, height: header.height, pixels: pixels)
  }

  /// The values of a greymap, not scaled; the labels that the colours of a pixmap stand for.
  static func labels(_ bytes: [UInt8], maximumPixels: Int) throws(InterchangeError) -> LabelMap {
    var reader = try PNMTokens(bytes, maximumPixels: maximumPixels)
    let header = reader.header
    guard !header.isBitmap, header.channels == 1 || header.largest == 255 else {
      throw InterchangeError(
        "the picture holds bits, or colours of other than 8 bits; labels are expected: a PGM, or a "
          + "PPM whose largest value is 255")
    }
    guard header.channels == 1 else {
      return try LabelMap(colors: picture(bytes, maximumPixels: maximumPixels))
    }
    var numbers = [UInt16](repeating: 0, count: header.width * header.height)
    try reader.readValues { index, value in numbers[index] = UInt16(value) }
    return try LabelMap(width: header.width, height: header.height, numbers: numbers)
  }

  /// Blank, tab, line feed, vertical tab, form feed, carriage return.
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 32 || (9...13).contains(byte)
  }
}

/// What the head of such a file states.
struct PNMHeader {
  let channels: Int
  let isBitmap: Bool
  let isText: Bool
  let width: Int
  let height: Int
  let largest: Int

  /// A value as a byte, rounded; in bitmaps 1 is black.
  func scaled(_ value: Int) -> UInt8 {
    if isBitmap { return value == 1 ? 0 : 255 }
    return UInt8((value * 255 + largest / 2) / largest)
  }

  /// The least number of bytes that the values take; in text every value is a digit at least.
  var leastBytes: Int {
    let values = width * height * channels
    if isText { return isBitmap ? values : 2 * values - 1 }
    if isBitmap { return (width + 7) / 8 * height }
    return largest > 255 ? 2 * values : values
  }
}
