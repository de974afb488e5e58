/// One member of a zip file; its bytes are known to lie in the file.
struct ZipMember: Sendable {
  let name: String
  let isDeflated: Bool
  /// The CRC-32 of the content.
  let checksum: UInt32
  /// Where the member begins: its local header.
  let header: Int
  /// The bytes as stored.
  let data: Range<Int>
  /// The number of bytes of the content.
  let size: Int

  /// Reads the next entry of the central directory.
  ///
  /// - Parameter limit: where the directory begins; all members lie before.
  init(directory cursor: inout ByteCursor, limit: Int) throws {
    guard try cursor.integer(UInt32.self) == 0x0201_4B50 else {
      throw InterchangeError("the zip directory is damaged at byte \(cursor.position - 4)")
    }
    _ = try cursor.take(4)
    let flags = try cursor.int(UInt16.self)
    let method = try cursor.int(UInt16.self)
    _ = try cursor.take(4)
    checksum = try cursor.integer(UInt32.self)
    var stored = try cursor.int(UInt32.self)
    var size = try cursor.int(UInt32.self)
    let nameLength = try cursor.int(UInt16.self)
    let extraLength = try cursor.int(UInt16.self)
    let commentLength = try cursor.int(UInt16.self)
    _ = try cursor.take(8)
    var header = try cursor.int(UInt32.self)
    name = String(decoding: cursor.bytes[try cursor.take(nameLength)], as: UTF8.self)
    let extra = ByteCursor(
      cursor.bytes, in: try cursor.take(extraLength), of: "the zip directory's extra field")
    _ = try cursor.take(commentLength)
    try Self.widen(extra, &size, &stored, &header)

    let shown = name.printable
    guard flags & 1 == 0 else { throw InterchangeError("the zip member \(shown) is encrypted") }
    guard method == 0 || method == 8 else {
      throw InterchangeError(
        "the zip member \(shown) uses compression method \(method), expected 0 (none) or 8 (deflate)"
      )
    }
    isDeflated = method == 8
    guard stored >= 0, size >= 0, header >= 0, header <= limit - 30 else {
      throw InterchangeError("the zip member \(shown) lies outside of the file")
    }
    guard isDeflated || stored == size else {
      throw InterchangeError(
        "the zip member \(shown) is stored in \(stored) bytes, but should have \(size)")
    }
    // A byte of deflate data stands for at most 1032 bytes.
    guard size / DeflateFormat.greatestRatio <= stored else {
      throw InterchangeError(
        "the zip member \(shown) claims \(size) bytes from \(stored), more than deflate can hold")
    }
    // It is inflated as a whole when it is read, so a small file may not become a large block of memory.
    let most = max(Self.smallSize, 4 * limit)
    guard !isDeflated || size <= most else {
      throw InterchangeError(
        "the zip member \(shown) inflates to \(size) bytes, more than \(most), four times the file; "
          + "save it without compression, as numpy.savez does")
    }
    data = try Self.data(cursor.bytes, at: header, stored: stored, limit: limit, name: shown)
    self.header = header
    self.size = size
  }

  /// Bytes that any member may inflate to: 16 MB.
  private static let smallSize = 1 << 24

  /// Replaces each number that did not fit 32 bits by the one in the zip64 extra field.
  private static func widen(
    _ extra: ByteCursor, _ size: inout Int, _ stored: inout Int, _ header: inout Int
  ) throws {
    let missing = 0xFFFF_FFFF
    guard size == missing || stored == missing || header == missing else { return }
    var extra = extra
    while extra.rest >= 4 {
      let kind = try extra.int(UInt16.self)
      let content = try extra.take(try extra.int(UInt16.self))
      guard kind == 1 else { continue }
      var wide = ByteCursor(extra.bytes, in: content, of: "the zip64 extra field")
      if size == missing { size = try wide.int(UInt64.self) }
      if stored == missing { stored = try wide.int(UInt64.self) }
      if header == missing { header = try wide.int(UInt64.self) }
      return
    }
  }

  /// Where the data begins is told only by the local header, whose extra field may differ.
  private static func data(
    _ bytes: UnsafeRawBufferPointer, at header: Int, stored: Int, limit: Int, name: String
  ) throws -> Range<Int> {
    var local = ByteCursor(bytes, in: header..<limit, of: "the zip member \(name)")
    guard try local.integer(UInt32.self) == 0x0403_4B50 else {
      throw InterchangeError("the zip member \(name) does not begin at byte \(header) as stated")
    }
    _ = try local.take(22)
    let nameLength = try local.int(UInt16.self)
    let extraLength = try local.int(UInt16.self)
    _ = try local.take(nameLength + extraLength)
    return try local.take(stored)
  }
}
