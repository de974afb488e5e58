/// Returns the words of `text` in lines of at most `width` characters.
///
/// A word longer than a line is cut; numbers and letters in parentheses, `(k − 1)`, stay together.
/// Backquotes mark code and take no room; what stands between a pair is in the ink of code. Following
/// lines are indented by `hanging`.
package func wrap(_ text: String, width: Int, hanging: Int = 0, ink: Ink? = nil) -> [Line] {
  var lines: [Line] = []
  var line = Line()
  var isCode = false
  for word in words(of: text, upTo: (width - hanging) / 2) {
    let length = word.reduce(0) { $0 + ($1 == "`" ? 0 : 1) }
    if line.width > hanging, line.width + 1 + length > width {
      lines.append(line)
      line = Line(String(repeating: " ", count: hanging))
    } else if line.width > (lines.isEmpty ? 0 : hanging) {
      line.append(" ")
    }
    var piece = ""
    for character in word {
      if character == "`" {
        line.append(piece, isCode ? .code : ink)
        piece = ""
        isCode.toggle()
      } else {
        if line.width + piece.count >= width {
          line.append(piece, isCode ? .code : ink)
          piece = ""
          lines.append(line)
          line = Line(String(repeating: " ", count: hanging))
        }
        piece.append(character)
      }
    }
    line.append(piece, isCode ? .code : ink)
  }
  if line.width > 0 { lines.append(line) }
  return lines
}

/// The words, those of a short formula in parentheses as one.
private func words(of text: String, upTo longest: Int) -> [Substring] {
  let words = text.split(separator: " ")
  var result: [Substring] = []
  var index = 0
  while index < words.count {
    var depth = 0
    var end = index
    repeat {
      for character in words[end] { depth += character == "(" ? 1 : character == ")" ? -1 : 0 }
      end += 1
    } while depth > 0 && end < min(words.count, index + 12)
    let group = text[words[index].startIndex..<words[end - 1].endIndex]
    // A remark in words may be broken.
    let isFormula =
      end > index + 1 && depth == 0 && group.count <= longest
      && group.split { !$0.isLetter }.allSatisfy { $0.count == 1 }
    result.append(isFormula ? group : words[index])
    index = isFormula ? end : index + 1
  }
  return result
}

/// Which characters may be printed.
public enum Glyphs: String, Hashable, Sendable {
  /// All of them.
  case unicode
  /// ASCII alone: for terminals without UTF-8, and for screen readers.
  case ascii

  /// The text in these characters.
  ///
  /// ```swift
  /// Glyphs.ascii.spell("o = ⌊(i−k)/s⌋ + 1, ¾·x")   // "o = floor((i-k)/s) + 1, 3/4*x"
  /// ```
  public func spell(_ text: String) -> String {
    guard self == .ascii, !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
    var result = ""
    var followsFraction = false
    for character in text {
      let spelling = character.isASCII ? String(character) : Glyphs.spellings[character] ?? "?"
      let isFraction = !character.isASCII && spelling.first!.isNumber && spelling.contains("/")
      // 4½ is 4 1/2, not 41/2, and ½x is 1/2*x, not 1/(2x).
      if isFraction, result.last?.isNumber == true { result += " " }
      if followsFraction, character.isLetter { result += "*" }
      followsFraction = isFraction
      result += spelling
    }
    return result
  }

  /// How a plain text spells a character that is not ASCII.
  static let spellings: [Character: String] = [
    "·": "*", "×": "x", "−": "-", "–": "-", "—": "-", "…": "...", "±": "+/-", "÷": "/",
    "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "→": "->", "←": "<-", "↔": "<->", "↓": "down",
    "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "∗": "(*)", "⟨": "<", "⟩": ">",
    "′": "'", "″": "''", "°": " degrees", "Σ": "sum", "Δ": "delta", "√": "sqrt ", "∞": "infinity",
    "ᵀ": "^T", "²": "^2", "³": "^3", "⁻": "^-", "¹": "1", "⁵": "5", "∂": "d", "σ": "sigma",
    "λ": "lambda",
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅛": "1/8", "⅜": "3/8",
    "⅝": "5/8", "⅞": "7/8", "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "ŷ": "y", "ŵ": "w",
    "x̂": "x^", "k̂": "k^", "“": "\"", "”": "\"", "‘": "'", "’": "'", "✓": "[holds]",
    "✗": "[FALSE]", "é": "e", "ö": "o", "•": "-",
  ]
}

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
