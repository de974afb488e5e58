internal import Tensors

/// Turns the JSON of a `.safetensors` header into tensors.
struct SafetensorsParser {
  /// Where the file has its data.
  let data: Range<Int>
  private(set) var tensors: [SafetensorsHeader.Tensor] = []
  private(set) var metadata: [(key: String, value: String)] = []

  init(data: Range<Int>) {
    self.data = data
  }

  /// Reads the whole header: tensors, and free text under `__metadata__`.
  mutating func parse(_ scanner: JSONScanner) throws {
    var scanner = scanner
    var names: Set<String> = []
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
          metadata.append((key, try scanner.string()))
        }
      } else {
        tensors.append(try tensor(name, &scanner))
      }
    }
    guard scanner.isAtEnd() else {
      throw InterchangeError("its header goes on after the closing brace")
    }
  }

  private func tensor(
    _ name: String, _ scanner: inout JSONScanner
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
    let type = ElementType.allCases.first { $0.description == typeName }
    let shape: Shape
    do { shape = try Shape(validating: extents) } catch {
      throw InterchangeError("of \(shown): \(error.description)")
    }
    guard offsets[0] <= offsets[1], offsets[1] <= data.count else {
      throw InterchangeError(
        "\(shown) has the data_offsets \(offsets), expected two from 0 to \(data.count), in order")
    }
    if let type {
      let (size, overflow) = shape.count.multipliedReportingOverflow(by: type.byteCount)
      guard !overflow, size == offsets[1] - offsets[0] else {
        throw InterchangeError(
          "\(shown) has \(offsets[1] - offsets[0]) bytes of data, and its shape \(shape) of \(type) "
            + "needs \(overflow ? "over \(Int.max)" : "\(size)")")
      }
    }
    return SafetensorsHeader.Tensor(
      name: name, type: type, typeName: typeName, shape: shape,
      range: data.lowerBound + offsets[0]..<data.lowerBound + offsets[1])
  }

  private func numbers(_ scanner: inout JSONScanner, atMost limit: Int) throws -> [Int] {
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
