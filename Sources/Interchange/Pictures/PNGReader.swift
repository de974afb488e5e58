/// Reads PNG files of every colour type, bit depth and interlacing.
enum PNGReader {
  /// The picture in RGB; transparency is dropped, samples of 16 bits keep their high byte.
  static func picture(_ bytes: [UInt8], maximumPixels: Int) throws(InterchangeError) -> Picture {
    let content = try PNGContent(bytes, maximumPixels: maximumPixels)
    return Picture(
      width: content.header.width, height: content.header.height, pixels: content.rgb())
  }

  /// The stored numbers of an indexed or grey picture; the labels that other colours stand for.
  static func labels(_ bytes: [UInt8], maximumPixels: Int) throws(InterchangeError) -> LabelMap {
    let content = try PNGContent(bytes, maximumPixels: maximumPixels)
    let (header, width, height) = (content.header, content.header.width, content.header.height)
    switch header.colorType {
    case .indexed: return LabelMap(width: width, height: height, labels: content.samples())
    case .grey where header.depth <= 8:
      return LabelMap(width: width, height: height, labels: content.samples())
    case .grey:
      return try LabelMap(width: width, height: height, numbers: content.wideSamples())
    case .greyAlpha, .rgb, .rgba:
      guard header.depth == 8 else {
        throw InterchangeError(
          "the PNG holds colours of 16 bits; labels are expected: an indexed or grey PNG, or colours "
            + "of 8 bits")
      }
      return try LabelMap(
        colors: Picture(width: width, height: height, pixels: content.rgb()))
    }
  }
}

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

  // MARK: Pixels

  /// Three bytes per pixel.
  func rgb() -> [UInt8] {
    switch header.colorType {
    case .grey:
      return spread { sample in
        let grey = sample &* scale
        return RGB(grey, grey, grey)
      }
    case .indexed:
      let colors = palette
      // Numbers behind the palette's end are black, as elsewhere.
      return spread { Int($0) < colors.count ? colors[Int($0)] : RGB(0, 0, 0) }
    case .greyAlpha: return wide(samples: 2) { RGB($0[0], $0[0], $0[0]) }
    case .rgb, .rgba:
      let second = header.depth / 8
      return wide(samples: header.samplesPerPixel) { RGB($0[0], $0[second], $0[2 * second]) }
    }
  }

  /// One stored number per pixel of an indexed or grey picture of at most 8 bits, not scaled.
  func samples() -> [UInt8] {
    var result = [UInt8](repeating: 0, count: header.width * header.height)
    result.withUnsafeMutableBufferPointer { result in
      eachSample { sample, index in result[index] = sample }
    }
    return result
  }

  /// One stored number per pixel of a grey picture of 16 bits.
  func wideSamples() -> [UInt16] {
    var result = [UInt16](repeating: 0, count: header.width * header.height)
    result.withUnsafeMutableBufferPointer { result in
      eachRow { row, pass, first in
        for column in 0..<pass.width {
          result[first &+ column &* pass.right] =
            UInt16(row[2 &* column]) << 8 | UInt16(row[2 &* column &+ 1])
        }
      }
    }
    return result
  }

  /// What a grey sample is multiplied with so that the largest becomes 255.
  private var scale: UInt8 { header.depth >= 8 ? 1 : UInt8(255 / (1 << header.depth - 1)) }

  /// The colour of each pixel from its single sample.
  private func spread(_ color: (UInt8) -> RGB) -> [UInt8] {
    // A table: there are at most 256 different samples.
    let colors = (0...255).map { sample in
      sample < 1 << min(header.depth, 8) ? color(UInt8(sample)) : RGB(0, 0, 0)
    }
    var result = [UInt8](repeating: 0, count: 3 * header.width * header.height)
    result.withUnsafeMutableBufferPointer { result in
      colors.withUnsafeBufferPointer { colors in
        eachSample { sample, index in
          let color = colors[Int(sample)]
          result[3 &* index] = color.red
          result[3 &* index &+ 1] = color.green
          result[3 &* index &+ 2] = color.blue
        }
      }
    }
    return result
  }

  /// Calls `body` with the only sample of each pixel (its high byte if it has two) and the pixel's
  /// number in the picture.
  @inline(__always)
  private func eachSample(_ body: (UInt8, Int) -> Void) {
    let depth = header.depth
    eachRow { row, pass, first in
      var index = first
      if depth >= 8 {
        let step = depth / 8
        for column in 0..<pass.width {
          body(row[column &* step], index)
          index &+= pass.right
        }
      } else {
        let mask = UInt8(1 << depth - 1)
        for column in 0..<pass.width {
          let bit = column &* depth
          body(row[bit >> 3] >> UInt8(8 &- depth &- bit & 7) & mask, index)
          index &+= pass.right
        }
      }
    }
  }

  /// The colour of each pixel of several samples of 8 or 16 bits.
  @inline(__always)
  private func wide(samples: Int, _ color: (UnsafePointer<UInt8>) -> RGB) -> [UInt8] {
    let step = samples * header.depth / 8
    var result = [UInt8](repeating: 0, count: 3 * header.width * header.height)
    result.withUnsafeMutableBufferPointer { result in
      eachRow { row, pass, first in
        var index = 3 &* first
        var source = row
        for _ in 0..<pass.width {
          let color = color(source)
          result[index] = color.red
          result[index &+ 1] = color.green
          result[index &+ 2] = color.blue
          index &+= 3 &* pass.right
          source += step
        }
      }
    }
    return result
  }

  /// Calls `body` with each row's packed samples, its pass, and the number of its first pixel.
  @inline(__always)
  private func eachRow(_ body: (UnsafePointer<UInt8>, PNGHeader.Pass, Int) -> Void) {
    rows.withUnsafeBufferPointer { rows in
      guard var row = rows.baseAddress else { return }
      for pass in header.passes {
        for j in 0..<pass.height {
          body(row + 1, pass, (pass.top + j * pass.down) * header.width + pass.left)
          row += 1 + header.rowBytes(width: pass.width)
        }
      }
    }
  }
}
