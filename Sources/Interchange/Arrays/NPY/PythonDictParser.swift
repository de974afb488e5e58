internal import Tensors

/// Reads the one Python dict that a `.npy` header may be; anything else is an error.
struct PythonDictParser {
  private let text: Slice<UnsafeRawBufferPointer>
  private var position: Int

  init(_ text: Slice<UnsafeRawBufferPointer>) {
    self.text = text
    position = text.startIndex
  }

  /// `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`, keys in any order.
  mutating func header() throws(InterchangeError)
    -> (format: String, isColumnMajor: Bool, shape: Shape)
  {
    var format: String?
    var isColumnMajor: Bool?
    var shape: Shape?
    try expect("{")
    while !skip("}") {
      let key = try quoted()
      try expect(":")
      switch key {
      case "descr" where format == nil: format = try quoted()
      case "fortran_order" where isColumnMajor == nil: isColumnMajor = try boolean()
      case "shape" where shape == nil: shape = try tuple()
      case "descr", "fortran_order", "shape":
        throw InterchangeError("its .npy header has the key '\(key)' twice")
      default:
        throw InterchangeError(
          "its .npy header has the key '\(key)', expected descr, fortran_order and shape")
      }
      if !skip(",") {
        try expect("}")
        break
      }
    }
    skipSpaces()
    guard position == text.endIndex else {
      throw InterchangeError("its .npy header goes on after the closing brace")
    }
    guard let format, let isColumnMajor, let shape else {
      throw InterchangeError("its .npy header needs the keys descr, fortran_order and shape")
    }
    return (format, isColumnMajor, shape)
  }

  private mutating func skipSpaces() {
    while position < text.endIndex, text[position] == 0x20 || text[position] == 0x0A {
      position += 1
    }
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard position < text.endIndex, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(InterchangeError) {
    guard skip(character) else {
      throw InterchangeError("its .npy header is no Python dict: '\(character)' is missing")
    }
  }

  private mutating func quoted() throws(InterchangeError) -> String {
    skipSpaces()
    guard position < text.endIndex, text[position] == 0x22 || text[position] == 0x27,
      let end = text[(position + 1)...].firstIndex(of: text[position]), end - position <= 64
    else {
      let isList = position < text.endIndex && text[position] == UInt8(ascii: "[")
      throw InterchangeError(
        "its .npy header lacks a short quoted text (structured types are not read)",
        isUnreadKind: isList)
    }
    defer { position = end + 1 }
    return String(decoding: text[position + 1..<end], as: UTF8.self)
  }

  private mutating func boolean() throws(InterchangeError) -> Bool {
    skipSpaces()
    for (word, value) in [("True", true), ("False", false)]
    where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw InterchangeError("its .npy header has a fortran_order that is neither True nor False")
  }

  private mutating func tuple() throws(InterchangeError) -> Shape {
    var extents: [Int] = []
    try expect("(")
    while !skip(")") {
      extents.append(try integer())
      guard extents.count <= 64 else {
        throw InterchangeError("its shape has more than 64 dimensions")
      }
      if !skip(",") {
        try expect(")")
        guard extents.count > 1 else {
          throw InterchangeError("its shape (\(extents[0])) is no tuple: a comma is missing")
        }
        break
      }
    }
    do {
      return try Shape(validating: extents)
    } catch {
      throw InterchangeError("of its shape: \(error.description)")
    }
  }

  private mutating func integer() throws(InterchangeError) -> Int {
    skipSpaces()
    let start = position
    while position < text.endIndex, (0x30...0x39).contains(text[position]) { position += 1 }
    guard let value = Int(String(decoding: text[start..<position], as: UTF8.self)) else {
      throw InterchangeError(
        "its .npy header has a shape with an extent that is no number of cells")
    }
    // Python 2 writes long integers as 3L.
    if position < text.endIndex, text[position] == UInt8(ascii: "L") { position += 1 }
    return value
  }
}
