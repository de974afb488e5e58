internal import Tensors

/// Reads `.safetensors` files.
enum SafetensorsReader {
  static func read(_ file: FileContents) throws -> WeightFile {
    let header = try file.withBytes { (bytes) throws in try SafetensorsHeader(bytes) }
    let entries = header.tensors.map { tensor in
      WeightEntry(
        name: tensor.name, origin: file.path, block: ByteBlock(.stored(file, tensor.range)),
        layout: StridedLayout(rowMajor: tensor.shape),
        decoder: ElementDecoder(type: tensor.type, byteOrder: .little))
    }
    return WeightFile(
      path: file.path, format: .safetensors, entries: entries, metadata: header.metadata)
  }
}
