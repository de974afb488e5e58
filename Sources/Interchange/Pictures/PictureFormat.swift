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

  private static func refusal(of bytes: [UInt8]) -> InterchangeError {
    guard !bytes.isEmpty else { return InterchangeError("the picture file is empty") }
    let names: [(start: [UInt8], offset: Int, name: String)] = [
      (Array("GIF8".utf8), 0, "a GIF"), (Array("BM".utf8), 0, "a BMP"),
      (Array("RIFF".utf8), 0, "a WebP or another RIFF file"),
      ([0x49, 0x49, 0x2A, 0], 0, "a TIFF"), ([0x4D, 0x4D, 0, 0x2A], 0, "a TIFF"),
      (Array("ftyp".utf8), 4, "a HEIC, AVIF or another MPEG-4 file"),
      (Array("%PDF".utf8), 0, "a PDF"), (Array("P7\n".utf8), 0, "a PAM"),
      ([0x93] + Array("NUMPY".utf8), 0, "a NumPy array"), (Array("PK".utf8), 0, "a zip file"),
    ]
    let known = names.first { bytes.dropFirst($0.offset).starts(with: $0.start) }
    let what = known.map { "the file is \($0.name)" } ?? "the file is no picture of a known kind"
    return InterchangeError("\(what); PNG, JPEG, PPM, PGM and PBM are read")
  }
}
