internal import Interchange

/// Reads the fields of a protocol-buffer message one after another.
struct ProtobufReader {
  /// A field: its number, and its value by wire type.
  struct Field {
    let number: Int
    let value: Value
    /// Where the value lies, without its key and its length.
    let place: Range<Int>
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
    let start = cursor.position
    switch key & 7 {
    case 0: value = .varint(try varint())
    case 1: value = .fixed64(try cursor.take(8))
    case 2: value = .bytes(try cursor.take(Int(clamping: try varint())))
    case 5: value = .fixed32(try cursor.take(4))
    default:
      throw InterchangeError(
        "\(cursor.subject) has a field of wire type \(key & 7), expected 0, 1, 2 or 5")
    }
    let place = if case .bytes(let range) = value { range } else { start..<cursor.position }
    return Field(number: number, value: value, place: place)
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

  /// The message within one that has this field's number: the last, nil if there is none.
  static func message(
    _ number: Int, _ bytes: UnsafeRawBufferPointer, in range: Range<Int>, of subject: String
  ) throws(InterchangeError) -> Range<Int>? {
    var found: Range<Int>?
    var reader = ProtobufReader(bytes, in: range, of: subject)
    while let field = try reader.next() {
      if field.number == number, case .bytes(let range) = field.value { found = range }
    }
    return found
  }

  /// The integers of a repeated field of a message that has no other: packed, or one by one.
  static func integers(
    _ bytes: UnsafeRawBufferPointer, in range: Range<Int>, field: Int, atMost limit: Int,
    of subject: String
  ) throws(InterchangeError) -> [Int] {
    var values: [Int] = []
    var reader = ProtobufReader(bytes, in: range, of: subject)
    while let next = try reader.next() {
      guard next.number == field else { continue }
      try next.value.append(to: &values, bytes, atMost: limit, of: subject)
    }
    return values
  }
}

extension ProtobufReader.Value {
  /// Appends the integers of one occurrence of a repeated field: one, or many that are packed.
  func append(
    to values: inout [Int], _ bytes: UnsafeRawBufferPointer, atMost limit: Int, of subject: String
  ) throws(InterchangeError) {
    switch self {
    case .varint(let value) where values.count < limit:
      values.append(Int(truncatingIfNeeded: value))
    case .bytes(let packed):
      values += try ProtobufReader.varints(
        bytes, in: packed, atMost: limit - values.count, of: subject
      ).map { Int(truncatingIfNeeded: $0) }
    case .varint:
      throw InterchangeError("\(subject) has more than \(limit) numbers in a list")
    case .fixed32, .fixed64: break
    }
  }
}

/// The places of a list of floats or doubles, which a writer may have packed or not.
struct ProtobufNumbers {
  private(set) var runs: [ByteRun] = []
  private(set) var count = 0

  mutating func append(packed range: Range<Int>, width: Int, _ subject: String) throws {
    guard range.count % width == 0 else {
      throw InterchangeError("\(subject) has \(range.count) bytes of numbers of \(width) bytes")
    }
    guard !range.isEmpty else { return }
    runs.append(
      ByteRun(
        start: range.lowerBound, elements: range.count / width, width: width, distance: width))
    count += range.count / width
  }

  /// Extends the last run where the number stands one key of a byte after the one before.
  mutating func append(single range: Range<Int>, width: Int, _ subject: String) throws {
    guard runs.count < 1000 else {
      throw InterchangeError("\(subject) has its numbers in more than 1000 pieces")
    }
    count += 1
    if let last = runs.last, last.distance == width + 1,
      last.start + last.elements * last.distance == range.lowerBound
    {
      runs[runs.count - 1] = ByteRun(
        start: last.start, elements: last.elements + 1, width: width, distance: width + 1)
    } else {
      runs.append(
        ByteRun(start: range.lowerBound, elements: 1, width: width, distance: width + 1))
    }
  }

  func content(of file: FileContents) -> ByteBlock.Content {
    if runs.count == 1, let run = runs.first, run.distance == run.width {
      return .stored(file, run.start..<run.start + run.elements * run.width)
    }
    return .runs(file, runs)
  }
}

/// A text of a message.
///
/// - Parameter owner: what it is a text of, for messages.
func protobufText(
  _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, of owner: String
) throws(InterchangeError) -> String {
  guard range.count <= 1 << 16 else {
    throw InterchangeError("\(owner) has a name of \(range.count) bytes; at most 65536 are read")
  }
  guard let text = String(validating: bytes[range], as: UTF8.self) else {
    throw InterchangeError("\(owner) has a name that is no UTF-8")
  }
  return text
}
