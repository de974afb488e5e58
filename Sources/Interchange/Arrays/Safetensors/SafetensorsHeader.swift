internal import Tensors

/// What stands before the data of a `.safetensors` file, every field of it checked.
struct SafetensorsHeader {
  struct Tensor {
    let name: String
    let type: ElementType?
    let typeName: String
    let shape: Shape
    /// The bytes in the file.
    let range: Range<Int>
  }

  /// In the order of their data.
  let tensors: [Tensor]
  /// Free text by name, in the file's order.
  let metadata: [(key: String, value: String)]

  /// The longest header that the format allows.
  static let longestText = 100_000_000

  init(_ bytes: UnsafeRawBufferPointer) throws {
    guard bytes.count >= 8 else {
      throw InterchangeError(
        "it has \(bytes.count) bytes, expected 8 for the header's length alone")
    }
    let stated = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard stated <= Self.longestText else {
      throw InterchangeError(
        "it states a header of \(stated) bytes, at most \(Self.longestText) are allowed")
    }
    let length = Int(stated)
    guard length <= bytes.count - 8 else {
      throw InterchangeError(
        "it states a header of \(length) bytes, and \(bytes.count - 8) bytes follow")
    }
    var parser = SafetensorsParser(data: 8 + length..<bytes.count)
    try parser.parse(JSONScanner(bytes, in: 8..<8 + length))
    metadata = parser.metadata
    tensors = parser.tensors.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    try checkThatTensorsFill(8 + length..<bytes.count)
  }

  /// No gap, no overlap, and nothing after the last tensor.
  private func checkThatTensorsFill(_ data: Range<Int>) throws {
    var position = data.lowerBound
    for tensor in tensors {
      guard tensor.range.lowerBound == position else {
        throw InterchangeError(
          "the data of \(tensor.name.printable) begins at byte "
            + "\(tensor.range.lowerBound - data.lowerBound), expected "
            + "\(position - data.lowerBound), where the tensor before it ends")
      }
      position = tensor.range.upperBound
    }
    guard position == data.upperBound else {
      throw InterchangeError(
        "its tensors end at byte \(position - data.lowerBound) of the data, which has \(data.count)"
      )
    }
  }
}
