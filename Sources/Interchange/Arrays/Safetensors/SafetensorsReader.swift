internal import Tensors

/// Reads `.safetensors` files.
enum SafetensorsReader {
  static func read(_ file: FileContents) throws -> WeightFile {
    let header = try file.withBytes { (bytes) throws in try SafetensorsHeader(bytes) }
    var entries: [WeightEntry] = []
    var unread: [UnreadTensor] = []
    for tensor in header.tensors {
      guard let type = tensor.type else {
        let reason =
          "has the dtype \(tensor.typeName.printable), which is not read, expected one of "
          + ElementType.allCases.map(\.description).joined(separator: ", ")
        unread.append(UnreadTensor(name: tensor.name, reason: reason))
        continue
      }
      entries.append(
        WeightEntry(
          name: tensor.name, origin: file.path, block: ByteBlock(.stored(file, tensor.range)),
          layout: StridedLayout(rowMajor: tensor.shape),
          decoder: ElementDecoder(type: type, byteOrder: .little)))
    }
    return try WeightFile(
      path: file.path, format: .safetensors, entries: entries, unread: unread,
      metadata: header.metadata)
  }
}
