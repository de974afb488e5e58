internal import Interchange

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
      guard storage.type.bytes(of: storage.count) == member.size else {
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

/// Reads what `torch.save` wrote before version 1.6: five pickles, then each storage's length and
/// numbers.
enum PyTorchLegacyReader {
  static func read(_ file: FileContents) throws -> WeightFile {
    try file.withBytes { (bytes) throws in
      var position = 0
      func nextPickle() throws -> Pickle {
        let pickle = try PickleReader.read(bytes, in: position..<bytes.count)
        position = pickle.end
        return pickle
      }
      guard case .wideInt(0x1950, 0xA86A_20F9_469C_FC6C) = try nextPickle().root else {
        throw InterchangeError(
          "it is a pickle, but none that torch.save wrote; nothing in a file is executed here: load it "
            + "in Python, and save its arrays with numpy.savez('weights.npz', ...)")
      }
      guard case .int(1001) = try nextPickle().root else {
        throw InterchangeError("it has a version other than 1001, the only one of this format")
      }
      let byteOrder = try byteOrder(try nextPickle())
      let object = try nextPickle()
      let keys = try keys(try nextPickle())
      let blocks = try blocks(
        file, bytes, from: position, keys: keys, byteOrder: byteOrder,
        storages: Dictionary(object.storages.map { ($0.key, $0) }) { first, _ in first },
        unread: object.unreadStorages)
      let dict = try StateDict(object)
      let entries = try dict.tensors.map { name, tensor in
        let storage = tensor.storage
        guard let (block, found) = blocks[storage.key], found.count == storage.count,
          found.type == storage.type
        else {
          throw InterchangeError(
            "\(name.printable) has a storage of \(storage.count) elements of \(storage.type), which "
              + "is not in the file in that size")
        }
        return try tensor.entry(name, path: file.path, block: block, byteOrder: byteOrder)
      }
      return try WeightFile(
        path: file.path, format: .pytorchLegacy, entries: entries, unread: dict.unread)
    }
  }

  private static func byteOrder(_ systemInformation: Pickle) throws -> ByteOrder {
    if case .dict(let number) = systemInformation.root {
      for (key, value) in systemInformation.dicts[number] {
        if case .text("little_endian") = key, case .bool(let isLittle) = value {
          return isLittle ? .little : .big
        }
      }
    }
    throw InterchangeError("it does not say which byte of a number comes first")
  }

  private static func keys(_ pickle: Pickle) throws -> [String] {
    guard case .list(let number) = pickle.root else {
      throw InterchangeError("it has no list of its storages")
    }
    return try pickle.sequences[number].map { key in
      guard case .text(let key) = key else {
        throw InterchangeError("its list of storages has a key that is no text")
      }
      return key
    }
  }

  /// The storages by key: where each is, and what it turned out to be.
  private static func blocks(
    _ file: FileContents, _ bytes: UnsafeRawBufferPointer, from start: Int, keys: [String],
    byteOrder: ByteOrder, storages: [String: PickledStorage], unread: [String: Int]
  ) throws -> [String: (ByteBlock, PickledStorage)] {
    var cursor = ByteCursor(bytes, in: start..<bytes.count, of: "its data")
    var blocks: [String: (ByteBlock, PickledStorage)] = [:]
    for key in keys {
      guard let width = storages[key]?.type.byteCount ?? unread[key] else {
        throw InterchangeError(
          "it has a storage \(key.printable) that its pickle does not mention, or of an unknown kind"
        )
      }
      let raw = try cursor.int(Int64.self)
      let count = byteOrder == .little ? raw : raw.byteSwapped
      let (size, overflow) = count.multipliedReportingOverflow(by: width)
      guard count >= 0, !overflow, size <= cursor.rest else {
        throw InterchangeError(
          "its storage \(key.printable) claims \(count) elements of \(width) bytes, and "
            + "\(cursor.rest) bytes are left")
      }
      guard let storage = storages[key] else {
        _ = try cursor.take(size)
        continue
      }
      let block = ByteBlock(.stored(file, try cursor.take(size)))
      let found = PickledStorage(type: storage.type, key: key, count: count, viewOffset: 0)
      guard blocks.updateValue((block, found), forKey: key) == nil else {
        throw InterchangeError("it has the storage \(key.printable) twice")
      }
    }
    guard cursor.rest == 0 else {
      throw InterchangeError("it has \(cursor.rest) bytes after the last storage")
    }
    return blocks
  }
}
