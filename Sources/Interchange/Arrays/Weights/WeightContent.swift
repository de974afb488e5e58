/// What a weight file is, by its first bytes.
enum WeightContent {
  case zip, pickle, safetensors, protobuf

  /// - Parameter path: the file's name decides nothing, but some formats have no beginning of their own
  ///   by which they could be named.
  init(of bytes: UnsafeRawBufferPointer, path: String) throws {
    if bytes.isEmpty { throw InterchangeError("it is empty") }
    // First of all: a header may have any length, so that the eight bytes which state it may look like
    // the beginning of any other format.
    let isHeader = bytes.count > 8 && bytes[8] == 0x7B
    if isHeader, bytes[..<8].dropFirst(4).allSatisfy({ $0 == 0 }) {
      self = .safetensors
    } else if bytes.starts(with: ZipReader.magic) || bytes.starts(with: [0x50, 0x4B, 5, 6]) {
      self = .zip
    } else if bytes[0] == PickleOpcode.proto {
      self = .pickle
    } else if let format = ForeignFormat(of: bytes, path: path) {
      throw format.error
    } else if isHeader {
      self = .safetensors
    } else if bytes.starts(with: [0x0A]) || bytes.starts(with: [0x12])
      || bytes.starts(with: [0xA2, 0x06])
    {
      // The keys of a NetParameter's name, of its V1 layers and of its V2 layers.
      self = .protobuf
    } else {
      throw InterchangeError(
        "it is no weight file; .safetensors, .pth, .npz and .caffemodel are read")
    }
  }
}
