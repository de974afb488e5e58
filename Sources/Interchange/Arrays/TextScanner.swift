/// Reads the structured text in the header of an array file, token by token: JSON, or Python's dicts.
package struct TextScanner {
  private let bytes: UnsafeRawBufferPointer
  package private(set) var position: Int
  private let end: Int
  /// What is read, for messages: `its header`.
  private let subject: String
  /// Whether a list may end with a comma, as in Python.
  private let allowsLastComma: Bool

  package init(
    _ bytes: UnsafeRawBufferPointer, in range: Range<Int>, of subject: String,
    allowsLastComma: Bool = false
  ) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
    self.subject = subject
    self.allowsLastComma = allowsLastComma
  }

  package func problem(_ expected: String) -> InterchangeError {
    InterchangeError("\(subject) is not valid: expected \(expected) at byte \(position)")
  }

  private mutating func skipSpaces() {
    while position < end {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  /// The next byte that is no white space; nil at the end.
  package mutating func next() -> UInt8? {
    skipSpaces()
    return position < end ? bytes[position] : nil
  }

  /// Passes over one character if it is the next.
  package mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard next() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  package mutating func expect(_ character: Unicode.Scalar) throws(InterchangeError) {
    guard skip(character) else { throw problem("'\(character)'") }
  }

  /// Checks that nothing is left behind the closing brace.
  package mutating func expectEnd() throws(InterchangeError) {
    guard next() == nil else {
      throw InterchangeError("\(subject) goes on after the closing brace")
    }
  }

  /// Reads `open`, items separated by commas, and `close`; returns whether the last was a comma.
  @discardableResult
  package mutating func list(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    item: (inout TextScanner) throws(InterchangeError) -> Void
  ) throws(InterchangeError) -> Bool {
    try expect(open)
    if skip(close) { return false }
    repeat {
      try item(&self)
      if !skip(",") {
        try expect(close)
        return false
      }
    } while !(allowsLastComma && skip(close))
    return true
  }

  /// A whole number from 0 to `Int.max`, without a sign, a fraction or an exponent.
  package mutating func count() throws(InterchangeError) -> Int {
    skipSpaces()
    let start = position
    while position < end, (0x30...0x39).contains(bytes[position]) { position += 1 }
    let digits = bytes[start..<position]
    guard let value = Int(String(decoding: digits, as: UTF8.self)),
      digits.count == 1 || digits.first != 0x30
    else { throw problem("a whole number from 0 to \(Int.max)") }
    return value
  }

  /// Such numbers in a list.
  package mutating func counts(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, atMost limit: Int
  ) throws(InterchangeError) -> (numbers: [Int], endsWithComma: Bool) {
    var numbers: [Int] = []
    let endsWithComma = try list(open, close) { (scanner) throws(InterchangeError) in
      guard numbers.count < limit else {
        throw InterchangeError("\(scanner.subject) has a list of more than \(limit) numbers")
      }
      numbers.append(try scanner.count())
      // Python 2 writes long integers as 3L.
      if scanner.allowsLastComma { _ = scanner.skip("L") }
    }
    return (numbers, endsWithComma)
  }

  /// One of these words, as its place among them; nil if none is the next.
  package mutating func word(of words: [String]) -> Int? {
    skipSpaces()
    let rest = bytes[position..<end]
    guard let found = words.firstIndex(where: { rest.starts(with: $0.utf8) }) else { return nil }
    position += words[found].utf8.count
    return found
  }

  /// The characters up to the first that does not belong.
  package mutating func characters(_ belongs: (UInt8) -> Bool) -> String {
    skipSpaces()
    let start = position
    while position < end, belongs(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  // MARK: Texts

  /// A short text in single or double quotes, without escapes; nil if there is none.
  package mutating func shortText() -> String? {
    guard let quote = next(), quote == 0x22 || quote == 0x27,
      let close = bytes[position + 1..<end].firstIndex(of: quote), close - position <= 64
    else { return nil }
    defer { position = close + 1 }
    return String(decoding: bytes[position + 1..<close], as: UTF8.self)
  }

  /// A text in double quotes, with JSON's escapes.
  package mutating func string() throws(InterchangeError) -> String {
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
