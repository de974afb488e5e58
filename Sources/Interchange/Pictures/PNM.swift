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

/// The numbers of a PNM file, in order: those of its head, then the values.
struct PNMTokens {
  private let bytes: [UInt8]
  private var position = 2
  private(set) var header: PNMHeader

  /// Reads the head, and checks that as many bytes follow as the values need.
  init(_ bytes: [UInt8], maximumPixels: Int) throws(InterchangeError) {
    let kind = Int(bytes[1]) - 48
    let isBitmap = kind == 1 || kind == 4
    self.bytes = bytes
    header = PNMHeader(
      channels: 1, isBitmap: isBitmap, isText: true, width: 1, height: 1, largest: 1)
    let width = try number(upTo: Int(Int32.max), "width")
    let height = try number(upTo: Int(Int32.max), "height")
    try PictureSize.check(width: width, height: height, maximumPixels: maximumPixels)
    let largest = isBitmap ? 1 : try number(upTo: 65535, "largest value")
    guard largest > 0 else {
      throw InterchangeError("the picture's largest value is 0; 1 to 65535 are expected")
    }
    header = PNMHeader(
      channels: kind == 3 || kind == 6 ? 3 : 1, isBitmap: isBitmap, isText: kind <= 3,
      width: width, height: height, largest: largest)
    if !header.isText {
      guard position < bytes.count, PNMReader.isSpace(bytes[position]) else {
        throw InterchangeError("the picture's head does not end with a blank")
      }
      position += 1
    }
    guard bytes.count - position >= header.leastBytes else {
      throw InterchangeError(
        "the picture's \(width)×\(height) pixels need at least \(header.leastBytes) bytes, but "
          + "\(bytes.count - position) follow its head")
    }
  }

  /// Calls `body` with the index and the value of each sample, row by row.
  mutating func readValues(_ body: (Int, Int) -> Void) throws(InterchangeError) {
    let count = header.width * header.height * header.channels
    switch (header.isText, header.isBitmap) {
    case (true, true):
      for index in 0..<count { body(index, try digit()) }
    case (true, false):
      for index in 0..<count { body(index, try number(upTo: header.largest, "value")) }
    case (false, true):
      let rowBytes = (header.width + 7) / 8
      for row in 0..<header.height {
        for column in 0..<header.width {
          let byte = bytes[position + row * rowBytes + column / 8]
          body(row * header.width + column, Int(byte >> (7 - column % 8) & 1))
        }
      }
    case (false, false):
      let isWide = header.largest > 255
      for index in 0..<count {
        let at = isWide ? position + 2 * index : position + index
        let value = isWide ? Int(bytes[at]) << 8 | Int(bytes[at + 1]) : Int(bytes[at])
        guard value <= header.largest else { throw tooLarge(value, header.largest, "value") }
        body(index, value)
      }
    }
  }

  /// The next number in digits, after blanks and comments.
  private mutating func number(
    upTo largest: Int, _ name: String
  ) throws(InterchangeError) -> Int {
    try skipBlanks()
    var value = 0
    let start = position
    while position < bytes.count, (48...57).contains(bytes[position]) {
      value = value * 10 + Int(bytes[position]) - 48
      guard value <= largest else { throw tooLarge(value, largest, name) }
      position += 1
    }
    guard position > start else {
      throw InterchangeError(
        "the picture has something that is no number where its \(name) belongs")
    }
    return value
  }

  /// The next 0 or 1, which need no blanks between them.
  private mutating func digit() throws(InterchangeError) -> Int {
    try skipBlanks()
    let value = Int(bytes[position]) - 48
    guard value == 0 || value == 1 else {
      throw InterchangeError("the bitmap has something other than 0 and 1 among its values")
    }
    position += 1
    return value
  }

  /// Goes to the next byte that is neither blank nor within a comment (from # to the line's end).
  private mutating func skipBlanks() throws(InterchangeError) {
    var isComment = false
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "#") { isComment = true }
      if byte == 10 || byte == 13 { isComment = false }
      guard isComment || PNMReader.isSpace(byte) else { return }
      position += 1
    }
    throw InterchangeError("the picture ends before its last value")
  }

  private func tooLarge(_ value: Int, _ largest: Int, _ name: String) -> InterchangeError {
    InterchangeError("the picture's \(name) is \(value) or more; at most \(largest) is expected")
  }
}

/// Writes PPM (colour) and PGM (grey) files, binary, with values up to 255.
public enum PPMWriter {
  public static func encode(_ picture: Picture) -> [UInt8] {
    Array("P6\n\(picture.width) \(picture.height)\n255\n".utf8) + picture.pixels
  }

  /// A PGM whose values are the labels.
  public static func encode(_ map: LabelMap) -> [UInt8] {
    Array("P5\n\(map.width) \(map.height)\n255\n".utf8) + map.labels
  }
}
