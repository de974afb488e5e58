internal import Interchange

/// Reads a text token by token.
struct TextMessageReader {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  /// Where the line begins, and how many bytes of it go on a character.
  private var lineStart = 0
  private var continued = 0
  private var count = 0
  /// The messages that are open, outermost first, with their closing bracket.
  private var open: [(name: String, place: TextPlace, close: UInt8)] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // A byte order mark.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { (position, lineStart) = (3, 3) }
  }

  // MARK: Messages

  /// The fields up to the end of the text, or up to the bracket that closes the innermost message.
  mutating func message() throws(TextProblem) -> TextMessage {
    guard bytes.count <= TextMessage.longest else {
      throw TextProblem(
        "the text has \(bytes.count) bytes; at most \(TextMessage.longest) are read", at: place)
    }
    var fields: [TextMessage.Field] = []
    while let byte = next() {
      if byte == open.last?.close {
        advance()
        return TextMessage(fields: fields)
      }
      try field(into: &fields)
    }
    guard let inner = open.last else { return TextMessage(fields: fields) }
    throw TextProblem(
      "the text ends inside \(inner.name), which begins on line \(inner.place.line); a "
        + "\"\(Character(Unicode.Scalar(inner.close)))\" is missing", at: place)
  }

  private mutating func field(into fields: inout [TextMessage.Field]) throws(TextProblem) {
    let start = place
    guard let name = identifier() else {
      throw TextProblem("expected the name of a field, and found \(found())", at: start)
    }
    let hasColon = skip(":")
    if next() == UInt8(ascii: "[") {
      advance()
      if skip("]") { return separator() }
      repeat {
        fields.append(try value(of: name, from: start, mayBeWord: hasColon))
      } while skip(",")
      guard skip("]") else {
        throw TextProblem(
          "expected \",\" or \"]\" in the list \(name), and found \(found())", at: place)
      }
    } else {
      fields.append(try value(of: name, from: start, mayBeWord: hasColon))
    }
    separator()
  }

  private mutating func separator() {
    if !skip(";") { _ = skip(",") }
  }

  private mutating func value(
    of name: String, from start: TextPlace, mayBeWord: Bool
  ) throws(TextProblem) -> TextMessage.Field {
    count += 1
    guard count <= TextMessage.most else {
      throw TextProblem("the text has more than \(TextMessage.most) fields", at: start)
    }
    let byte = next()
    let here = place
    if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "<") {
      guard open.count < TextMessage.deepest else {
        throw TextProblem(
          "\(name.printable) is nested more than \(TextMessage.deepest) messages deep", at: start)
      }
      advance()
      open.append((name, start, UInt8(ascii: byte == UInt8(ascii: "{") ? "}" : ">")))
      defer { open.removeLast() }
      return TextMessage.Field(name: name, value: .message(try message()), place: start)
    }
    guard mayBeWord else {
      throw TextProblem(
        "expected \":\" or \"{\" behind \(name.printable), and found \(found())", at: here)
    }
    let value: TextMessage.Value =
      byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
      ? .text(try texts()) : .word(try word(of: name))
    return TextMessage.Field(name: name, value: value, place: here)
  }

  // MARK: Tokens

  private var place: TextPlace {
    TextPlace(line: line, column: position - lineStart - continued + 1)
  }

  private mutating func advance() {
    let byte = bytes[position]
    position += 1
    if byte == 0x0A || (byte == 0x0D && (position == bytes.count || bytes[position] != 0x0A)) {
      (line, lineStart, continued) = (line + 1, position, 0)
    } else if byte & 0xC0 == 0x80 {
      continued += 1
    }
  }

  /// The next byte that is neither white space nor a remark; nil at the end.
  private mutating func next() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09...0x0D: advance()
      case UInt8(ascii: "#"):
        while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D { advance() }
      case let byte: return byte
      }
    }
    return nil
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard next() == UInt8(ascii: character) else { return false }
    advance()
    return true
  }

  /// What stands here, for a message.
  private mutating func found() -> String {
    guard next() != nil else { return "the end of the text" }
    let rest = bytes[position...].prefix { $0 > 0x20 && !"{}<>[]:;,#\"'".utf8.contains($0) }
    let text = rest.isEmpty ? bytes[position...position] : rest.prefix(40)
    return "\"\(String(decoding: text, as: UTF8.self).printable)\""
  }

  private mutating func identifier() -> String? {
    guard let first = next(), first.isLetter else { return nil }
    let rest = bytes[position...].prefix { $0.isLetter || $0.isDigit }
    for _ in rest { advance() }
    return String(decoding: rest, as: UTF8.self)
  }

  /// A number or a name.
  private mutating func word(of field: String) throws(TextProblem) -> String {
    let start = place
    // The minus may stand apart.
    let sign = skip("-") ? "-" : ""
    _ = next()
    let rest = bytes[position...].prefix {
      $0.isLetter || $0.isDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "+")
        || $0 == UInt8(ascii: "-")
    }
    guard !rest.isEmpty else {
      throw TextProblem(
        "expected the value of \(field.printable), and found \(found())", at: start)
    }
    guard rest.count <= 256 else {
      throw TextProblem(
        "the value of \(field.printable) is a word of \(rest.count) letters", at: start)
    }
    for _ in rest { advance() }
    return sign + String(decoding: rest, as: UTF8.self)
  }

  /// One text in quotes, or several behind each other, which are one.
  private mutating func texts() throws(TextProblem) -> String {
    var result: [UInt8] = []
    let start = place
    while let quote = next(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      let opening = place
      advance()
      while true {
        guard position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D else {
          throw TextProblem("the text in quotes that begins here does not end", at: opening)
        }
        let byte = bytes[position]
        let here = place
        advance()
        if byte == quote { break }
        if byte == UInt8(ascii: "\\") {
          try escape(into: &result, at: here)
        } else {
          result.append(byte)
        }
      }
    }
    guard let text = String(validating: result, as: UTF8.self) else {
      throw TextProblem("the text in quotes is no UTF-8", at: start)
    }
    return text
  }

  /// What stands behind a backslash: a letter, up to three octal digits, or hexadecimal ones.
  private mutating func escape(
    into result: inout [UInt8], at start: TextPlace
  ) throws(TextProblem) {
    func digits(_ most: Int, _ radix: Int) -> [UInt8] {
      Array(
        bytes[position...].prefix(most).prefix {
          Character(Unicode.Scalar($0)).hexDigitValue.map { $0 < radix } ?? false
        })
    }
    func number(_ digits: [UInt8], _ radix: Int) -> UInt32? {
      UInt32(String(decoding: digits, as: UTF8.self), radix: radix)
    }
    let wrong = TextProblem(
      "there is no such escape in a text; \\n, \\t, \\\\, \\\", \\', \\ooo and \\xhh are some",
      at: start)
    guard position < bytes.count else { throw wrong }
    let byte = bytes[position]
    let plain: [UInt8: UInt8] = [
      0x61: 0x07, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09, 0x76: 0x0B,
      0x3F: 0x3F, 0x5C: 0x5C, 0x27: 0x27, 0x22: 0x22,
    ]
    if let meant = plain[byte] {
      advance()
      return result.append(meant)
    }
    let octal = digits(3, 8)
    if let value = number(octal, 8) {
      guard value < 256 else { throw wrong }
      for _ in octal { advance() }
      return result.append(UInt8(value))
    }
    let width: [UInt8: Int] = [0x78: 2, 0x58: 2, 0x75: 4, 0x55: 8]
    guard let most = width[byte] else { throw wrong }
    advance()
    let hexadecimal = digits(most, 16)
    guard let value = number(hexadecimal, 16) else { throw wrong }
    for _ in hexadecimal { advance() }
    if most == 2 { return result.append(UInt8(value)) }
    guard hexadecimal.count == most, let scalar = Unicode.Scalar(value) else { throw wrong }
    result += Array(String(Character(scalar)).utf8)
  }
}

extension UInt8 {
  fileprivate var isLetter: Bool {
    (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) || self == 0x5F
  }
  fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
