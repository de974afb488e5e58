/// A PNG's header, palette and rows, decompressed and unfiltered but still as stored.
struct PNGContent {
  let header: PNGHeader
  private(set) var palette: [RGB] = []
  /// For each pass, row by row: the filter byte, then the packed samples.
  private(set) var rows: [UInt8] = []

  init(_ bytes: [UInt8], maximumPixels: Int) throws(InterchangeError) {
    var chunks = PNGChunks(bytes)
    let first = try chunks.next()
    guard first.type != "CgBI" else {
      throw InterchangeError(
        "the PNG is of the kind that only Apple's devices read (CgBI); make it a common one with "
          + "pngcrush -revert-iphone-optimizations OLD.png NEW.png, or save it from Preview")
    }
    guard first.type == "IHDR" else {
      throw InterchangeError("the PNG begins with a chunk \(first.type); IHDR is expected")
    }
    header = try PNGHeader(bytes[first.range])
    try PictureSize.check(
      width: header.width, height: header.height, maximumPixels: maximumPixels)

    var data: [Range<Int>] = []
    // Once there is data, it tells whether the picture is whole, not what comes behind it.
    var ending: InterchangeError?
    while true {
      let chunk: PNGChunks.Chunk
      do throws(InterchangeError) {
        chunk = try chunks.next()
      } catch {
        guard !data.isEmpty else { throw error }
        ending = error
        break
      }
      if chunk.type == "IEND" { break }
      switch chunk.type {
      case "PLTE":
        guard palette.isEmpty, chunk.range.count % 3 == 0, (3...768).contains(chunk.range.count)
        else {
          throw InterchangeError(
            "the PNG's palette has \(chunk.range.count) bytes; one palette of 3 to 768 bytes, a "
              + "multiple of 3, is expected")
        }
        palette = stride(from: chunk.range.lowerBound, to: chunk.range.upperBound, by: 3).map {
          RGB(bytes[$0], bytes[$0 + 1], bytes[$0 + 2])
        }
      case "IDAT": data.append(chunk.range)
      case let type where chunk.isCritical:
        throw InterchangeError("the PNG has a chunk \(type), which is not known but critical")
      default: break
      }
    }
    guard header.colorType != .indexed || !palette.isEmpty else {
      throw InterchangeError("the PNG is indexed but has no palette")
    }
    do throws(InterchangeError) {
      rows = try Self.inflated(bytes, data, header: header)
    } catch {
      throw ending ?? error
    }
    try unfilter()
  }

  /// The decompressed data, as much as the header implies; programs that put more behind it exist.
  private static func inflated(
    _ bytes: [UInt8], _ ranges: [Range<Int>], header: PNGHeader
  ) throws(InterchangeError) -> [UInt8] {
    let expected = header.passes.reduce(0) {
      $0 + $1.height * (1 + header.rowBytes(width: $1.width))
    }
    let available = ranges.reduce(0) { $0 + $1.count }
    guard expected / DeflateFormat.greatestRatio <= available else {
      throw InterchangeError(
        "the PNG's \(available) bytes of compressed data can't hold the \(expected) bytes of its rows"
      )
    }
    var compressed: [UInt8] = []
    if ranges.count > 1 {
      compressed.reserveCapacity(available)
      for range in ranges { compressed.append(contentsOf: bytes[range]) }
    }
    let whole = ranges.count > 1 ? compressed[...] : bytes[ranges.first ?? 0..<0]

    var failure: InterchangeError?
    let capacity = expected + Inflate.longestStep
    let rows = [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
      count = 0
      let window = UnsafeMutableBufferPointer(rebasing: memory[..<capacity])
      whole.withUnsafeBufferPointer { bytes in
        do throws(InterchangeError) {
          count = min(try Inflate.zlib(bytes, into: window, needed: expected), expected)
        } catch {
          failure = error
        }
      }
    }
    if let failure {
      throw InterchangeError(
        "the PNG is damaged: \(failure); if another program opens it, save it again from there")
    }
    guard rows.count == expected else {
      throw InterchangeError(
        "the PNG's compressed data holds \(rows.count) bytes; its rows have \(expected)")
    }
    return rows
  }

  /// Undoes the filters of all rows.
  private mutating func unfilter() throws(InterchangeError) {
    let header = header
    try rows.withUnsafeMutableBufferPointer { (rows) throws(InterchangeError) in
      var start = 0
      for pass in header.passes {
        let rowBytes = header.rowBytes(width: pass.width)
        var above: UnsafeMutableBufferPointer<UInt8>?
        for _ in 0..<pass.height {
          let filter = rows[start]
          let row = UnsafeMutableBufferPointer(rebasing: rows[(start + 1)...].prefix(rowBytes))
          try PNGFilter.undo(filter, row, above: above, bytesPerPixel: header.bytesPerPixel)
          above = row
          start += 1 + rowBytes
        }
      }
    }
  }
}
