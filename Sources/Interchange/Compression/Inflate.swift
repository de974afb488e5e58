/// Decompression of deflate data (RFC 1951), bare or in a zlib wrapper (RFC 1950).
///
/// The caller says how much may come out, so that a small hostile file can't fill the memory.
package enum Inflate {
  /// The content of a zlib stream of at most `limit` bytes; its checksum is verified.
  package static func zlib(
    _ bytes: UnsafeBufferPointer<UInt8>, limit: Int
  ) throws(InterchangeError) -> [UInt8] {
    var output = InflateOutput(expecting: 4 * min(bytes.count, limit), limit: limit)
    var reader = try zlibReader(bytes)
    try blocks(of: &reader, into: &output)
    try checkSum(&reader, of: output.bytes, isOptional: false)
    return Array(output.bytes)
  }

  /// What no step of inflating writes more than: a stored block.
  package static let longestStep = 1 << 16

  /// Fills `memory` with the content of a zlib stream of which the first `needed` bytes count: what comes
  /// behind them may be anything, or nothing. Returns the number of bytes.
  ///
  /// - Parameter memory: `needed` and ``longestStep`` bytes.
  package static func zlib(
    _ bytes: UnsafeBufferPointer<UInt8>, into memory: UnsafeMutableBufferPointer<UInt8>,
    needed: Int
  ) throws(InterchangeError) -> Int {
    var output = InflateOutput(memory, orElse: memory.baseAddress!)
    var reader = try zlibReader(bytes)
    do throws(InterchangeError) {
      try blocks(of: &reader, into: &output)
    } catch {
      guard output.count >= needed else { throw error }
      return output.count
    }
    if output.count == needed { try checkSum(&reader, of: output.bytes, isOptional: true) }
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

  /// The bits behind the two bytes with which a zlib stream begins.
  private static func zlibReader(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) throws(InterchangeError) -> BitReader {
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
    return BitReader(UnsafeBufferPointer(rebasing: bytes[2...]))
  }

  private static func checkSum(
    _ reader: inout BitReader, of content: UnsafeBufferPointer<UInt8>, isOptional: Bool
  ) throws(InterchangeError) {
    let computed = Adler32.of(content)
    try reader.alignedBytes { (rest) throws(InterchangeError) -> Int in
      guard rest.count >= 4 else {
        if isOptional { return 0 }
        throw truncated
      }
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
