package import Tensors

/// What stands before the data of a `.npy` array: the number format, the order and the shape.
///
/// The text is a Python dict, and only the three keys that the format defines are understood:
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`
package struct NPYHeader {
  package let type: ElementType
  package let byteOrder: ByteOrder
  package let isColumnMajor: Bool
  package let shape: Shape
  /// The number of bytes before the data.
  package let length: Int

  package var layout: StridedLayout {
    isColumnMajor ? StridedLayout(columnMajor: shape) : StridedLayout(rowMajor: shape)
  }

  /// The first six bytes of every `.npy` array.
  package static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads the header at the beginning of `bytes`.
  ///
  /// - Parameter total: the number of bytes that the whole array has, header and data. The data
  ///   must fill it exactly.
  package init(_ bytes: UnsafeRawBufferPointer, total: Int) throws(InterchangeError) {
    guard !bytes.isEmpty else { throw InterchangeError("it is empty") }
    if bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) {
      throw InterchangeError(
        "it is an archive, perhaps .npz or .pth, and one array is expected; in Python, "
          + "numpy.save('x.npy', array) makes a file that is read")
    }
    guard bytes.count >= 10, bytes.prefix(6).elementsEqual(Self.magic) else {
      throw InterchangeError(
        "it does not begin with the 10 bytes of a .npy header, \\x93NUMPY first")
    }
    let version = bytes[6]
    guard (1...3).contains(version) else {
      throw InterchangeError("it is .npy version \(version), expected 1, 2 or 3")
    }
    let start = version == 1 ? 10 : 12
    guard bytes.count >= start else { throw InterchangeError("it ends inside the .npy header") }
    let textLength =
      version == 1
      ? Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
      : Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    guard textLength <= Self.longestText else {
      throw InterchangeError(
        "its .npy header claims \(textLength) bytes of text, at most \(Self.longestText) make sense"
      )
    }
    guard textLength <= bytes.count - start else {
      throw InterchangeError(
        "its .npy header claims \(textLength) bytes of text, and \(bytes.count - start) follow")
    }
    length = start + textLength
    let fields = try Self.fields(
      TextScanner(bytes, in: start..<length, of: "its .npy header", allowsLastComma: true))
    (type, byteOrder) = try Self.format(fields.format)
    isColumnMajor = fields.isColumnMajor
    let size = type.bytes(of: fields.shape.count)
    guard size == total - length else {
      throw InterchangeError(
        "its shape \(fields.shape) of \(fields.format) needs \(size.map(String.init) ?? "over \(Int.max)")"
          + " bytes of data, and the file has \(total - length)")
    }
    shape = fields.shape
  }

  /// Far more than three keys can need.
  private static let longestText = 1 << 16

  /// The most bytes that a header has.
  package static let longest = 12 + longestText

  private static func format(_ text: String) throws(InterchangeError) -> (ElementType, ByteOrder) {
    let formats: [String: ElementType] = [
      "b1": .bool, "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64,
      "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64,
      "f2": .float16, "f4": .float32, "f8": .float64,
    ]
    guard let type = formats[String(text.dropFirst())], let order = text.first,
      "<>".contains(order) || "|=".contains(order) && type.byteCount == 1
    else {
      throw InterchangeError(
        "its number format is '\(text)', expected '<' or '>' ('|' for one byte) before one of "
          + formats.keys.sorted().joined(separator: ", "), isUnreadKind: true)
    }
    return (type, order == ">" ? .big : .little)
  }

  /// `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`, keys in any order; anything else is an
  /// error.
  private static func fields(
    _ scanner: TextScanner
  ) throws(InterchangeError) -> (format: String, isColumnMajor: Bool, shape: Shape) {
    var scanner = scanner
    var format: String?
    var order: Int?
    var shape: Shape?
    try scanner.list("{", "}") { (scanner) throws(InterchangeError) in
      let key = try shortText(&scanner)
      try scanner.expect(":")
      switch key {
      case "descr" where format == nil: format = try shortText(&scanner)
      case "fortran_order" where order == nil:
        order = scanner.word(of: ["False", "True"])
        guard order != nil else { throw scanner.problem("True or False for fortran_order") }
      case "shape" where shape == nil:
        let (extents, endsWithComma) = try scanner.counts("(", ")", atMost: 64)
        guard extents.count != 1 || endsWithComma else {
          throw InterchangeError("its shape (\(extents[0])) is no tuple: a comma is missing")
        }
        shape = try Shape(extents, of: "its shape")
      default:
        throw InterchangeError(
          "its .npy header has the key '\(key)', expected descr, fortran_order and shape once each")
      }
    }
    try scanner.expectEnd()
    guard let format, let order, let shape else {
      throw InterchangeError("its .npy header needs the keys descr, fortran_order and shape")
    }
    return (format, order == 1, shape)
  }

  private static func shortText(_ scanner: inout TextScanner) throws(InterchangeError) -> String {
    if let text = scanner.shortText() { return text }
    throw InterchangeError(
      "its .npy header lacks a short quoted text (structured types are not read)",
      isUnreadKind: scanner.next() == UInt8(ascii: "["))
  }
}
