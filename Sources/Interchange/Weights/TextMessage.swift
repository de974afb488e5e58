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
