internal import Tensors

/// What stands before the data of a `.npy` array: the number format, the order and the shape.
///
/// The text is a Python dict, and only the three keys that the format defines are understood:
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`
struct NPYHeader {
  let type: ElementType
  let byteOrder: ByteOrder
  let isColumnMajor: Bool
  let shape: Shape
  /// The number of bytes before the data.
  let length: Int

  /// The number of bytes of the data.
  let dataLength: Int

  var layout: StridedLayout {
    isColumnMajor ? StridedLayout(columnMajor: shape) : StridedLayout(rowMajor: shape)
  }

  /// The first six bytes of every `.npy` array.
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads the header at the beginning of `bytes`.
  ///
  /// - Parameter total: the number of bytes that the whole array has, header and data. The data
  ///   must fill it exactly.
  init(_ bytes: UnsafeRawBufferPointer, total: Int) throws(InterchangeError) {
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
    var text = PythonDictParser(bytes[start..<length])
    let fields = try text.header()
    (type, byteOrder) = try Self.format(fields.format)
    isColumnMajor = fields.isColumnMajor
    let (size, overflow) = fields.shape.count.multipliedReportingOverflow(by: type.byteCount)
    guard !overflow, size == total - length else {
      throw InterchangeError(
        "its shape \(fields.shape) of \(fields.format) needs \(overflow ? "over \(Int.max)" : "\(size)")"
          + " bytes of data, and the file has \(total - length)")
    }
    shape = fields.shape
    dataLength = size
  }

  /// Far more than three keys can need.
  private static let longestText = 1 << 16

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
}
