/// The chunks of a PNG file, each with its length and checksum verified.
struct PNGChunks {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  struct Chunk {
    let type: String
    let range: Range<Int>

    /// A capital first letter: a decoder that doesn't know the chunk must not go on.
    var isCritical: Bool { type.first?.isUppercase ?? true }
  }

  private let bytes: [UInt8]
  private var position = signature.count

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func next() throws(InterchangeError) -> Chunk {
    guard bytes.count - position >= 12 else {
      throw InterchangeError("the PNG ends before its IEND chunk")
    }
    let length = Int(bigEndian: bytes[position..<position + 4])
    let name = bytes[(position + 4)..<(position + 8)]
    guard name.allSatisfy({ (65...90).contains($0) || (97...122).contains($0) }) else {
      throw InterchangeError("the PNG has a chunk whose name is not four letters")
    }
    let type = String(decoding: name, as: UTF8.self)
    guard length <= bytes.count - position - 12 else {
      throw InterchangeError(
        "the PNG's \(type) chunk states \(length) bytes, but \(bytes.count - position - 12) are left"
      )
    }
    let range = (position + 8)..<(position + 8 + length)
    let computed = bytes.withUnsafeBufferPointer {
      CRC32.of(UnsafeBufferPointer(rebasing: $0[(range.lowerBound - 4)..<range.upperBound]))
    }
    let stated = UInt32(bigEndian: bytes[range.upperBound..<range.upperBound + 4])
    guard stated == computed else {
      throw InterchangeError("the PNG is damaged: the checksum of its \(type) chunk is wrong")
    }
    position = range.upperBound + 4
    return Chunk(type: type, range: range)
  }
}

/// What a PNG's IHDR chunk states: size, kind of samples, interlacing.
struct PNGHeader {
  enum ColorType: Int { case grey = 0, rgb = 2, indexed = 3, greyAlpha = 4, rgba = 6 }

  let width: Int
  let height: Int
  let depth: Int
  let colorType: ColorType
  let isInterlaced: Bool

  init(_ bytes: ArraySlice<UInt8>) throws(InterchangeError) {
    guard bytes.count == 13 else {
      throw InterchangeError("the PNG's IHDR chunk has \(bytes.count) bytes; 13 are expected")
    }
    width = Int(bigEndian: bytes.prefix(4))
    height = Int(bigEndian: bytes.dropFirst(4).prefix(4))
    let fields = bytes.map(Int.init)
    depth = fields[8]
    guard let colorType = ColorType(rawValue: fields[9]) else {
      throw InterchangeError("the PNG's colour type is \(fields[9]); 0, 2, 3, 4 and 6 exist")
    }
    self.colorType = colorType
    let depths =
      switch colorType {
      case .grey: [1, 2, 4, 8, 16]
      case .indexed: [1, 2, 4, 8]
      case .rgb, .greyAlpha, .rgba: [8, 16]
      }
    guard depths.contains(depth) else {
      throw InterchangeError(
        "the PNG has \(depth) bits per sample; its colour type \(fields[9]) has one of \(depths)")
    }
    guard fields[10] == 0, fields[11] == 0, fields[12] <= 1 else {
      throw InterchangeError(
        "the PNG's compression, filter and interlace methods are \(fields[10]), \(fields[11]) and "
          + "\(fields[12]); 0, 0 and 0 or 1 are expected")
    }
    isInterlaced = fields[12] == 1
    guard max(width, height) < 1 << 31 else {
      throw InterchangeError("the PNG is \(width)×\(height) pixels; a side is below 2147483648")
    }
  }

  var samplesPerPixel: Int {
    switch colorType {
    case .grey, .indexed: 1
    case .greyAlpha: 2
    case .rgb: 3
    case .rgba: 4
    }
  }

  /// The distance from a byte to the one it is predicted from, at least 1.
  var bytesPerPixel: Int { max(samplesPerPixel * depth / 8, 1) }

  /// The number of bytes of a row of `width` pixels, without its filter byte.
  func rowBytes(width: Int) -> Int {
    (width * samplesPerPixel * depth + 7) / 8
  }

  /// The grids of pixels that follow each other in the data, without the empty ones.
  var passes: [Pass] {
    guard isInterlaced else { return [Pass(left: 0, top: 0, right: 1, down: 1, of: self)] }
    return [
      (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
      (0, 1, 1, 2),
    ].map { Pass(left: $0.0, top: $0.1, right: $0.2, down: $0.3, of: self) }
      .filter { $0.width > 0 && $0.height > 0 }
  }

  /// The pixels (left + i * right, top + j * down) of the picture.
  struct Pass {
    let left: Int
    let top: Int
    let right: Int
    let down: Int
    let width: Int
    let height: Int

    init(left: Int, top: Int, right: Int, down: Int, of header: PNGHeader) {
      self.left = left
      self.top = top
      self.right = right
      self.down = down
      width = (header.width - left + right - 1) / right
      height = (header.height - top + down - 1) / down
    }
  }
}
