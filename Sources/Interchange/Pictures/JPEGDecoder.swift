/// Reads JPEG files: baseline and progressive, grey, YCbCr, RGB, CMYK and YCCK, every
/// subsampling.
///
/// The inverse transform, the upsampling and the colours are the integer arithmetic that most
/// decoders share (the "slow integer" transform, triangle filter), so that the bytes agree.
struct JPEGDecoder {
  let bytes: UnsafeBufferPointer<UInt8>
  let maximumPixels: Int
  var position = 2

  var frame: JPEGFrame?
  var quantization = [[Int32]?](repeating: nil, count: 4)
  var dcTables = [JPEGHuffmanTable?](repeating: nil, count: 4)
  var acTables = [JPEGHuffmanTable?](repeating: nil, count: 4)
  var restartInterval = 0
  var hasJFIF = false
  var adobeTransform: UInt8?
  var orientation: PictureOrientation?

  /// The samples of all components, each at its frame's offsets.
  var samples: [UInt8] = []
  /// The coefficients of a progressive file, 64 per block in natural order.
  var coefficients: [Int16] = []
  /// For each component of a progressive file and each coefficient: the lowest bit sent so far.
  var progress: [[Int?]] = []
  /// For each component: the quantization table when its first scan began.
  var tables: [[Int32]?] = []
  /// Whether data ended early, or a component never came; what is missing is grey.
  var isCutShort = false
  private var scanCount = 0

  static func picture(_ bytes: [UInt8], maximumPixels: Int) throws(InterchangeError) -> Picture {
    try bytes.withUnsafeBufferPointer { (bytes) throws(InterchangeError) in
      var decoder = JPEGDecoder(bytes, maximumPixels: maximumPixels)
      return try decoder.picture()
    }
  }

  private init(_ bytes: UnsafeBufferPointer<UInt8>, maximumPixels: Int) {
    self.bytes = bytes
    self.maximumPixels = maximumPixels
  }

  mutating func picture() throws(InterchangeError) -> Picture {
    while !isComplete, let marker = try nextMarker() {
      switch marker {
      case 0xC0, 0xC1, 0xC2: try readFrame(try segment(), isProgressive: marker == 0xC2)
      case 0xC4: try readHuffmanTables(try segment())
      case 0xDA: try readScan(try segment())
      case 0xDB: try readQuantization(try segment())
      case 0xDD:
        var segment = try segment()
        restartInterval = try segment.word()
      case 0xE0:
        let segment = try segment()
        hasJFIF = hasJFIF || segment.starts(with: "JFIF\0")
      case 0xE1: readOrientation(try segment())
      case 0xEE: try readAdobe(try segment())
      case 0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF, 0xF7: throw Self.refusal(ofFrame: marker)
      case 0x01, 0xD0...0xD8: break
      default: _ = try segment()
      }
    }
    guard let frame else {
      throw InterchangeError("the JPEG ends before it says how large its picture is")
    }
    try finish(frame)
    let colors = try colorSpace(of: frame)
    let pixels = JPEGColors.pixels(of: frame, samples: samples, colorSpace: colors)
    samples = []
    let stored = Picture(width: frame.width, height: frame.height, pixels: pixels)
    var picture = orientation?.applied(to: stored) ?? stored
    picture.isCutShort = isCutShort
    return picture
  }

  /// Whether nothing more is needed: every component of a baseline file has come.
  private var isComplete: Bool {
    guard let frame, !frame.isProgressive else { return false }
    return tables.allSatisfy { $0 != nil }
  }

  /// The next marker, nil for the end of the image; bytes before it are skipped.
  private mutating func nextMarker() throws(InterchangeError) -> UInt8? {
    while position + 1 < bytes.count {
      let marker = bytes[position + 1]
      if bytes[position] == 0xFF, marker != 0, marker != 0xFF {
        position += 2
        return marker == 0xD9 ? nil : marker
      }
      position += 1
    }
    throw InterchangeError("the JPEG ends before its end-of-image marker")
  }

  /// The content of the segment whose length comes next.
  private mutating func segment() throws(InterchangeError) -> JPEGSegment {
    guard bytes.count - position >= 2 else { throw JPEGSegment.truncated }
    let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
    guard length >= 2, length <= bytes.count - position else {
      throw InterchangeError(
        "the JPEG has a segment of \(length) bytes where \(bytes.count - position) are left; a "
          + "segment has at least 2")
    }
    let content = bytes[(position + 2)..<(position + length)]
    position += length
    return JPEGSegment(UnsafeBufferPointer(rebasing: content))
  }

  private static func refusal(ofFrame marker: UInt8) -> InterchangeError {
    let kind =
      switch marker {
      case 0xC3: "lossless"
      case 0xF7: "a JPEG-LS"
      case 0xC5, 0xC6, 0xC7: "hierarchical"
      default: "arithmetically coded"
      }
    return InterchangeError(
      "the JPEG is \(kind); baseline and progressive ones are read, so \(PictureFormat.wayOut)")
  }

  /// Counts the scans: a small file may have so many, each with hardly any data, that going through
  /// all blocks for each would take for ever.
  mutating func countScan(of frame: JPEGFrame) throws(InterchangeError) {
    scanCount += 1
    guard scanCount <= 64 || scanCount * frame.blocks <= 100_000_000 else {
      throw InterchangeError(
        "the JPEG has more than 64 scans of \(frame.blocks) blocks; so many are read only of "
          + "smaller pictures")
    }
  }

  // MARK: Scans

  /// Reads a scan's header and its data.
  mutating func readScan(_ segment: JPEGSegment) throws(InterchangeError) {
    guard let frame else {
      throw InterchangeError("the JPEG has a scan before it says how large its picture is")
    }
    try countScan(of: frame)
    let scan = try JPEGScan(segment, frame: frame)
    for member in scan.members where tables[member.component] == nil {
      let number = frame.components[member.component].quantizationTable
      guard let table = quantization[number] else {
        throw InterchangeError("the JPEG lacks its quantization table \(number)")
      }
      tables[member.component] = table
    }
    if frame.isProgressive { try recordProgress(of: scan) }
    var reader = JPEGScanReader(
      frame: frame, scan: scan, restartInterval: restartInterval,
      bits: JPEGBitReader(bytes, from: position))
    let dcTables = try scan.members.map { (member) throws(InterchangeError) in
      let isNeeded = scan.first == 0 && scan.highBit == 0
      return try table(
        self.dcTables, member.dcTable, standard: JPEGHuffmanTable.standardDC, isNeeded: isNeeded)
    }
    let acTables = try scan.members.map { (member) throws(InterchangeError) in
      try table(
        self.acTables, member.acTable, standard: JPEGHuffmanTable.standardAC,
        isNeeded: scan.last > 0)
    }
    if frame.isProgressive {
      try coefficients.withUnsafeMutableBufferPointer { (memory) throws(InterchangeError) in
        try reader.readProgressive(into: memory, dcTables: dcTables, acTables: acTables)
      }
    } else {
      try samples.withUnsafeMutableBufferPointer { (memory) throws(InterchangeError) in
        try reader.readBaseline(
          into: memory, quantization: tables, dcTables: dcTables, acTables: acTables)
      }
    }
    position = reader.bits.position
    isCutShort = isCutShort || reader.isCutShort
  }

  private func table(
    _ tables: [JPEGHuffmanTable?], _ number: Int, standard: [Int: JPEGHuffmanTable],
    isNeeded: Bool
  ) throws(InterchangeError) -> JPEGHuffmanTable {
    if let table = tables[number] { return table }
    // The frames of a Motion JPEG leave out the tables that everybody uses.
    if frame?.isProgressive == false, let table = standard[number] { return table }
    guard !isNeeded, let empty = JPEGHuffmanTable.empty else {
      throw InterchangeError("the JPEG lacks its Huffman table \(number)")
    }
    return empty
  }

  /// Checks that a progressive scan brings the bits that come next.
  private mutating func recordProgress(of scan: JPEGScan) throws(InterchangeError) {
    for member in scan.members {
      for coefficient in scan.first...scan.last {
        let before = progress[member.component][coefficient]
        guard scan.highBit == 0 ? before == nil : before == scan.highBit else {
          throw JPEGScanReader.damaged("its scans repeat or leave out bits")
        }
        progress[member.component][coefficient] = scan.lowBit
      }
    }
  }
}

extension JPEGHuffmanTable {
  /// A table without codes, for scans that use none.
  fileprivate static let empty = JPEGHuffmanTable(
    counts: [Int](repeating: 0, count: 16), symbols: [])
}
