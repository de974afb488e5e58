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
    appendChunk("IHDR", bigEndian(width) + bigEndian(height) + [8, colorType, 0, 0, 0], to: &bytes)
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
    bytes += bigEndian(content.count)
    let start = bytes.count
    bytes += Array(type.utf8)
    bytes.append(contentsOf: content)
    let checksum = bytes[start...].withUnsafeBufferPointer { CRC32.of($0) }
    bytes += bigEndian(Int(checksum))
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
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
