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
  /// Reads the labels of an indexed or grey PNG, or of a PGM: the stored numbers, not the colours.
  ///
  /// - Throws: ``FileProblem`` if the file can't be opened, ``InterchangeError`` if it is damaged,
  ///   stores colours or more than 8 bits, or has more than `maximumPixels` pixels.
  public init(contentsOf path: String, maximumPixels: Int = Picture.defaultMaximumPixels) throws {
    try self.init(decoding: FileBytes.read(path), maximumPixels: maximumPixels)
  }

  /// The labels in the bytes of an indexed or grey PNG, or of a PGM.
  public init(
    decoding bytes: [UInt8], maximumPixels: Int = Picture.defaultMaximumPixels
  ) throws(InterchangeError) {
    self =
      switch try PictureFormat(of: bytes) {
      case .png: try PNGReader.labels(bytes, maximumPixels: maximumPixels)
      case .pnm: try PNMReader.labels(bytes, maximumPixels: maximumPixels)
      case .jpeg:
        throw InterchangeError("a JPEG can't hold labels; an indexed or grey PNG is expected")
      }
  }
}
