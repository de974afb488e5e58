/// How a camera held the picture: the orientation 1…8 of EXIF.
enum PictureOrientation: Int {
  case upright = 1
  case mirrored, turnedAround, flipped, transposed, turnedRight, transversed, turnedLeft

  /// The orientation in EXIF data (a TIFF header and its first directory); nil if it has none.
  init?(exif bytes: [UInt8]) {
    guard bytes.count >= 8 else { return nil }
    let isLittle = bytes[0] == UInt8(ascii: "I")
    guard bytes[0] == bytes[1], isLittle || bytes[0] == UInt8(ascii: "M") else { return nil }

    func number(at start: Int, bytes size: Int) -> Int? {
      guard start >= 0, start <= bytes.count - size else { return nil }
      let slice = bytes[start..<(start + size)]
      return isLittle
        ? slice.reversed().reduce(0) { $0 << 8 | Int($1) } : slice.reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(at: 2, bytes: 2) == 42, let directory = number(at: 4, bytes: 4),
      let count = number(at: directory, bytes: 2)
    else { return nil }
    for entry in 0..<count {
      let start = directory + 2 + 12 * entry
      guard let tag = number(at: start, bytes: 2) else { return nil }
      if tag == 0x0112, number(at: start + 2, bytes: 2) == 3,
        let value = number(at: start + 8, bytes: 2)
      {
        self.init(rawValue: value)
        return
      }
    }
    return nil
  }

  /// The picture as it is meant to be seen.
  func applied(to picture: Picture) -> Picture {
    let (width, height) = (picture.width, picture.height)
    // Pixel (row, column) of the result is pixel first + down * row + right * column of the source.
    let (first, down, right, isTurned) =
      switch self {
      case .upright: (0, width, 1, false)
      case .mirrored: (width - 1, width, -1, false)
      case .turnedAround: (width * height - 1, -width, -1, false)
      case .flipped: (width * (height - 1), -width, 1, false)
      case .transposed: (0, 1, width, true)
      case .turnedRight: (width * (height - 1), 1, -width, true)
      case .transversed: (width * height - 1, -1, -width, true)
      case .turnedLeft: (width - 1, -1, width, true)
      }
    if self == .upright { return picture }
    let (newWidth, newHeight) = isTurned ? (height, width) : (width, height)
    var pixels = [UInt8](repeating: 0, count: picture.pixels.count)
    pixels.withUnsafeMutableBufferPointer { pixels in
      picture.pixels.withUnsafeBufferPointer { source in
        var target = 0
        for row in 0..<newHeight {
          var from = 3 * (first + down * row)
          for _ in 0..<newWidth {
            pixels[target] = source[from]
            pixels[target &+ 1] = source[from &+ 1]
            pixels[target &+ 2] = source[from &+ 2]
            target &+= 3
            from &+= 3 &* right
          }
        }
      }
    }
    return Picture(width: newWidth, height: newHeight, pixels: pixels)
  }
}
