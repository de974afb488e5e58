import ConvolutionArithmetic

/// One word of a text and where it stands.
struct TextWord {
  let text: String
  let line: Int
  let column: Int

  /// A comma behind a word is none of it.
  init(_ text: String, line: Int, column: Int) throws(NetworkTextError) {
    self.text = text.count > 1 && text.hasSuffix(",") ? String(text.dropLast()) : text
    (self.line, self.column) = (line, column)
    guard text.utf8.count <= Self.longest else {
      throw error("a word has \(text.count) letters; \(Self.longest) are enough")
    }
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    else {
      throw error("there is a control character in a word")
    }
  }

  private static let longest = 256

  func error(_ message: String) -> NetworkTextError {
    NetworkTextError(line: line, column: column, message: message)
  }

  /// What `make` makes; if that can't be made, this word is to blame.
  func blaming<Made>(
    _ make: () throws(GeometryError) -> Made
  ) throws(NetworkTextError) -> Made {
    do throws(GeometryError) { return try make() } catch { throw self.error("\(error)") }
  }
}

/// One layer as it is written: `name = kind words`.
struct TextStatement {
  let name: TextWord?
  let kind: TextWord
  let words: [TextWord]

  /// The statements of a text.
  static func all(_ text: String) throws(NetworkTextError) -> [TextStatement] {
    guard text.utf8.count <= 1 << 20 else {
      throw NetworkTextError(
        line: 1, column: 1, message: "the text is longer than a million letters")
    }
    var statements: [TextStatement] = []
    // Editors put a mark of the byte order before the text.
    let text = text.first == "\u{FEFF}" ? text.dropFirst() : text[...]
    for (number, line) in text.split(
      omittingEmptySubsequences: false, whereSeparator: { $0.isNewline }
    )
    .enumerated() {
      var words: [TextWord] = []
      var (current, start) = ("", 0)
      // Behind the last letter every word and the statement end.
      for (column, character) in (line.prefix { $0 != "#" } + ";").enumerated() {
        if character == ";" || character == "=" || character.isWhitespace {
          if !current.isEmpty {
            words.append(try TextWord(current, line: number + 1, column: start + 1))
          }
          current = ""
          if character == "=" {
            words.append(try TextWord("=", line: number + 1, column: column + 1))
          }
          if character == ";", !words.isEmpty {
            statements.append(try TextStatement(words))
            words = []
          }
        } else {
          if current.isEmpty { start = column }
          current.append(character)
        }
      }
    }
    return statements
  }

  private init(_ words: [TextWord]) throws(NetworkTextError) {
    let equals = words.indices.filter { words[$0].text == "=" }
    if let wrong = equals.first(where: { $0 != 1 }) {
      throw words[wrong].error("= stands between one name and its layer, as in a = conv 64 k3")
    }
    let rest = equals.isEmpty ? words[...] : words[2...]
    guard let kind = rest.first else {
      throw words[1].error("behind = a layer is missing, as in \(words[0].text) = conv 64 k3")
    }
    (name, self.kind, self.words) = (equals.isEmpty ? nil : words[0], kind, Array(rest.dropFirst()))
  }
}
