internal import Interchange
internal import Tensors

/// Reads a `TensorProto`: name, number format, shape, and where its numbers are, which is in raw bytes, in
/// a field of their type, or in a file beside the model.
struct ONNXTensorReader {
  private let file: FileContents
  private let bytes: UnsafeRawBufferPointer
  private var name = ""
  private var typeNumber = 0
  private var extents: [Int] = []
  private var raw: Range<Int>?
  private var floats = ProtobufNumbers()
  private var doubles = ProtobufNumbers()
  private var integers = PackedVarints()
  private var outside = ONNXPlace()
  private var isInPieces = false

  /// - Parameter owner: what the tensor belongs to, for messages before its name is known.
  static func entry(
    _ file: FileContents, _ bytes: UnsafeRawBufferPointer, in range: Range<Int>, of owner: String,
    _ budget: inout ONNXModel.Budget
  ) throws -> WeightEntry {
    var reader = ONNXTensorReader(file: file, bytes: bytes)
    try reader.readFields(range, owner)
    return try reader.entry(owner, &budget)
  }

  private init(file: FileContents, bytes: UnsafeRawBufferPointer) {
    (self.file, self.bytes) = (file, bytes)
  }

  private mutating func readFields(_ range: Range<Int>, _ owner: String) throws {
    var reader = ProtobufReader(bytes, in: range, of: "a tensor of \(owner)")
    while let field = try reader.next() {
      let subject = "the tensor \(name.printable)"
      switch (field.number, field.value) {
      case (1, let value):
        try value.append(to: &extents, bytes, atMost: 32, of: "the shape of \(subject)")
      case (2, .varint(let type)): typeNumber = Int(clamping: type)
      case (3, .bytes): isInPieces = true
      case (4, .bytes(let packed)): try floats.append(packed: packed, width: 4, subject)
      case (4, .fixed32(let value)): try floats.append(single: value, width: 4, subject)
      case (5, let value), (7, let value), (11, let value):
        try integers.append(value, field.place, bytes, subject)
      case (8, .bytes(let text)): name = try protobufText(bytes, text, of: owner)
      case (9, .bytes(let data)): raw = data
      case (10, .bytes(let packed)): try doubles.append(packed: packed, width: 8, subject)
      case (10, .fixed64(let value)): try doubles.append(single: value, width: 8, subject)
      case (13, .bytes(let text)): try outside.read(bytes, in: text, of: subject)
      case (14, .varint(let place)): outside.isStated = place == 1
      default: break
      }
    }
  }

  private func entry(_ owner: String, _ budget: inout ONNXModel.Budget) throws -> WeightEntry {
    let subject = name.isEmpty ? "a tensor of \(owner)" : "the tensor \(name.printable)"
    guard !isInPieces else {
      throw InterchangeError("\(subject) is in pieces over several messages, which is not read")
    }
    guard let type = Self.types[typeNumber] else {
      throw InterchangeError(
        "\(subject) has numbers of type \(Self.others[typeNumber] ?? "\(typeNumber)"), which is not "
          + "read; float, double, float16, bfloat16, float8, bool and whole numbers of 8 to 64 bits are"
      )
    }
    let shape = try Shape(extents, of: subject)
    let (byteCount, overflows) = shape.count.multipliedReportingOverflow(by: type.byteCount)
    guard !overflows, byteCount < 1 << 60 else {
      throw InterchangeError("\(subject) has a shape of more cells than any file has: \(shape)")
    }
    let (content, count) =
      outside.isEmpty
      ? try content(type, subject)
      : (
        try outside.content(byteCount: byteCount, model: file.path, &budget, of: subject),
        shape.count
      )
    guard count == shape.count else {
      throw InterchangeError(
        "\(subject) has \(counted(count, "number")), and its shape \(shape) needs \(shape.count)")
    }
    return WeightEntry(
      name: name, origin: file.path, block: ByteBlock(content),
      layout: StridedLayout(rowMajor: shape),
      decoder: ElementDecoder(type: type, byteOrder: .little))
  }

  /// Where the numbers are, and how many.
  private func content(
    _ type: ElementType, _ subject: String
  ) throws(InterchangeError) -> (ByteBlock.Content, count: Int) {
    if let raw {
      guard raw.count % type.byteCount == 0 else {
        throw InterchangeError(
          "\(subject) has \(raw.count) bytes of numbers of \(type.byteCount) bytes")
      }
      return (.stored(file, raw), raw.count / type.byteCount)
    }
    switch type {
    case .float32: return (floats.content(of: file), floats.count)
    case .float64: return (doubles.content(of: file), doubles.count)
    default:
      return (.varints(file, integers.ranges, width: type.byteCount), integers.count)
    }
  }

  private static let types: [Int: ElementType] = [
    1: .float32, 2: .uint8, 3: .int8, 4: .uint16, 5: .int16, 6: .int32, 7: .int64, 9: .bool,
    10: .float16, 11: .float64, 12: .uint32, 13: .uint64, 16: .bfloat16, 17: .float8e4m3,
    19: .float8e5m2,
  ]
  private static let others: [Int: String] = [
    0: "undefined", 8: "text", 14: "complex", 15: "complex", 21: "uint4", 22: "int4", 23: "float4",
  ]
}

/// The places of integers of variable length, mostly packed into one.
struct PackedVarints {
  private(set) var ranges: [Range<Int>] = []
  private(set) var count = 0

  mutating func append(
    _ value: ProtobufReader.Value, _ place: Range<Int>, _ bytes: UnsafeRawBufferPointer,
    _ subject: String
  ) throws(InterchangeError) {
    let range = if case .bytes(let packed) = value { packed } else { place }
    guard !range.isEmpty else { return }
    // The last byte of an integer is the one below 128.
    guard bytes[range.upperBound - 1] < 0x80 else {
      throw InterchangeError("\(subject) has an integer that does not end")
    }
    guard ranges.count < 1000 else {
      throw InterchangeError("\(subject) has its numbers in more than 1000 pieces")
    }
    ranges.append(range)
    count += bytes[range].count { $0 < 0x80 }
  }

  /// The integers of these places one after another, each in `width` bytes, the least significant first.
  static func decoded(
    _ ranges: [Range<Int>], width: Int, from bytes: UnsafeRawBufferPointer
  ) -> [UInt8] {
    var decoded: [UInt8] = []
    for range in ranges {
      var (value, shift): (UInt64, UInt64) = (0, 0)
      for byte in bytes[range] {
        if shift < 64 { value |= UInt64(byte & 0x7F) << shift }
        shift += 7
        guard byte < 0x80 else { continue }
        for index in 0..<width {
          decoded.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(index))))
        }
        (value, shift) = (0, 0)
      }
    }
    return decoded
  }
}
