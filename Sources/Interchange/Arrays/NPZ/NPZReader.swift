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
      let beginning = Inflate.rawPrefix(stored.asBytes, limit: 70_000)
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
