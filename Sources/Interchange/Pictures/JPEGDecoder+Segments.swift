extension JPEGDecoder {
  /// Photographs have fewer than ten; only empty pictures have more than these.
  private static let mostPixelsPerByte = 100

  mutating func readFrame(
    _ segment: JPEGSegment, isProgressive: Bool
  ) throws(InterchangeError) {
    guard frame == nil else { throw InterchangeError("the JPEG has two frames; one is expected") }
    let frame = try JPEGFrame(
      segment, isProgressive: isProgressive, maximumPixels: maximumPixels)
    // Every block takes at least a bit, or two where it comes all at once.
    guard frame.blocks / (isProgressive ? 8 : 4) <= bytes.count else {
      throw InterchangeError(
        "the JPEG's \(bytes.count) bytes can't hold the \(frame.width)×\(frame.height) pixels that "
          + "it states")
    }
    // A hostile file must not take memory with nothing but its claim.
    guard frame.width * frame.height <= max(1 << 25, Self.mostPixelsPerByte * bytes.count) else {
      throw InterchangeError(
        "the JPEG states \(frame.width)×\(frame.height) pixels in \(bytes.count) bytes; more than "
          + "\(Self.mostPixelsPerByte) pixels a byte are read only of pictures up to \(1 << 25) pixels, "
          + "so \(PictureFormat.wayOut)")
    }
    self.frame = frame
    tables = Array(repeating: nil, count: frame.components.count)
    if isProgressive {
      coefficients = [Int16](repeating: 0, count: 64 * frame.paddedBlocks)
      progress = Array(
        repeating: [Int?](repeating: nil, count: 64), count: frame.components.count)
    } else {
      samples = [UInt8](repeating: 128, count: 64 * frame.paddedBlocks)
    }
  }

  mutating func readQuantization(_ segment: JPEGSegment) throws(InterchangeError) {
    var segment = segment
    while segment.rest > 0 {
      let head = try segment.byte()
      guard head >> 4 <= 1, head & 15 <= 3 else {
        throw InterchangeError(
          "the JPEG has a quantization table \(head & 15) of precision \(head >> 4); tables 0 to 3 "
            + "and precisions 0 and 1 exist")
      }
      var table = [Int32](repeating: 0, count: 64)
      for place in JPEGOrder.natural {
        table[place] = Int32(head >> 4 == 0 ? try segment.byte() : try segment.word())
      }
      quantization[head & 15] = table
    }
  }

  mutating func readHuffmanTables(_ segment: JPEGSegment) throws(InterchangeError) {
    var segment = segment
    while segment.rest > 0 {
      let head = try segment.byte()
      guard head >> 4 <= 1, head & 15 <= 3 else {
        throw InterchangeError(
          "the JPEG has a Huffman table \(head & 15) of class \(head >> 4); tables 0 to 3 and "
            + "classes 0 and 1 exist")
      }
      var counts: [Int] = []
      for _ in 0..<16 { counts.append(try segment.byte()) }
      var symbols: [UInt8] = []
      for _ in 0..<counts.reduce(0, +) { symbols.append(UInt8(try segment.byte())) }
      guard let table = JPEGHuffmanTable(counts: counts, symbols: symbols) else {
        throw InterchangeError("the JPEG has a Huffman table whose lengths make no code")
      }
      if head >> 4 == 0 { dcTables[head & 15] = table } else { acTables[head & 15] = table }
    }
  }

  mutating func readAdobe(_ segment: JPEGSegment) throws(InterchangeError) {
    // Adobe, version, two flags words, then the transform.
    guard segment.starts(with: "Adobe"), segment.count >= 12 else { return }
    adobeTransform = segment.bytes(from: 11)[0]
  }

  mutating func readOrientation(_ segment: JPEGSegment) {
    guard orientation == nil, segment.starts(with: "Exif\0\0") else { return }
    orientation = PictureOrientation(exif: segment.bytes(from: 6))
  }

  /// Whether all mean values are there, but not the nine coefficients after them to the last bit:
  /// libjpeg then guesses these from the blocks around, each version in its own way.
  private var isBlurred: Bool {
    progress.allSatisfy { $0[0] != nil } && progress.contains { $0[1...9].contains { $0 != 0 } }
  }

  /// Looks what has come, and transforms the coefficients of a progressive file.
  mutating func finish(_ frame: JPEGFrame) throws(InterchangeError) {
    guard tables.contains(where: { $0 != nil }) else {
      throw InterchangeError("the JPEG ends before its picture begins")
    }
    isCutShort = isCutShort || tables.contains { $0 == nil }
    guard frame.isProgressive else { return }
    guard !isBlurred else {
      throw InterchangeError(
        "the JPEG is progressive and ends before the scans of its details; other programs make up "
          + "what is missing, so \(PictureFormat.wayOut)")
    }
    isCutShort = isCutShort || progress.contains { $0[0] == nil }
    samples = [UInt8](repeating: 128, count: 64 * frame.paddedBlocks)
    for (component, table) in zip(frame.components, tables) {
      guard let table else { continue }
      transform(component, table)
    }
    coefficients = []
  }

  private mutating func transform(_ component: JPEGFrame.Component, _ table: [Int32]) {
    let workspace = UnsafeMutablePointer<Int32>.allocate(capacity: 64)
    workspace.initialize(repeating: 0, count: 64)
    defer { workspace.deallocate() }
    samples.withUnsafeMutableBufferPointer { samples in
      coefficients.withUnsafeBufferPointer { coefficients in
        table.withUnsafeBufferPointer { table in
          guard let samples = samples.baseAddress, let coefficients = coefficients.baseAddress,
            let table = table.baseAddress
          else { return }
          for row in 0..<component.blocksDown {
            for column in 0..<component.blocksAcross {
              let block = component.firstBlock + row * component.paddedAcross + column
              JPEGTransform.inverse(
                coefficients + 64 * block, quantization: table, workspace: workspace,
                into: samples + component.firstSample + 8 * (row * component.stride + column),
                stride: component.stride)
            }
          }
        }
      }
    }
  }

  /// What the components mean, told as most decoders do.
  func colorSpace(of frame: JPEGFrame) throws(InterchangeError) -> JPEGColors.Space {
    switch frame.components.count {
    case 1: return .grey
    case 4: return adobeTransform.map { $0 == 0 ? .cmyk : .ycck } ?? .cmyk
    default: break
    }
    if hasJFIF { return .yCbCr }
    if let adobeTransform { return adobeTransform == 0 ? .rgb : .yCbCr }
    let identifiers = frame.components.map(\.identifier)
    return identifiers == Array("RGB".utf8).map(Int.init) ? .rgb : .yCbCr
  }
}

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
      return isLittle ? Int(bigEndian: slice.reversed()) : Int(bigEndian: slice)
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
