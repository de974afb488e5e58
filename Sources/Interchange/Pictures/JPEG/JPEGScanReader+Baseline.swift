extension JPEGScanReader {
  /// Reads a sequential scan; each block goes through the inverse transform at once.
  mutating func readBaseline(
    into samples: UnsafeMutableBufferPointer<UInt8>, quantization: [[Int32]?],
    dcTables: [JPEGHuffmanTable], acTables: [JPEGHuffmanTable]
  ) throws(InterchangeError) {
    guard let samples = samples.baseAddress else { return }
    // For each component of the scan, its table in natural order.
    let steps = scan.members.flatMap { quantization[$0.component] ?? [] }
    guard steps.count == 64 * scan.members.count else { throw Self.impossible }
    let components = scan.members.map { frame.components[$0.component] }

    let block = UnsafeMutablePointer<Int16>.allocate(capacity: 64)
    block.initialize(repeating: 0, count: 64)
    let workspace = UnsafeMutablePointer<Int32>.allocate(capacity: 64)
    workspace.initialize(repeating: 0, count: 64)
    defer {
      block.deallocate()
      workspace.deallocate()
    }
    try JPEGHuffmanTable.withPointers(dcTables + acTables) { (tables) throws(InterchangeError) in
      try steps.withUnsafeBufferPointer { (steps) throws(InterchangeError) in
        try JPEGOrder.natural.withUnsafeBufferPointer { (order) throws(InterchangeError) in
          guard let steps = steps.baseAddress, let order = order.baseAddress else { return }
          let count = dcTables.count
          try eachBlock { (reader, place, row, column) throws(InterchangeError) in
            let stride = components[place].stride
            let offset = components[place].firstSample &+ 8 &* (row &* stride &+ column)
            let output = samples + offset
            block[0] = Int16(truncatingIfNeeded: try reader.meanValue(place, tables[place]))
            let isFlat = try reader.bits.readBlock(block, tables[count + place], order)
            if isFlat {
              JPEGTransform.constant(
                block[0], quantization: steps[64 &* place], into: output, stride: stride)
            } else {
              JPEGTransform.inverse(
                block, quantization: steps + 64 &* place, workspace: workspace, into: output,
                stride: stride)
              block.update(repeating: 0, count: 64)
            }
          }
        }
      }
    }
  }
}

extension JPEGBitReader {
  /// Reads the coefficients after the first into a block of zeros; true if there are none.
  @inline(__always)
  fileprivate mutating func readBlock(
    _ block: UnsafeMutablePointer<Int16>, _ table: JPEGTablePointers, _ order: UnsafePointer<Int>
  ) throws(InterchangeError) -> Bool {
    var place = 1
    var isFlat = true
    while place < 64 {
      refill()
      let symbol = try symbol(table)
      let size = symbol & 15
      if size == 0 {
        // 15 zeros and one more, or the end of the block.
        guard symbol == 0xF0 else { break }
        place &+= 16
        continue
      }
      place &+= symbol &>> 4
      let value = Int16(truncatingIfNeeded: signed(size))
      // Zeros from behind the end may lead anywhere.
      guard place < 64 || isExhausted else { throw JPEGScanReader.impossible }
      block[order[min(place, 63)]] = value
      isFlat = false
      place &+= 1
    }
    return isFlat
  }
}
