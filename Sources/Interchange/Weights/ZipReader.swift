internal import Interchange

/// The members of a zip file, by its central directory; stored or deflated, with or without zip64.
///
/// Every length is checked against the file, and no two members may share bytes: this is what makes
/// the worst zip bombs.
struct ZipReader {
  let file: FileContents
  let members: [ZipMember]

  /// What every zip file with members begins with.
  static let magic: [UInt8] = [0x50, 0x4B, 3, 4]

  init(_ file: FileContents) throws {
    self.file = file
    members = try file.withBytes { (bytes) throws in
      let directory = try ZipDirectory(bytes)
      var members: [ZipMember] = []
      var names: Set<String> = []
      var cursor = ByteCursor(bytes, in: directory.range, of: "the zip directory")
      while cursor.rest > 0 {
        let member = try ZipMember(directory: &cursor, limit: directory.range.lowerBound)
        guard names.insert(member.name).inserted else {
          throw InterchangeError("the zip file has two members called \(member.name.printable)")
        }
        members.append(member)
      }
      guard members.count == directory.count else {
        throw InterchangeError(
          "the zip directory has \(members.count) members, and its end says \(directory.count)")
      }
      try Self.refuseOverlaps(members)
      return members
    }
  }

  /// The member's bytes, inflated when they are asked for.
  ///
  /// - Parameter zeroMeansUnknown: whether a stated CRC-32 of 0 is no checksum at all.
  func block(of member: ZipMember, zeroMeansUnknown: Bool = false) -> ByteBlock {
    let checksum = zeroMeansUnknown && member.checksum == 0 ? nil : member.checksum
    return member.isDeflated
      ? ByteBlock(.deflated(file, member.data, size: member.size), checksum: checksum)
      : ByteBlock(.stored(file, member.data), checksum: checksum)
  }

  private static func refuseOverlaps(_ members: [ZipMember]) throws {
    let ordered = members.sorted { $0.header < $1.header }
    for (member, next) in zip(ordered, ordered.dropFirst())
    where member.data.upperBound > next.header {
      throw InterchangeError(
        "the zip members \(member.name.printable) and \(next.name.printable) overlap")
    }
  }
}

/// Where a zip file's central directory lies, as its end says.
struct ZipDirectory {
  let range: Range<Int>
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

/// One member of a zip file; its bytes are known to lie in the file.
struct ZipMember: Sendable {
  let name: String
  let isDeflated: Bool
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
