/// Decompression of deflate data (RFC 1951), bare or in a zlib wrapper (RFC 1950).
///
/// The caller says how much may come out, so that a small hostile file can't fill the memory.
package enum Inflate {
  /// The content of a zlib stream of at most `limit` bytes; its checksum is verified.
  package static func zlib(
    _ bytes: UnsafeBufferPointer<UInt8>, limit: Int
  ) throws(InterchangeError) -> [UInt8] {
    var output = InflateOutput(expecting: 4 * min(bytes.count, limit), limit: limit)
    try zlib(bytes, into: &output)
    return Array(output.bytes)
  }

  /// Fills `memory` with the content of a zlib stream; returns the number of bytes.
  package static func zlib(
    _ bytes: UnsafeBufferPointer<UInt8>, into memory: UnsafeMutableBufferPointer<UInt8>
  ) throws(InterchangeError) -> Int {
    let spare = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    defer { spare.deallocate() }
    var output = InflateOutput(memory, orElse: spare)
    try zlib(bytes, into: &output)
    return output.count
  }

  /// The content of bare deflate data, as in zip files, of at most `limit` bytes.
  package static func raw(
    _ bytes: UnsafeBufferPointer<UInt8>, limit: Int
  ) throws(InterchangeError) -> [UInt8] {
    var output = InflateOutput(expecting: 4 * min(bytes.count, limit), limit: limit)
    var reader = BitReader(bytes)
    try blocks(of: &reader, into: &output)
    return Array(output.bytes)
  }

  /// Fills `memory` with the content of bare deflate data; returns the number of bytes.
  package static func raw(
    _ bytes: UnsafeBufferPointer<UInt8>, into memory: UnsafeMutableBufferPointer<UInt8>
  ) throws(InterchangeError) -> Int {
    let spare = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    defer { spare.deallocate() }
    var output = InflateOutput(memory, orElse: spare)
    var reader = BitReader(bytes)
    try blocks(of: &reader, into: &output)
    return output.count
  }

  private static func zlib(
    _ bytes: UnsafeBufferPointer<UInt8>, into output: inout InflateOutput
  ) throws(InterchangeError) {
    guard bytes.count >= 2 else {
      throw InterchangeError("the compressed data ends in its first two bytes")
    }
    let method = Int(bytes[0])
    let flags = Int(bytes[1])
    guard method & 15 == 8, method >> 4 <= 7, (method << 8 | flags) % 31 == 0 else {
      throw InterchangeError("the compressed data does not begin as zlib data")
    }
    guard flags & 32 == 0 else {
      throw InterchangeError("the compressed data needs a preset dictionary, which is not read")
    }
    var reader = BitReader(UnsafeBufferPointer(rebasing: bytes[2...]))
    try blocks(of: &reader, into: &output)

    let computed = Adler32.of(output.bytes)
    try reader.alignedBytes { (rest) throws(InterchangeError) -> Int in
      guard rest.count >= 4 else { throw truncated }
      let stated = rest[..<4].reduce(0) { $0 << 8 | UInt32($1) }
      guard stated == computed else {
        throw InterchangeError(
          "the compressed data is damaged: its checksum is \(computed), but it states \(stated)")
      }
      return 4
    }
  }

  static let truncated = InterchangeError("the compressed data ends before its last block")
}
