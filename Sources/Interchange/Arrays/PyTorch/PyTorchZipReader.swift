/// Reads what `torch.save` writes: a zip with `NAME/data.pkl` and the storages `NAME/data/KEY`.
enum PyTorchZipReader {
  /// The member that holds the pickle; `nil` if the zip is none of PyTorch's.
  static func pickle(of zip: ZipReader) -> ZipMember? {
    zip.members.first { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }
  }

  static func read(_ zip: ZipReader, pickle member: ZipMember) throws -> WeightFile {
    let folder = String(member.name.dropLast("data.pkl".count))
    let members = Dictionary(uniqueKeysWithValues: zip.members.map { ($0.name, $0) })
    let byteOrder = try byteOrder(of: zip, members["\(folder)byteorder"])
    let pickle = try zip.block(of: member, zeroMeansUnknown: true).withBytes { bytes in
      try PickleReader.read(bytes, in: 0..<bytes.count)
    }
    var blocks: [String: ByteBlock] = [:]
    let dict = try StateDict(pickle)
    let entries = try dict.tensors.map { name, tensor in
      let storage = tensor.storage
      guard let member = members["\(folder)data/\(storage.key)"] else {
        throw InterchangeError(
          "\(name.printable) has its data in the zip member data/\(storage.key.printable), "
            + "which is missing")
      }
      let (size, overflow) = storage.count.multipliedReportingOverflow(by: storage.type.byteCount)
      guard !overflow, size == member.size else {
        throw InterchangeError(
          "\(name.printable) has a storage of \(storage.count) elements of \(storage.type), and the "
            + "zip member data/\(storage.key.printable) has \(member.size) bytes")
      }
      let block = blocks[storage.key] ?? zip.block(of: member, zeroMeansUnknown: true)
      blocks[storage.key] = block
      return try tensor.entry(name, path: zip.file.path, block: block, byteOrder: byteOrder)
    }
    return try WeightFile(
      path: zip.file.path, format: .pytorchZip, entries: entries, unread: dict.unread)
  }

  private static func byteOrder(of zip: ZipReader, _ member: ZipMember?) throws -> ByteOrder {
    guard let member else { return .little }
    let text = try zip.block(of: member, zeroMeansUnknown: true).withBytes { bytes in
      String(decoding: bytes.prefix(16), as: UTF8.self)
    }
    switch text {
    case "little": return .little
    case "big": return .big
    default:
      throw InterchangeError("its byteorder is '\(text.printable)', expected little or big")
    }
  }
}
