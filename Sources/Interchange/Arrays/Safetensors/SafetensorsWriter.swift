internal import Tensors

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
      try entry.withUnsafeFloats { floats in try file.appendLittleEndian(floats) }
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
      let texts = metadata.map { "\(quoted($0.key)):\(quoted($0.value))" }
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
        "\(quoted(entry.name)):{\"dtype\":\"F32\",\"shape\":[\(extents)],"
          + "\"data_offsets\":[\(position),\(end)]}")
      position = end
    }
    var text = Array("{\(parts.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(0x20) }
    guard text.count <= SafetensorsHeader.longestText else {
      throw InterchangeError(
        "the header would have \(text.count) bytes, at most \(SafetensorsHeader.longestText)")
    }
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension AtomicFile {
  /// Writes 32-bit floats, least significant byte first.
  func appendLittleEndian(_ floats: UnsafeBufferPointer<Float>) throws(FileProblem) {
    #if _endian(little)
      try append(UnsafeRawBufferPointer(floats))
    #else
      for value in floats {
        let bits = value.bitPattern
        try append((0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) })
      }
    #endif
  }
}
