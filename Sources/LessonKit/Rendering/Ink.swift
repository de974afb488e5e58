/// What a piece of text is, for terminals with colour.
///
/// The colours are of the 256 that no theme changes, each as far from black as from white, so that it
/// can be read on both; `InkTests` measures the contrast.
package enum Ink: String, Hashable, Sendable, CaseIterable {
  case heading = "1"
  case input = "38;5;30"
  case kernel = "38;5;133"
  case output = "38;5;28"
  case window = "1;38;5;130"
  case faint = "2"
  case code = "1;38;5;30"
  case question = "1;38;5;32"
  case good = "1;38;5;28"
  case bad = "1;38;5;160"

  /// The text between the escape codes that switch the colour on and off.
  func paint(_ text: String) -> String {
    text.isEmpty ? "" : "\u{1B}[\(rawValue)m\(text)\u{1B}[0m"
  }
}

/// A line of text in pieces, so that its width is known without its colours.
package struct Line: Hashable, Sendable, ExpressibleByStringLiteral {
  package struct Piece: Hashable, Sendable {
    package let text: String
    package let ink: Ink?
  }

  package private(set) var pieces: [Piece] = []
  package private(set) var width = 0

  package init() {}

  package init(_ text: String, _ ink: Ink? = nil) {
    append(text, ink)
  }

  package init(stringLiteral value: String) {
    self.init(value)
  }

  package mutating func append(_ text: String, _ ink: Ink? = nil) {
    guard !text.isEmpty else { return }
    pieces.append(Piece(text: text, ink: ink))
    width += text.count
  }

  package mutating func append(_ line: Line) {
    pieces += line.pieces
    width += line.width
  }

  /// Adds spaces up to a width.
  package mutating func pad(to target: Int) {
    append(String(repeating: " ", count: max(0, target - width)))
  }

  /// No more of it than so many characters.
  package func cut(to target: Int) -> Line {
    guard width > target else { return self }
    var result = Line()
    for piece in pieces {
      result.append(String(piece.text.prefix(target - result.width)), piece.ink)
    }
    return result
  }

  package func indented(by count: Int) -> Line {
    guard width > 0 else { return self }
    var result = Line(String(repeating: " ", count: count))
    result.append(self)
    return result
  }

  /// The text, trailing blanks removed.
  package func text(color: Bool) -> String {
    var result = ""
    var kept = pieces
    while let last = kept.last, last.text.allSatisfy({ $0 == " " }) { kept.removeLast() }
    for (index, piece) in kept.enumerated() {
      var text = piece.text
      if index == kept.count - 1 { while text.hasSuffix(" ") { text.removeLast() } }
      result += color ? piece.ink?.paint(text) ?? text : text
    }
    return result
  }
}
