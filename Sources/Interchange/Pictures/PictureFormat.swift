/// The kinds of picture files, told by their first bytes and never by their name.
enum PictureFormat {
  case png, jpeg, pnm

  /// - Throws: ``InterchangeError`` that names the kind of file, if it is a known one.
  init(of bytes: [UInt8]) throws(InterchangeError) {
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
      throw Self.refusal(of: bytes)
    }
  }

  /// What somebody can do whose file is not read.
  static let wayOut =
    "save it as PNG in another program, for instance with ImageMagick: convert OLD NEW.png"

  private static func refusal(of bytes: [UInt8]) -> InterchangeError {
    guard !bytes.isEmpty else { return InterchangeError("the picture file is empty") }
    guard let name = pictures.first(where: { $0.describes(bytes) })?.name else {
      let other = others.first { $0.describes(bytes) }?.name ?? "no picture of a known kind"
      return InterchangeError("the file is \(other); PNG, JPEG, PPM, PGM and PBM are read")
    }
    return InterchangeError(
      "the file is \(name); PNG, JPEG, PPM, PGM and PBM are read, so \(wayOut)")
  }

  private struct Mark {
    let start: [UInt8]
    let offset: Int
    let name: String

    init(_ start: [UInt8], at offset: Int = 0, _ name: String) {
      (self.start, self.offset, self.name) = (start, offset, name)
    }

    init(_ start: String, at offset: Int = 0, _ name: String) {
      self.init(Array(start.utf8), at: offset, name)
    }

    func describes(_ bytes: [UInt8]) -> Bool { bytes.dropFirst(offset).starts(with: start) }
  }

  /// Pictures that are not read, by how they begin.
  private static let pictures = [
    Mark("GIF8", "a GIF"), Mark("BM", "a BMP"), Mark("WEBP", at: 8, "a WebP"),
    Mark([0x49, 0x49, 0x2A, 0], "a TIFF"), Mark([0x4D, 0x4D, 0, 0x2A], "a TIFF"),
    Mark([0x49, 0x49, 0x2B, 0], "a TIFF"), Mark([0x4D, 0x4D, 0, 0x2B], "a TIFF"),
    Mark("ftypavif", at: 4, "an AVIF"), Mark("ftypavis", at: 4, "an AVIF"),
    Mark("ftypheic", at: 4, "a HEIC"), Mark("ftypheix", at: 4, "a HEIC"),
    Mark("ftypmif1", at: 4, "a HEIC or AVIF"), Mark("ftypmsf1", at: 4, "a HEIC or AVIF"),
    Mark("jP  ", at: 4, "a JPEG 2000"), Mark([0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000"),
    Mark("JXL ", at: 4, "a JPEG XL"), Mark([0xFF, 0x0A], "a JPEG XL"),
    Mark([0x49, 0x49, 0xBC, 1], "a JPEG XR"),
    Mark("8BPS", "a Photoshop file"), Mark("gimp xcf", "a file of GIMP"),
    Mark([0, 0, 1, 0], "an icon (ICO)"), Mark("qoif", "a QOI"), Mark("P7", "a PAM"),
    Mark("PF", "a PFM"), Mark("Pf", "a PFM"), Mark([0x76, 0x2F, 0x31, 1], "an OpenEXR"),
    Mark("#?RADIANCE", "a Radiance HDR"), Mark("DDS ", "a DDS"), Mark("%PDF", "a PDF"),
    Mark("%!PS", "a PostScript file"), Mark("<svg", "an SVG"),
  ]

  /// What else is given by mistake.
  private static let others = [
    Mark([0x93] + Array("NUMPY".utf8), "a NumPy array"), Mark("PK", "a zip file"),
    Mark([0x89] + Array("HDF".utf8), "an HDF5 file"), Mark("RIFF", "a RIFF file (sound or video)"),
    Mark("ftyp", at: 4, "a video (MPEG-4)"), Mark([0x1F, 0x8B], "compressed with gzip"),
    Mark("<!DOCTYPE", "a web page"), Mark("<!doctype", "a web page"), Mark("<html", "a web page"),
    Mark("<?xml", "an XML file, perhaps an SVG"), Mark("{", "JSON or another text"),
    Mark("version https://git-lfs", "a pointer of Git LFS; get the picture with git lfs pull"),
  ]
}
