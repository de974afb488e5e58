internal import Interchange
internal import Tensors

/// Reads `.npz` files: a zip of `.npy` arrays, as `numpy.savez` and `savez_compressed` write them.
enum NPZReader {
  static func read(_ zip: ZipReader) throws -> WeightFile {
    var entries: [WeightEntry] = []
    var unread: [UnreadTensor] = []
    for member in zip.members {
      let shown = member.name.printable
      guard member.name.hasSuffix(".npy") else {
        throw InterchangeError("the member \(shown) is no .npy array, as all of an .npz must be")
      }
      do {
        entries.append(try entry(member, of: zip))
      } catch let error as InterchangeError where error.isUnreadKind {
        unread.append(
          UnreadTensor(name: String(member.name.dropLast(4)), reason: "is not read: \(error)"))
      } catch let error as InterchangeError {
        throw InterchangeError("of the member \(shown), \(error.description)")
      }
    }
    return try WeightFile(path: zip.file.path, format: .npz, entries: entries, unread: unread)
  }

  private static func entry(_ member: ZipMember, of zip: ZipReader) throws -> WeightEntry {
    let header = try zip.file.withBytes { (bytes) throws in
      let stored = bytes[member.data]
      guard member.isDeflated else {
        return try NPYHeader(UnsafeRawBufferPointer(rebasing: stored), total: member.size)
      }
      let beginning = Inflate.rawPrefix(stored.asBytes, needed: NPYHeader.longest)
      return try beginning.withUnsafeBytes { (bytes) throws in
        try NPYHeader(bytes, total: member.size)
      }
    }
    return WeightEntry(
      name: String(member.name.dropLast(".npy".count)), origin: zip.file.path,
      block: zip.block(of: member), layout: header.layout, skipped: header.length,
      decoder: ElementDecoder(type: header.type, byteOrder: header.byteOrder))
  }
}

/// Writes `.npz` files: a zip of `f4` arrays, stored as `numpy.savez` does.
public enum NPZWriter {
  /// Writes the entries in their order; the file appears whole or not at all.
  ///
  /// - Throws: ``FileProblem/cannotWrite(_:)``, or ``InterchangeError`` if an entry's data is
  ///   damaged, two entries have one name, or the file would pass 4 GB.
  public static func write(_ entries: [WeightEntry], to path: String) throws {
    let file = try AtomicFile(replacing: path)
    var directory: [UInt8] = []
    var position = 0
    var names: Set<String> = []
    for entry in entries {
      guard names.insert(entry.name).inserted else {
        throw InterchangeError("two tensors cannot both be called \(entry.name.printable)")
      }
      let start = NPYWriter.header(format: "<f4", shape: entry.shape)
      let name = Array("\(entry.name).npy".utf8)
      let size = start.count + entry.shape.count * MemoryLayout<Float>.size
      guard name.count <= 0xFFFF, position + size + name.count <= 0xFFFF_0000,
        names.count < 0xFFFF
      else {
        throw InterchangeError(
          "\(path) would need more than an .npz without extensions holds (4 GB); "
            + "use .safetensors")
      }
      try entry.withUnsafeFloats { floats in
        try withLittleEndianBytes(of: floats) { data in
          let checksum = CRC32.of(data[...].asBytes, after: CRC32.of(start))
          let common = record(checksum: checksum, size: size, name: name)
          try file.append([0x50, 0x4B, 3, 4, 20, 0] + common + [0, 0] + name + start)
          try file.append(data)
          // No extra field, no comment, the first disk, no attributes but those of Unix.
          directory += [0x50, 0x4B, 1, 2, 20, 3, 20, 0] + common + [0, 0, 0, 0, 0, 0, 0, 0]
          directory += (UInt32(0o100644) << 16).littleEndianBytes
          directory += UInt32(position).littleEndianBytes + name
        }
      }
      entry.release()
      position += 30 + name.count + size
    }
    let count = UInt16(entries.count).littleEndianBytes
    try file.append(directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count)
    try file.append(UInt32(directory.count).littleEndianBytes)
    try file.append(UInt32(position).littleEndianBytes + [0, 0])
    try file.commit()
  }

  /// The fields that the local header and the directory share: from the flags (UTF-8 names, no
  /// compression, the first day of 1980) to the name's length.
  private static func record(checksum: UInt32, size: Int, name: [UInt8]) -> [UInt8] {
    let size = UInt32(size).littleEndianBytes
    return (UInt16(1) << 11).littleEndianBytes + [0, 0, 0, 0, 0x21, 0]
      + checksum.littleEndianBytes + size + size + UInt16(name.count).littleEndianBytes
  }
}
