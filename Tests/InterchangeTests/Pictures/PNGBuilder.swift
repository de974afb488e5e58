internal import Interchange

/// PNG files put together by hand, right or wrong, with right checksums.
enum PNGBuilder {
  static func head(_ width: Int, _ height: Int, depth: UInt8, colorType: UInt8) -> [UInt8] {
    bigEndian(width) + bigEndian(height) + [depth, colorType, 0, 0, 0]
  }

  static func file(head: [UInt8], data: [UInt8], palette: [UInt8] = []) -> [UInt8] {
    signature + chunk("IHDR", head) + (palette.isEmpty ? [] : chunk("PLTE", palette))
      + chunk("IDAT", data) + chunk("IEND", [])
  }

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    return bigEndian(content.count) + body + bigEndian(Int(CRC32.of(body)))
  }

  static func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// The file with the checksum of every chunk made right, as far as its lengths lead.
  static func withRightChecksums(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var start = 8
    while start + 12 <= bytes.count {
      let length = bytes[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - start - 12 else { break }
      let end = start + 8 + length
      let checksum = CRC32.of(Array(bytes[(start + 4)..<end]))
      bytes.replaceSubrange(end..<(end + 4), with: bigEndian(Int(checksum)))
      start = end + 4
    }
    return bytes
  }
}
