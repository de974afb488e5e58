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
    _ place: Int, _ table: JPEGTablePointers
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

extension JPEGHuffmanTable {
  /// Calls `body` with the arrays of several tables.
  static func withPointers<Result>(
    _ tables: [JPEGHuffmanTable],
    _ body: ([JPEGTablePointers]) throws(InterchangeError) -> Result
  ) throws(InterchangeError) -> Result {
    try collect(tables[...], [], body)
  }

  private static func collect<Result>(
    _ rest: ArraySlice<JPEGHuffmanTable>, _ pointers: [JPEGTablePointers],
    _ body: ([JPEGTablePointers]) throws(InterchangeError) -> Result
  ) throws(InterchangeError) -> Result {
    guard let table = rest.first else { return try body(pointers) }
    return try table.lookup.withUnsafeBufferPointer { (lookup) throws(InterchangeError) in
      try table.ends.withUnsafeBufferPointer { (ends) throws(InterchangeError) in
        try table.offsets.withUnsafeBufferPointer { (offsets) throws(InterchangeError) in
          try table.symbols.withUnsafeBufferPointer { (symbols) throws(InterchangeError) in
            guard let lookup = lookup.baseAddress, let ends = ends.baseAddress,
              let offsets = offsets.baseAddress, let symbols = symbols.baseAddress
            else { preconditionFailure("the arrays of a table are never empty") }
            let pointer = JPEGTablePointers(
              lookup: lookup, ends: ends, offsets: offsets, symbols: symbols)
            return try collect(rest.dropFirst(), pointers + [pointer], body)
          }
        }
      }
    }
  }
}
