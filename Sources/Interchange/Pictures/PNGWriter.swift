/// Writes PNG files: colours, grey, or labels with a palette.
public enum PNGWriter {
  /// A colour PNG; each row gets the filter that leaves the smallest differences.
  public static func encode(_ picture: Picture) -> [UInt8] {
    let rows = filtered(picture.pixels, rowBytes: 3 * picture.width, bytesPerPixel: 3)
    return file(picture.width, picture.height, colorType: 2, rows: rows)
  }

  /// A grey PNG of `width * height` values.
  public static func encode(grey: [UInt8], width: Int, height: Int) -> [UInt8] {
    precondition(width > 0 && height > 0 && grey.count == width * height, "one value per pixel")
    let rows = filtered(grey, rowBytes: width, bytesPerPixel: 1)
    return file(width, height, colorType: 0, rows: rows)
  }

  /// An indexed PNG of 8 bits: its numbers are the labels, its palette shows them in colours.
  ///
  /// The whole palette is written, also colours that do not occur, as in VOC's own files: other
  /// programs add labels, such as 255, and find their colours there.
  public static func encode(
    _ map: LabelMap, palette: [RGB] = VOCPalette.colors
  ) -> [UInt8] {
    let largest = Int(map.labels.max() ?? 0)
    precondition(
      largest < palette.count && palette.count <= 256,
      "label \(largest) has no colour in the palette of \(palette.count)")
    var rows: [UInt8] = []
    rows.reserveCapacity((map.width + 1) * map.height)
    for start in stride(from: 0, to: map.labels.count, by: map.width) {
      rows.append(0)
      rows.append(contentsOf: map.labels[start..<(start + map.width)])
    }
    let colors = palette.flatMap { [$0.red, $0.green, $0.blue] }
    return file(map.width, map.height, colorType: 3, palette: colors, rows: rows)
  }

  private static func file(
    _ width: Int, _ height: Int, colorType: UInt8, palette: [UInt8] = [], rows: [UInt8]
  ) -> [UInt8] {
    precondition(max(width, height) < 1 << 31, "a PNG's side is below 2147483648")
    var bytes = PNGChunks.signature
    appendChunk(
      "IHDR",
      UInt32(width).bigEndianBytes + UInt32(height).bigEndianBytes + [8, colorType, 0, 0, 0],
      to: &bytes)
    if !palette.isEmpty { appendChunk("PLTE", palette, to: &bytes) }
    let data = Deflate.zlib(rows)
    // A chunk's length has 31 bits.
    for start in stride(from: 0, to: data.count, by: 1 << 30) {
      appendChunk("IDAT", data[start..<min(start + 1 << 30, data.count)], to: &bytes)
    }
    appendChunk("IEND", [], to: &bytes)
    return bytes
  }

  private static func appendChunk(
    _ type: String, _ content: some Collection<UInt8>, to bytes: inout [UInt8]
  ) {
    bytes += UInt32(content.count).bigEndianBytes
    let start = bytes.count
    bytes += Array(type.utf8)
    bytes.append(contentsOf: content)
    bytes += bytes[start...].withUnsafeBufferPointer { CRC32.of($0) }.bigEndianBytes
  }

  private static func filtered(_ bytes: [UInt8], rowBytes: Int, bytesPerPixel: Int) -> [UInt8] {
    var chooser = PNGFilterChooser(rowBytes: rowBytes, bytesPerPixel: bytesPerPixel)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / rowBytes)
    bytes.withUnsafeBufferPointer { bytes in
      for start in stride(from: 0, to: bytes.count, by: rowBytes) {
        let row = UnsafeBufferPointer(rebasing: bytes[start..<(start + rowBytes)])
        let above =
          start == 0 ? nil : UnsafeBufferPointer(rebasing: bytes[(start - rowBytes)..<start])
        chooser.append(row, above: above, to: &result)
      }
    }
    return result
  }
}

/// The five predictions of PNG rows: none, left, above, their average, Paeth's choice.
enum PNGFilter {
  /// Adds the prediction back to each byte of a row; before the first row, everything is 0.
  ///
  /// `above` has as many bytes as `row`.
  static func undo(
    _ filter: UInt8, _ row: UnsafeMutableBufferPointer<UInt8>,
    above: UnsafeMutableBufferPointer<UInt8>?, bytesPerPixel step: Int
  ) throws(InterchangeError) {
    let head = min(step, row.count)
    switch (filter, above) {
    case (0, _), (2, nil):
      break
    case (1, _), (4, nil):
      for i in head..<row.count { row[i] &+= row[i &- step] }
    case (2, let above?):
      for i in 0..<row.count { row[i] &+= above[i] }
    case (3, nil):
      for i in head..<row.count { row[i] &+= row[i &- step] >> 1 }
    case (3, let above?):
      for i in 0..<head { row[i] &+= above[i] >> 1 }
      for i in head..<row.count {
        let sum = UInt16(row[i &- step]) &+ UInt16(above[i])
        row[i] &+= UInt8(truncatingIfNeeded: sum >> 1)
      }
    case (4, let above?):
      for i in 0..<head { row[i] &+= above[i] }
      undoPaeth(row, above: above, step: step)
    default:
      throw InterchangeError("the PNG has a row with filter \(filter); filters are 0 to 4")
    }
  }

  private static func undoPaeth(
    _ row: UnsafeMutableBufferPointer<UInt8>, above: UnsafeMutableBufferPointer<UInt8>, step: Int
  ) {
    var i = step
    while i < row.count {
      row[i] &+= paeth(left: row[i &- step], above: above[i], corner: above[i &- step])
      i &+= 1
    }
  }

  /// Whichever of the three is nearest to left + above - corner, in this order.
  @inline(__always)
  static func paeth(left: UInt8, above: UInt8, corner: UInt8) -> UInt8 {
    let a = Int32(left)
    let b = Int32(above)
    let c = Int32(corner)
    let toLeft = abs(b &- c)
    let toAbove = abs(a &- c)
    let toCorner = abs(a &+ b &- c &- c)
    let side = toAbove < toLeft ? above : left
    return toCorner < min(toLeft, toAbove) ? corner : side
  }
}

/// Filters rows by the prediction that leaves the smallest sum of differences, a good guess of
/// what compresses best.
struct PNGFilterChooser {
  private let bytesPerPixel: Int
  private let zeros: [UInt8]
  private var candidates: [[UInt8]]

  init(rowBytes: Int, bytesPerPixel: Int) {
    self.bytesPerPixel = bytesPerPixel
    zeros = [UInt8](repeating: 0, count: rowBytes)
    candidates = (0...4).map { [UInt8($0)] + [UInt8](repeating: 0, count: rowBytes) }
  }

  /// Appends the filter byte and the filtered row; `above` has as many bytes as `row`.
  mutating func append(
    _ row: UnsafeBufferPointer<UInt8>, above: UnsafeBufferPointer<UInt8>?,
    to result: inout [UInt8]
  ) {
    if let above {
      filter(row, above)
    } else {
      zeros.withUnsafeBufferPointer { filter(row, $0) }
    }
    // The distance from 0 of each byte taken as a signed number.
    let sums = candidates.map { candidate in
      candidate.withUnsafeBufferPointer { bytes in
        var sum = 0
        for i in 1..<bytes.count { sum &+= Int(Int8(bitPattern: bytes[i]).magnitude) }
        return sum
      }
    }
    let best = sums.indices.min { sums[$0] < sums[$1] } ?? 0
    result.append(contentsOf: candidates[best])
  }

  private mutating func filter(
    _ row: UnsafeBufferPointer<UInt8>, _ above: UnsafeBufferPointer<UInt8>
  ) {
    predict(0, row, above) { _, _, _ in 0 }
    predict(1, row, above) { left, _, _ in left }
    predict(2, row, above) { _, above, _ in above }
    predict(3, row, above) { left, above, _ in
      UInt8(truncatingIfNeeded: (UInt16(left) &+ UInt16(above)) >> 1)
    }
    predict(4, row, above) { PNGFilter.paeth(left: $0, above: $1, corner: $2) }
  }

  /// Fills candidate `kind`; the prediction is made from the bytes to the left, above, and above
  /// the one to the left.
  @inline(__always)
  private mutating func predict(
    _ kind: Int, _ row: UnsafeBufferPointer<UInt8>, _ above: UnsafeBufferPointer<UInt8>,
    _ prediction: (UInt8, UInt8, UInt8) -> UInt8
  ) {
    let step = bytesPerPixel
    candidates[kind].withUnsafeMutableBufferPointer { output in
      for i in 0..<min(step, row.count) {
        output[i &+ 1] = row[i] &- prediction(0, above[i], 0)
      }
      var i = step
      while i < row.count {
        output[i &+ 1] = row[i] &- prediction(row[i &- step], above[i], above[i &- step])
        i &+= 1
      }
    }
  }
}
