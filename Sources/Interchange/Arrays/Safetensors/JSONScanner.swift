/// Reads JSON tokens from the header of a `.safetensors` file: only what such a header may hold.
struct JSONScanner {
  private let bytes: UnsafeRawBufferPointer
  private(set) var position: Int
  private let end: Int

  init(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// Whether nothing but white space is left.
  mutating func isAtEnd() -> Bool {
    skipSpaces()
    return position == end
  }

  private mutating func skipSpaces() {
    while position < end {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private func problem(_ expected: String) -> InterchangeError {
    InterchangeError("its header is not valid: expected \(expected) at byte \(position)")
  }

  /// Passes over one character if it is the next.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard position < end, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(InterchangeError) {
    guard skip(character) else { throw problem("'\(character)'") }
  }

  /// Reads `open`, items separated by commas, and `close`.
  mutating func list(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    item: (inout JSONScanner) throws -> Void
  ) throws {
    try expect(open)
    if skip(close) { return }
    repeat { try item(&self) } while skip(",")
    try expect(close)
  }

  /// A whole number from 0 to `Int.max`, without a sign, a fraction or an exponent.
  mutating func count() throws(InterchangeError) -> Int {
    skipSpaces()
    let start = position
    while position < end, (0x30...0x39).contains(bytes[position]) { position += 1 }
    let digits = bytes[start..<position]
    guard let value = Int(String(decoding: digits, as: UTF8.self)),
      digits.count == 1 || digits.first != 0x30
    else { throw problem("a whole number from 0 to \(Int.max)") }
    return value
  }

  /// A text in quotes.
  mutating func string() throws(InterchangeError) -> String {
    guard skip("\"") else { throw problem("a text in quotes") }
    var result: [UInt8] = []
    while position < end {
      let byte = bytes[position]
      position += 1
      switch byte {
      case 0x22:
        guard let text = String(validating: result, as: UTF8.self) else {
          throw problem("UTF-8 text before the quote")
        }
        return text
      case 0x5C: result.append(contentsOf: try escape())
      case ..<0x20: throw problem("no control character in a text")
      default: result.append(byte)
      }
    }
    throw problem("the end of a text in quotes")
  }

  private mutating func escape() throws(InterchangeError) -> String.UTF8View {
    guard position < end else { throw problem("an escaped character") }
    let byte = bytes[position]
    position += 1
    let plain: [UInt8: String] = [
      0x22: "\"", 0x5C: "\\", 0x2F: "/", 0x62: "\u{8}", 0x66: "\u{C}", 0x6E: "\n", 0x72: "\r",
      0x74: "\t",
    ]
    if let text = plain[byte] { return text.utf8 }
    guard byte == 0x75 else { throw problem("an escaped character") }
    var units = [try hexadecimal()]
    if UTF16.isLeadSurrogate(units[0]), position + 2 <= end, bytes[position] == 0x5C,
      bytes[position + 1] == 0x75
    {
      position += 2
      units.append(try hexadecimal())
    }
    guard let text = String(validating: units, as: UTF16.self) else {
      throw problem("a whole pair of surrogates")
    }
    return text.utf8
  }

  private mutating func hexadecimal() throws(InterchangeError) -> UInt16 {
    guard position + 4 <= end,
      bytes[position..<position + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt16(
        String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw problem("four hexadecimal digits") }
    position += 4
    return value
  }
}
