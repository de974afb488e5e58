/// Where a zip file's central directory lies, as its end says.
struct ZipDirectory {
  let range: Range<Int>
  /// The number of members.
  let count: Int

  init(_ bytes: UnsafeRawBufferPointer) throws {
    let end = try Self.endRecord(of: bytes)
    var cursor = ByteCursor(bytes, in: end + 8..<bytes.count, of: "the zip file's end")
    // This disk's entries, all entries, the directory's size and its offset.
    _ = try cursor.int(UInt16.self)
    var count = try cursor.int(UInt16.self)
    var size = try cursor.int(UInt32.self)
    var start = try cursor.int(UInt32.self)
    var limit = end
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
      if let wide = try Self.wideRecord(of: bytes, before: end) {
        (limit, count, size, start) = (wide.position, wide.count, wide.size, wide.start)
      }
    }
    guard start >= 0, size >= 0, start <= limit, size <= limit - start else {
      throw InterchangeError(
        "the zip directory should be \(size) bytes at byte \(start), which is not before byte "
          + "\(limit), where its end stands")
    }
    guard count <= size / 46 else {
      throw InterchangeError("\(count) members do not fit a zip directory of \(size) bytes")
    }
    range = start..<start + size
    self.count = count
  }

  /// The position of the record that ends the file: 22 bytes and a comment.
  private static func endRecord(of bytes: UnsafeRawBufferPointer) throws -> Int {
    var position = bytes.count - 22
    while position >= max(0, bytes.count - 22 - 0xFFFF) {
      if bytes[position] == 0x50,
        bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self).littleEndian == 0x0605_4B50,
        position + 22 + Int(bytes[position + 20]) + Int(bytes[position + 21]) << 8 == bytes.count
      {
        return position
      }
      position -= 1
    }
    throw InterchangeError("the zip file has no end record; it may be cut off")
  }

  /// The zip64 record, found by the locator just before the end record.
  private static func wideRecord(of bytes: UnsafeRawBufferPointer, before end: Int) throws
    -> (position: Int, count: Int, size: Int, start: Int)?
  {
    guard end >= 20 else { return nil }
    var locator = ByteCursor(bytes, in: end - 20..<end, of: "the zip64 locator")
    guard try locator.integer(UInt32.self) == 0x0706_4B50 else { return nil }
    _ = try locator.take(4)
    let position = try locator.int(UInt64.self)
    guard position >= 0, position <= end - 20 else {
      throw InterchangeError(
        "the zip64 record should be at byte \(position), beyond the file's end")
    }
    var record = ByteCursor(bytes, in: position..<end - 20, of: "the zip64 record")
    guard try record.integer(UInt32.self) == 0x0606_4B50 else {
      throw InterchangeError("there is no zip64 record at byte \(position)")
    }
    _ = try record.take(8 + 2 + 2 + 4 + 4 + 8)
    return (
      position, try record.int(UInt64.self), try record.int(UInt64.self),
      try record.int(UInt64.self)
    )
  }
}
