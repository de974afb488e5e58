extension Picture {
  /// The number of pixels up to which pictures are read unless the caller allows more.
  public static let defaultMaximumPixels = 200_000_000

  /// Reads a PNG, JPEG, PPM, PGM or PBM file; its content decides which it is.
  ///
  /// Grey becomes equal red, green and blue. Transparency is dropped: the colours stay as they are
  /// stored, as in Pillow's `convert("RGB")`, so that a network sees the same numbers. Samples of
  /// 16 bits in a PNG keep their high byte. The EXIF orientation of a JPEG is applied.
  ///
  /// - Throws: ``FileProblem`` if the file can't be opened, ``InterchangeError`` if it is no
  ///   picture, is damaged, or has more than `maximumPixels` pixels.
  public init(contentsOf path: String, maximumPixels: Int = defaultMaximumPixels) throws {
    try self.init(decoding: FileBytes.read(path), maximumPixels: maximumPixels)
  }

  /// The picture in the bytes of a PNG, JPEG, PPM, PGM or PBM file; see `init(contentsOf:)`.
  public init(
    decoding bytes: [UInt8], maximumPixels: Int = defaultMaximumPixels
  ) throws(InterchangeError) {
    self =
      switch try PictureFormat(of: bytes) {
      case .png: try PNGReader.picture(bytes, maximumPixels: maximumPixels)
      case .jpeg: try JPEGReader.picture(bytes, maximumPixels: maximumPixels)
      case .pnm: try PNMReader.picture(bytes, maximumPixels: maximumPixels)
      }
  }
}

extension LabelMap {
  /// Reads labels as other programs write them.
  ///
  /// Of an indexed or grey PNG, and of a PGM, the stored numbers count, not the colours. A PNG or PPM in
  /// colours is read as grey (R = G = B) if all its pixels are, else by ``VOCPalette``; black and (128,
  /// 128, 128) alone are classes 0 and 7 of VOC. Of 16 bits 65535 is 255, the ignored label.
  ///
  /// - Throws: ``FileProblem`` if the file can't be opened, ``InterchangeError`` if it is damaged, has a
  ///   colour that is none of VOC's or a number above 255, or more than `maximumPixels` pixels.
  public init(contentsOf path: String, maximumPixels: Int = Picture.defaultMaximumPixels) throws {
    try self.init(decoding: FileBytes.read(path), maximumPixels: maximumPixels)
  }

  /// The labels in the bytes of a PNG, PGM or PPM; see `init(contentsOf:)`.
  public init(
    decoding bytes: [UInt8], maximumPixels: Int = Picture.defaultMaximumPixels
  ) throws(InterchangeError) {
    self =
      switch try PictureFormat(of: bytes) {
      case .png: try PNGReader.labels(bytes, maximumPixels: maximumPixels)
      case .pnm: try PNMReader.labels(bytes, maximumPixels: maximumPixels)
      case .jpeg:
        throw InterchangeError(
          "a JPEG can't hold labels, for it changes them a little; an indexed or grey PNG is expected"
        )
      }
  }

  /// The labels that colours stand for.
  init(colors picture: Picture) throws(InterchangeError) {
    let pixels = picture.pixels
    let area = picture.width * picture.height
    var labels = [UInt8](repeating: 0, count: area)
    var seen = [Bool](repeating: false, count: 256)
    let isGrey = (0..<area).allSatisfy { index in
      let red = pixels[3 * index]
      labels[index] = red
      seen[Int(red)] = true
      return red == pixels[3 * index + 1] && red == pixels[3 * index + 2]
    }
    let isVOC = seen[128] && seen.indices.allSatisfy { !seen[$0] || $0 == 0 || $0 == 128 }
    if !isGrey || isVOC {
      let numbers = Dictionary(
        uniqueKeysWithValues: VOCPalette.colors.enumerated().map { ($1, UInt8($0)) })
      for index in 0..<area {
        let color = RGB(pixels[3 * index], pixels[3 * index + 1], pixels[3 * index + 2])
        guard let number = numbers[color] else {
          throw InterchangeError(
            "the pixel in row \(index / picture.width), column \(index % picture.width) has the colour "
              + "(\(color.red), \(color.green), \(color.blue)), which is none of VOC's; labels are "
              + "expected: an indexed or grey PNG, or one in VOC's colours")
        }
        labels[index] = number
      }
    }
    self.init(width: picture.width, height: picture.height, labels: labels)
  }

  /// The labels that numbers above a byte stand for.
  init(width: Int, height: Int, numbers: [UInt16]) throws(InterchangeError) {
    if let wrong = numbers.firstIndex(where: { $0 > 255 && $0 != .max }) {
      throw InterchangeError(
        "the label in row \(wrong / width), column \(wrong % width) is \(numbers[wrong]); labels are "
          + "at most 255, or 65535, which is ignored")
    }
    self.init(width: width, height: height, labels: numbers.map { UInt8(min($0, 255)) })
  }
}
