/// Walks through the blocks of a scan in the order of its data, and through its restart markers.
struct JPEGScanReader {
  let frame: JPEGFrame
  let scan: JPEGScan
  let restartInterval: Int
  var bits: JPEGBitReader
  /// The last mean value of each component of the scan.
  private var predictions: [Int32]
  /// How many more blocks have nothing left (progressive).
  var emptyBlocks = 0
  /// Whether blocks are missing: their data ended early, at a marker.
  private(set) var isCutShort = false
  /// Whether the data has ended, up to the next restart marker; blocks stay as they are.
  private var isOutOfData = false

  init(frame: JPEGFrame, scan: JPEGScan, restartInterval: Int, bits: JPEGBitReader) {
    self.frame = frame
    self.scan = scan
    self.restartInterval = restartInterval
    self.bits = bits
    predictions = [Int32](repeating: 0, count: scan.members.count)
  }

  /// Calls `body` with each block: the place of its component in the scan, and the block's row
  /// and column in the component. A scan of one component has no filling at the edges; blocks that
  /// a first scan of a progressive file leaves empty are passed over, and so are those that are
  /// missing.
  @inline(__always)
  mutating func eachBlock(
    _ body: (inout JPEGScanReader, Int, Int, Int) throws(InterchangeError) -> Void
  ) throws(InterchangeError) {
    let only = frame.components[scan.members[0].component]
    let isSingle = scan.members.count == 1
    let groupsDown = isSingle ? only.blocksDown : frame.groupsDown
    let groupsAcross = isSingle ? only.blocksAcross : frame.groupsAcross
    let sizes = scan.members.map { member in
      let component = frame.components[member.component]
      return isSingle ? (across: 1, down: 1) : (across: component.across, down: component.down)
    }
    let mayPassOver = isSingle && scan.first > 0 && scan.highBit == 0
    var untilRestart = restartInterval
    var restart = 0
    for groupRow in 0..<groupsDown {
      var groupColumn = 0
      while groupColumn < groupsAcross {
        if restartInterval > 0, untilRestart == 0 {
          try passRestart(restart)
          restart = (restart + 1) & 7
          untilRestart = restartInterval
        }
        if mayPassOver, emptyBlocks > 0 {
          let most = restartInterval > 0 ? untilRestart : groupsAcross
          let count = min(emptyBlocks, groupsAcross - groupColumn, most)
          emptyBlocks -= count
          untilRestart -= count
          groupColumn += count
          continue
        }
        if !isOutOfData {
          for (place, size) in sizes.enumerated() {
            for row in 0..<size.down {
              for column in 0..<size.across {
                try body(
                  &self, place, groupRow &* size.down &+ row, groupColumn &* size.across &+ column)
              }
            }
          }
          if bits.isExhausted { try endData() }
        }
        untilRestart &-= 1
        groupColumn &+= 1
      }
    }
  }

  private mutating func endData() throws(InterchangeError) {
    guard bits.isAtMarker else { throw Self.truncated }
    isOutOfData = true
    isCutShort = true
  }

  private mutating func passRestart(_ number: Int) throws(InterchangeError) {
    if try bits.passRestart(number) {
      isOutOfData = false
    } else {
      isCutShort = true
    }
    for place in predictions.indices { predictions[place] = 0 }
    emptyBlocks = 0
  }

  /// The next mean value of a component: the one before it plus the difference in the data.
  @inline(__always)
  mutating func meanValue(
    _ place: Int, _ table: JPEGHuffmanTable.Codes
  ) throws(InterchangeError) -> Int32 {
    bits.refill()
    let size = try bits.symbol(table)
    guard size <= 15 else { throw Self.impossible }
    predictions[place] = predictions[place] &+ bits.signed(size)
    return predictions[place]
  }

  static let truncated = InterchangeError("the JPEG ends in the middle of its picture")
  static let impossible = damaged("a block has impossible numbers")

  static func damaged(_ how: String) -> InterchangeError {
    InterchangeError(
      "the JPEG is damaged: \(how); if another program opens it, save it again from there")
  }
}

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
    let (dc, ac) = (dcTables.map(\.codes), acTables.map(\.codes))
    defer { withExtendedLifetime((dcTables, acTables)) {} }
    try steps.withUnsafeBufferPointer { (steps) throws(InterchangeError) in
      try JPEGOrder.natural.withUnsafeBufferPointer { (order) throws(InterchangeError) in
        guard let steps = steps.baseAddress, let order = order.baseAddress else { return }
        try eachBlock { (reader, place, row, column) throws(InterchangeError) in
          let stride = components[place].stride
          let offset = components[place].firstSample &+ 8 &* (row &* stride &+ column)
          let output = samples + offset
          block[0] = Int16(truncatingIfNeeded: try reader.meanValue(place, dc[place]))
          if try reader.bits.readBlock(block, ac[place], order) {
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

extension JPEGBitReader {
  /// Reads the coefficients after the first into a block of zeros; true if there are none.
  @inline(__always)
  fileprivate mutating func readBlock(
    _ block: UnsafeMutablePointer<Int16>, _ table: JPEGHuffmanTable.Codes,
    _ order: UnsafePointer<Int>
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

extension JPEGScanReader {
  /// Reads one scan of a progressive file: a few coefficients, or one more bit of them.
  mutating func readProgressive(
    into coefficients: UnsafeMutableBufferPointer<Int16>, dcTables: [JPEGHuffmanTable],
    acTables: [JPEGHuffmanTable]
  ) throws(InterchangeError) {
    guard let coefficients = coefficients.baseAddress else { return }
    let components = scan.members.map { frame.components[$0.component] }
    let scan = scan
    let (dc, ac) = (dcTables.map(\.codes), acTables.map(\.codes))
    defer { withExtendedLifetime((dcTables, acTables)) {} }
    try JPEGOrder.natural.withUnsafeBufferPointer { (order) throws(InterchangeError) in
      guard let order = order.baseAddress else { return }
      try eachBlock { (reader, place, row, column) throws(InterchangeError) in
        let number = components[place].firstBlock &+ row &* components[place].paddedAcross
        let block = coefficients + 64 &* (number &+ column)
        switch (scan.first == 0, scan.highBit == 0) {
        case (true, true):
          let value = try reader.meanValue(place, dc[place])
          block[0] = Int16(truncatingIfNeeded: value &<< Int32(scan.lowBit))
        case (true, false):
          if reader.bits.bit() { block[0] |= 1 &<< Int16(scan.lowBit) }
        case (false, true): try reader.readFirst(block, ac[place], order)
        case (false, false): try reader.refine(block, ac[place], order)
        }
      }
    }
  }

  /// The highest bits of a block's coefficients `scan.first ... scan.last`.
  private mutating func readFirst(
    _ block: UnsafeMutablePointer<Int16>, _ table: JPEGHuffmanTable.Codes,
    _ order: UnsafePointer<Int>
  ) throws(InterchangeError) {
    var place = scan.first
    while place <= scan.last {
      bits.refill()
      let symbol = try bits.symbol(table)
      let (zeros, size) = (symbol &>> 4, symbol & 15)
      if size > 0 {
        place &+= zeros
        let value = bits.signed(size) &<< Int32(scan.lowBit)
        guard place <= scan.last || bits.isExhausted else { throw Self.impossible }
        block[order[min(place, 63)]] = Int16(truncatingIfNeeded: value)
        place &+= 1
      } else if zeros == 15 {
        place &+= 16
      } else {
        emptyBlocks = endRun(zeros) - 1
        return
      }
    }
  }

  /// One more bit of a block's coefficients `scan.first ... scan.last`: coefficients that are not
  /// zero get a correction bit as they are passed, and some zeros become ±1.
  private mutating func refine(
    _ block: UnsafeMutablePointer<Int16>, _ table: JPEGHuffmanTable.Codes,
    _ order: UnsafePointer<Int>
  ) throws(InterchangeError) {
    let one = Int16(1) &<< Int16(scan.lowBit)
    var place = scan.first
    while emptyBlocks == 0, place <= scan.last {
      bits.refill()
      let symbol = try bits.symbol(table)
      var zeros = symbol &>> 4
      var value: Int16 = 0
      switch symbol & 15 {
      case 0:
        if zeros < 15 { emptyBlocks = endRun(zeros) }
      case 1: value = bits.take(1) == 1 ? one : 0 &- one
      default: guard bits.isExhausted else { throw Self.impossible }
      }
      if emptyBlocks > 0 { break }
      // Passes `zeros` zeros, and stops at the next one.
      while place <= scan.last {
        let target = block + order[place]
        if target.pointee != 0 {
          correct(target, one)
        } else if zeros == 0 {
          target.pointee = value
          place &+= 1
          break
        } else {
          zeros &-= 1
        }
        place &+= 1
      }
    }
    guard emptyBlocks > 0 else { return }
    while place <= scan.last {
      let target = block + order[place]
      if target.pointee != 0 { correct(target, one) }
      place &+= 1
    }
    emptyBlocks -= 1
  }

  /// Reads a correction bit: 1 moves the coefficient away from zero, once.
  private mutating func correct(_ target: UnsafeMutablePointer<Int16>, _ one: Int16) {
    guard bits.bit(), target.pointee & one == 0 else { return }
    target.pointee = target.pointee >= 0 ? target.pointee &+ one : target.pointee &- one
  }

  /// The number of blocks, this one included, that have nothing left: 2^size plus `size` bits.
  private mutating func endRun(_ size: Int) -> Int {
    size == 0 ? 1 : 1 << size + bits.take(size)
  }
}
