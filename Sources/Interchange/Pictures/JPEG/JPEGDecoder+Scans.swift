extension JPEGDecoder {
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
