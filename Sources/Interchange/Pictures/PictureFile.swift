/// The file that a picture or its labels are written to: its name decides which kind it becomes.
public enum PictureFile {
  /// What a file holds.
  public enum Content { case picture, labels }

  /// The endings of names that can be written; a name without one, and a device, becomes a PNG.
  public static func endings(for content: Content) -> [String] {
    content == .picture ? ["png", "ppm"] : ["png", "pgm"]
  }

  /// Whether a file of this name can be written.
  public static func canBeWritten(_ path: String, with content: Content) -> Bool {
    let ending = FilePlace.ending(of: path)
    return ending.isEmpty || endings(for: content).contains(ending)
  }

  /// Writes a picture as PNG, or as PPM where the name ends so.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public static func write(_ picture: Picture, to path: String) throws(FileProblem) {
    let isPlain = FilePlace.ending(of: path) == "ppm"
    try AtomicFile.write(
      isPlain ? PPMWriter.encode(picture) : PNGWriter.encode(picture), to: path)
  }

  /// Writes labels as an indexed PNG in VOC's colours, or as PGM where the name ends so.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``
  public static func write(_ labels: LabelMap, to path: String) throws(FileProblem) {
    let isPlain = FilePlace.ending(of: path) == "pgm"
    try AtomicFile.write(isPlain ? PPMWriter.encode(labels) : PNGWriter.encode(labels), to: path)
  }
}

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
      case .jpeg: try JPEGDecoder.picture(bytes, maximumPixels: maximumPixels)
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
      switch try PictureFormat(of: bytes, known: "PNG, PGM and PPM") {
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

/// The kinds of picture files, told by their first bytes and never by their name.
enum PictureFormat {
  case png, jpeg, pnm

  /// - Parameter kinds: those that are read, for the message.
  /// - Throws: ``InterchangeError`` that names the kind of file, if it is a known one.
  init(
    of bytes: [UInt8], known kinds: String = "PNG, JPEG, PPM, PGM and PBM"
  ) throws(InterchangeError) {
    if bytes.starts(with: PNGChunks.signature) {
      self = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.count >= 3, bytes[0] == UInt8(ascii: "P"),
      (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(bytes[1]),
      PNMReader.isSpace(bytes[2]) || bytes[2] == UInt8(ascii: "#")
    {
      self = .pnm
    } else {
      throw Self.refusal(of: bytes, kinds)
    }
  }

  /// What somebody can do whose file is not read.
  static let wayOut =
    "save it as PNG in another program, for instance with ImageMagick: convert OLD NEW.png"

  private static func refusal(of bytes: [UInt8], _ kinds: String) -> InterchangeError {
    guard !bytes.isEmpty else { return InterchangeError("the picture file is empty") }
    guard let name = pictures.first(where: { $0.describes(bytes) })?.name else {
      let other = others.first { $0.describes(bytes) }?.name ?? "no picture of a known kind"
      return InterchangeError("the file is \(other); \(kinds) are read")
    }
    return InterchangeError(
      "the file is \(name); \(kinds) are read, so \(wayOut)")
  }

  /// Pictures that are not read, by how they begin.
  private static let pictures: [FileMark] = [
    FileMark("GIF8", "a GIF"), FileMark("BM", "a BMP"), FileMark("WEBP", at: 8, "a WebP"),
    FileMark([0x49, 0x49, 0x2A, 0], "a TIFF"), FileMark([0x4D, 0x4D, 0, 0x2A], "a TIFF"),
    FileMark([0x49, 0x49, 0x2B, 0], "a TIFF"), FileMark([0x4D, 0x4D, 0, 0x2B], "a TIFF"),
    FileMark("ftypavif", at: 4, "an AVIF"), FileMark("ftypavis", at: 4, "an AVIF"),
    FileMark("ftypheic", at: 4, "a HEIC"), FileMark("ftypheix", at: 4, "a HEIC"),
    FileMark("ftypmif1", at: 4, "a HEIC or AVIF"), FileMark("ftypmsf1", at: 4, "a HEIC or AVIF"),
    FileMark("jP  ", at: 4, "a JPEG 2000"), FileMark([0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000"),
    FileMark("JXL ", at: 4, "a JPEG XL"), FileMark([0xFF, 0x0A], "a JPEG XL"),
    FileMark([0x49, 0x49, 0xBC, 1], "a JPEG XR"),
    FileMark("8BPS", "a Photoshop file"), FileMark("gimp xcf", "a file of GIMP"),
    FileMark([0, 0, 1, 0], "an icon (ICO)"), FileMark("qoif", "a QOI"), FileMark("P7", "a PAM"),
    FileMark("PF", "a PFM"), FileMark("Pf", "a PFM"),
    FileMark([0x76, 0x2F, 0x31, 1], "an OpenEXR"),
    FileMark("#?RADIANCE", "a Radiance HDR"), FileMark("DDS ", "a DDS"), FileMark("%PDF", "a PDF"),
    FileMark("%!PS", "a PostScript file"), FileMark("<svg", "an SVG"),
  ]

  /// What else is given by mistake.
  private static let others: [FileMark] = [
    FileMark([0x93] + Array("NUMPY".utf8), "a NumPy array"), FileMark("PK", "a zip file"),
    FileMark([0x89] + Array("HDF".utf8), "an HDF5 file"),
    FileMark("RIFF", "a RIFF file (sound or video)"),
    FileMark("ftyp", at: 4, "a video (MPEG-4)"), FileMark([0x1F, 0x8B], "compressed with gzip"),
    FileMark("<!DOCTYPE", "a web page"), FileMark("<!doctype", "a web page"),
    FileMark("<html", "a web page"),
    FileMark("<?xml", "an XML file, perhaps an SVG"), FileMark("{", "JSON or another text"),
    FileMark("version https://git-lfs", "a pointer of Git LFS; get the picture with git lfs pull"),
  ]
}
