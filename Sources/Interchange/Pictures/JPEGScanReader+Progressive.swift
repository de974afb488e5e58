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
