internal import Interchange
internal import Tensors

/// A message in the text format of protocol buffers, which Caffe's `.prototxt` files are written in: its
/// fields in their order, with the place of each.
///
/// ```swift
/// let net = try TextMessage(text: Array("layer { name: 'conv1' type: \"Convolution\" }".utf8))
/// net.fields[0].name      // layer
/// ```
///
/// Which fields a message has, and of which type they are, is for its reader to know.
package struct TextMessage: Sendable {
  /// One field: `name: value`, or `name { … }`.
  package struct Field: Sendable {
    package let name: String
    package let value: Value
    /// Where the value stands; of a message, where the field's name does.
    package let place: TextPlace
  }

  package indirect enum Value: Sendable {
    case message(TextMessage)
    /// A text in quotes.
    case text(String)
    /// A number or the name of a value, as it is written: `3`, `1e-4`, `MAX`, `true`.
    case word(String)
  }

  package let fields: [Field]

  /// Bytes of the longest text; of the longest network that was published there are a quarter.
  package static let longest = 1 << 22
  /// Messages within messages; Caffe's own reach 5.
  static let deepest = 64
  /// Fields in all.
  static let most = 1 << 18

  /// Reads a whole text.
  ///
  /// - Throws: ``TextProblem``, with the place.
  package init(text bytes: [UInt8]) throws(TextProblem) {
    var reader = TextMessageReader(bytes)
    self = try reader.message()
  }

  init(fields: [Field]) { self.fields = fields }
}

/// A place in a text: the line and the character of the line, both from 1.
package struct TextPlace: Hashable, Sendable {
  package let line: Int
  package let column: Int

  package init(line: Int, column: Int) { (self.line, self.column) = (line, column) }
}

/// What is wrong with a text, and where.
package struct TextProblem: Error, Hashable, Sendable, CustomStringConvertible {
  package let place: TextPlace
  package let message: String

  package init(_ message: String, at place: TextPlace) {
    (self.place, self.message) = (place, message)
  }

  package var description: String { "line \(place.line), column \(place.column): \(message)" }
}

/// What a message's fields hold, read as what its reader knows them to be.
extension TextMessage {
  /// A message within another: what it is called there, and where it begins.
  package struct Part: Sendable {
    package let name: String
    package let place: TextPlace
    private let fields: [String: [Field]]

    /// A message whose reader knows these fields.
    ///
    /// Others are passed over, for there are more dialects than one reader knows; but one that is nearly
    /// a known one is a slip of the pen, and the number behind it would be lost.
    ///
    /// - Throws: ``TextProblem`` at a field that is misspelled.
    package init(
      _ message: TextMessage, called name: String, at place: TextPlace, knowing known: [String]
    ) throws(TextProblem) {
      (self.name, self.place) = (name, place)
      fields = Dictionary(grouping: message.fields, by: \.name)
      for field in message.fields where !known.contains(field.name) {
        guard let meant = nearest(to: field.name, among: known), fields[meant] == nil,
          editDistance(meant, field.name) <= 2
        else { continue }
        throw TextProblem(
          "\(name) has no field \(field.name.printable); did you mean \(meant)?", at: field.place)
      }
    }

    package func has(_ name: String) -> Bool { fields[name] != nil }

    /// The names of the fields that are there.
    package var names: [String] { fields.keys.sorted() }

    /// The values of a field that may be there many times.
    package func all(_ name: String) -> [Field] { fields[name] ?? [] }

    /// The value of a field that is there once or not at all.
    package func one(_ name: String) throws(TextProblem) -> Field? {
      let found = all(name)
      guard found.count < 2 else {
        throw TextProblem("\(name) of \(self.name) is written twice", at: found[1].place)
      }
      return found.first
    }

    /// The message in a field; one without fields if it is not there.
    package func part(_ name: String, knowing known: [String]) throws(TextProblem) -> Part {
      guard let field = try one(name) else {
        return try Part(TextMessage(), called: name, at: place, knowing: known)
      }
      return try field.part(knowing: known)
    }

    package func wholeNumber(
      _ name: String, in range: ClosedRange<Int>
    ) throws(TextProblem) -> Int? {
      try one(name)?.wholeNumber(in: range)
    }

    package func number(_ name: String) throws(TextProblem) -> Double? { try one(name)?.number() }

    package func flag(_ name: String, or usual: Bool) throws(TextProblem) -> Bool {
      try one(name)?.flag() ?? usual
    }

    package func word(_ name: String) throws(TextProblem) -> String? { try one(name)?.word() }

    package func text(_ name: String) throws(TextProblem) -> String? { try one(name)?.text() }
  }

  /// A message without fields.
  private init() { self.init(fields: []) }
}

extension TextMessage.Field {
  private func wrong(_ expected: String) -> TextProblem {
    let found =
      switch value {
      case .message: "a message"
      case .text(let text): "\"\(String(text.prefix(40)).printable)\""
      case .word(let word): String(word.prefix(40)).printable
      }
    return TextProblem("\(name.printable) is \(found); it must be \(expected)", at: place)
  }

  package func part(knowing known: [String]) throws(TextProblem) -> TextMessage.Part {
    guard case .message(let message) = value else {
      throw wrong("a message, \(name.printable) { … }")
    }
    return try TextMessage.Part(message, called: name, at: place, knowing: known)
  }

  /// A whole number: `12`, `-1`, `0x0C`, or `014`, which is octal.
  package func wholeNumber(in range: ClosedRange<Int>) throws(TextProblem) -> Int {
    guard case .word(let word) = value, let number = Self.integer(word), range.contains(number)
    else { throw wrong("a whole number from \(range.lowerBound) to \(range.upperBound)") }
    return number
  }

  private static func integer(_ word: String) -> Int? {
    let digits = word.hasPrefix("-") ? word.dropFirst() : word[...]
    guard let first = digits.first, first.isASCII, first.isNumber else { return nil }
    let (rest, radix) =
      digits.lowercased().hasPrefix("0x")
      ? (digits.dropFirst(2), 16)
      : digits.count > 1 && first == "0"
        ? (digits.dropFirst(), 8)
        : (digits, 10)
    guard rest.first != "+", rest.first != "-" else { return nil }
    return Int(rest, radix: radix).map { word.hasPrefix("-") ? -$0 : $0 }
  }

  /// A finite number: `0.5`, `1e-4`, `.75f`.
  package func number() throws(TextProblem) -> Double {
    guard case .word(var word) = value else { throw wrong("a number") }
    if let whole = Self.integer(word) { return Double(whole) }
    let isPlain = word.utf8.allSatisfy { "0123456789.eE+-fF".utf8.contains($0) }
    if word.hasSuffix("f") || word.hasSuffix("F") { word.removeLast() }
    guard isPlain, let number = Double(word), number.isFinite else {
      throw wrong("a finite number")
    }
    return number
  }

  package func flag() throws(TextProblem) -> Bool {
    guard case .word(let word) = value else { throw wrong("true or false") }
    switch word {
    case "true", "True", "t", "1": return true
    case "false", "False", "f", "0": return false
    default: throw wrong("true or false")
    }
  }

  /// The name of a value, as in `pool: MAX`.
  package func word() throws(TextProblem) -> String {
    guard case .word(let word) = value else { throw wrong("a word without quotes") }
    return word
  }

  package func text() throws(TextProblem) -> String {
    guard case .text(let text) = value else { throw wrong("a text in quotes") }
    return text
  }
}
