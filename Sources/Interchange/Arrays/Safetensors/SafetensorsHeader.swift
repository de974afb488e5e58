internal import Tensors

/// What stands before the data of a `.safetensors` file, every field of it checked.
struct SafetensorsHeader {
  struct Tensor {
    let name: String
    let type: ElementType
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
    var parser = SafetensorsParser(
      scanner: JSONScanner(bytes, in: 8..<8 + length), dataStart: 8 + length)
    try parser.parse(dataLength: bytes.count - 8 - length)
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

/// Reads the JSON of the header into tensors.
private struct SafetensorsParser {
  var scanner: JSONScanner
  let dataStart: Int
  var tensors: [SafetensorsHeader.Tensor] = []
  var metadata: [(key: String, value: String)] = []
  private var names: Set<String> = []

  init(scanner: JSONScanner, dataStart: Int) {
    self.scanner = scanner
    self.dataStart = dataStart
  }

  mutating func parse(dataLength: Int) throws {
    var found: [SafetensorsHeader.Tensor] = []
    var texts: [(key: String, value: String)] = []
    var names: Set<String> = []
    let start = dataStart
    try scanner.list("{", "}") { scanner in
      let name = try scanner.string()
      try scanner.expect(":")
      guard names.insert(name).inserted else {
        throw InterchangeError("its header has the name \(name.printable) twice")
      }
      if name == "__metadata__" {
        try scanner.list("{", "}") { scanner in
          let key = try scanner.string()
          try scanner.expect(":")
          texts.append((key, try scanner.string()))
        }
      } else {
        found.append(try Self.tensor(name, &scanner, start: start, dataLength: dataLength))
      }
    }
    guard scanner.isAtEnd() else {
      throw InterchangeError("its header goes on after the closing brace")
    }
    tensors = found
    metadata = texts
  }

  private static func tensor(
    _ name: String, _ scanner: inout JSONScanner, start: Int, dataLength: Int
  ) throws -> SafetensorsHeader.Tensor {
    let shown = name.printable
    var typeName: String?
    var extents: [Int]?
    var offsets: [Int]?
    try scanner.list("{", "}") { scanner in
      let key = try scanner.string()
      try scanner.expect(":")
      switch key {
      case "dtype" where typeName == nil: typeName = try scanner.string()
      case "shape" where extents == nil: extents = try numbers(&scanner, atMost: 64)
      case "data_offsets" where offsets == nil: offsets = try numbers(&scanner, atMost: 2)
      default:
        throw InterchangeError(
          "\(shown) has the field '\(key.printable)', expected dtype, shape, data_offsets once each"
        )
      }
    }
    guard let typeName, let extents, let offsets, offsets.count == 2 else {
      throw InterchangeError("\(shown) needs the fields dtype, shape and two data_offsets")
    }
    guard let type = ElementType.allCases.first(where: { $0.description == typeName }) else {
      throw InterchangeError(
        "\(shown) has the dtype \(typeName.printable), expected one of "
          + ElementType.allCases.map(\.description).joined(separator: ", "))
    }
    let shape: Shape
    do { shape = try Shape(validating: extents) } catch {
      throw InterchangeError("of \(shown): \(error.description)")
    }
    guard offsets[0] <= offsets[1], offsets[1] <= dataLength else {
      throw InterchangeError(
        "\(shown) has the data_offsets \(offsets), expected two from 0 to \(dataLength), in order")
    }
    let (size, overflow) = shape.count.multipliedReportingOverflow(by: type.byteCount)
    guard !overflow, size == offsets[1] - offsets[0] else {
      throw InterchangeError(
        "\(shown) has \(offsets[1] - offsets[0]) bytes of data, and its shape \(shape) of \(type) "
          + "needs \(overflow ? "over \(Int.max)" : "\(size)")")
    }
    return SafetensorsHeader.Tensor(
      name: name, type: type, shape: shape, range: start + offsets[0]..<start + offsets[1])
  }

  private static func numbers(_ scanner: inout JSONScanner, atMost limit: Int) throws -> [Int] {
    var numbers: [Int] = []
    try scanner.list("[", "]") { scanner in
      guard numbers.count < limit else {
        throw InterchangeError("its header has a list of more than \(limit) numbers")
      }
      numbers.append(try scanner.count())
    }
    return numbers
  }
}
