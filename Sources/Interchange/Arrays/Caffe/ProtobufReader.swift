/// Reads the fields of a protocol-buffer message one after another.
struct ProtobufReader {
  /// A field: its number, and its value by wire type.
  struct Field {
    let number: Int
    let value: Value
  }

  enum Value {
    /// An integer of variable length.
    case varint(UInt64)
    /// Eight or four bytes.
    case fixed64(Range<Int>)
    case fixed32(Range<Int>)
    /// A text, a message within, or packed numbers.
    case bytes(Range<Int>)
  }

  private var cursor: ByteCursor

  init(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>, of subject: String) {
    cursor = ByteCursor(bytes, in: range, of: subject)
  }

  /// The next field, `nil` at the end of the message.
  mutating func next() throws(InterchangeError) -> Field? {
    guard cursor.rest > 0 else { return nil }
    let key = try varint()
    let number = Int(key >> 3)
    guard (1...0x1FFF_FFFF).contains(number) else {
      throw InterchangeError("\(cursor.subject) has a field of number \(number)")
    }
    let value: Value
    switch key & 7 {
    case 0: value = .varint(try varint())
    case 1: value = .fixed64(try cursor.take(8))
    case 2: value = .bytes(try cursor.take(Int(clamping: try varint())))
    case 5: value = .fixed32(try cursor.take(4))
    default:
      throw InterchangeError(
        "\(cursor.subject) has a field of wire type \(key & 7), expected 0, 1, 2 or 5")
    }
    return Field(number: number, value: value)
  }

  private mutating func varint() throws(InterchangeError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      let byte = try cursor.integer(UInt8.self)
      // The tenth byte holds the last bit.
      guard shift < 63 || byte <= 1 else { break }
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw InterchangeError("\(cursor.subject) has an integer of more than 64 bits")
  }

  /// The integers packed in a range.
  static func varints(
    _ bytes: UnsafeRawBufferPointer, in range: Range<Int>, atMost limit: Int, of subject: String
  ) throws(InterchangeError) -> [UInt64] {
    var reader = ProtobufReader(bytes, in: range, of: subject)
    var values: [UInt64] = []
    while reader.cursor.rest > 0 {
      guard values.count < limit else {
        throw InterchangeError("\(subject) has more than \(limit) numbers in a list")
      }
      values.append(try reader.varint())
    }
    return values
  }
}
