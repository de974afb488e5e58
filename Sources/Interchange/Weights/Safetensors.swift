internal import Interchange
internal import Tensors

/// What stands before the data of a `.safetensors` file, every field of it checked.
struct SafetensorsHeader {
  struct Tensor {
    let name: String
    /// nil for a number format that is not read.
    let type: ElementType?
    let typeName: String
    let shape: Shape
    let range: Range<Int>
  }

  /// In the order of their data.
  private(set) var tensors: [Tensor] = []
  /// Free text by name, in the file's order.
  private(set) var metadata: [(key: String, value: String)] = []
  /// Where the file has its data.
  private let data: Range<Int>

  /// The longest header that the format allows.
  static let longestText = 100_000_000

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
    data = 8 + length..<bytes.count
    try parse(TextScanner(bytes, in: 8..<8 + length, of: "its header"))
    tensors.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    try checkThatTensorsFillData()
  }

  /// Tensors by name, and free text under `__metadata__`.
  private mutating func parse(_ scanner: TextScanner) throws(InterchangeError) {
    var scanner = scanner
    var names: Set<String> = []
    try scanner.list("{", "}") { (scanner) throws(InterchangeError) in
      let name = try scanner.string()
      try scanner.expect(":")
      guard names.insert(name).inserted else {
        throw InterchangeError("its header has the name \(name.printable) twice")
      }
      guard name == "__metadata__" else { return tensors.append(try tensor(name, &scanner)) }
      try scanner.list("{", "}") { (scanner) throws(InterchangeError) in
        let key = try scanner.string()
        try scanner.expect(":")
        metadata.append((key, try scanner.string()))
      }
    }
    try scanner.expectEnd()
  }

  private func tensor(
    _ name: String, _ scanner: inout TextScanner
  ) throws(InterchangeError) -> Tensor {
    let shown = name.printable
    var typeName: String?
    var extents: [Int]?
    var offsets: [Int]?
    try scanner.list("{", "}") { (scanner) throws(InterchangeError) in
      let key = try scanner.string()
      try scanner.expect(":")
      switch key {
      case "dtype" where typeName == nil: typeName = try scanner.string()
      case "shape" where extents == nil:
        extents = try scanner.counts("[", "]", atMost: 64).numbers
      case "data_offsets" where offsets == nil:
        offsets = try scanner.counts("[", "]", atMost: 2).numbers
      default:
        throw InterchangeError(
          "\(shown) has the field '\(key.printable)', expected dtype, shape, data_offsets once each"
        )
      }
    }
    guard let typeName, let extents, let offsets, offsets.count == 2 else {
      throw InterchangeError("\(shown) needs the fields dtype, shape and two data_offsets")
    }
    let type = ElementType.allCases.first { $0.description == typeName }
    let shape = try Shape(extents, of: shown)
    guard offsets[0] <= offsets[1], offsets[1] <= data.count else {
      throw InterchangeError(
        "\(shown) has the data_offsets \(offsets), expected two from 0 to \(data.count), in order")
    }
    if let type {
      let size = type.bytes(of: shape.count)
      guard size == offsets[1] - offsets[0] else {
        throw InterchangeError(
          "\(shown) has \(offsets[1] - offsets[0]) bytes of data, and its shape \(shape) of \(type) "
            + "needs \(size.map(String.init) ?? "over \(Int.max)")")
      }
    }
    return Tensor(
      name: name, type: type, typeName: typeName, shape: shape,
      range: data.lowerBound + offsets[0]..<data.lowerBound + offsets[1])
  }

  /// No gap, no overlap, and nothing after the last tensor.
  private func checkThatTensorsFillData() throws(InterchangeError) {
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

/// Writes `.safetensors` files: 32-bit floats, the header padded so that data begins at a multiple
/// of 8 bytes.
public enum SafetensorsWriter {
  /// Writes the entries in their order; the file appears whole or not at all.
  ///
  /// Values are converted to `Float` one tensor at a time.
  ///
  /// - Parameter metadata: free text by name, which readers may show.
  /// - Throws: ``FileProblem/cannotWrite(_:)``, or ``InterchangeError`` if an entry's data is
  ///   damaged or two entries have one name.
  public static func write(
    _ entries: [WeightEntry], to path: String, metadata: [(key: String, value: String)] = []
  ) throws {
    let header = try header(entries, metadata: metadata)
    let file = try AtomicFile(replacing: path)
    try file.append(header)
    for entry in entries {
      try entry.withUnsafeFloats { try withLittleEndianBytes(of: $0, file.append) }
      entry.release()
    }
    try file.commit()
  }

  /// The length, the JSON and the padding.
  static func header(
    _ entries: [WeightEntry], metadata: [(key: String, value: String)]
  ) throws -> [UInt8] {
    var parts: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.map { "\(JSON.string($0.key).text):\(JSON.string($0.value).text)" }
      parts.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var position = 0
    var names: Set<String> = ["__metadata__"]
    for entry in entries {
      guard names.insert(entry.name).inserted else {
        throw InterchangeError("two tensors cannot both be called \(entry.name.printable)")
      }
      let extents = entry.shape.dimensions.map(String.init).joined(separator: ",")
      let end = position + entry.shape.count * MemoryLayout<Float>.size
      parts.append(
        "\(JSON.string(entry.name).text):{\"dtype\":\"F32\",\"shape\":[\(extents)],"
          + "\"data_offsets\":[\(position),\(end)]}")
      position = end
    }
    var text = Array("{\(parts.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(0x20) }
    guard text.count <= SafetensorsHeader.longestText else {
      throw InterchangeError(
        "the header would have \(text.count) bytes, at most \(SafetensorsHeader.longestText)")
    }
    return UInt64(text.count).littleEndianBytes + text
  }
}
