/// A piece of Swift cut into tokens, with just so much grammar as small changes need: which brackets
/// belong together, where statements begin, what the operands of an operator are.
struct Code {
  /// A word, a number, an operator or a bracket.
  struct Token {
    let text: String
    /// Where it stands in the characters.
    let range: Range<Int>
    let spaceBefore: Bool
    /// Whether it is the first of a statement.
    var begins = false
    /// The partner of a bracket.
    var partner: Int?

    var isWord: Bool { text.first.map { $0.isLetter || $0 == "_" || $0 == "$" } ?? false }
    var isNumber: Bool { text.first?.isNumber ?? false }
    var isOpening: Bool { ["(", "[", "{"].contains(text) }
    var isClosing: Bool { [")", "]", "}"].contains(text) }
  }

  let characters: [Character]
  private(set) var tokens: [Token] = []

  init(_ text: String) {
    characters = Array(text)
    cut()
    findStatements()
  }

  /// How tightly the operators bind that stand between two operands.
  static let precedence: [String: Int] = [
    "*": 5, "/": 5, "%": 5, "+": 4, "-": 4, "..<": 3, "...": 3, "~=": 2, "<": 2, "<=": 2, ">": 2,
    ">=": 2, "==": 2, "!=": 2, "&&": 1, "||": 1,
  ]

  subscript(_ range: Range<Int>) -> String { String(characters[range]) }

  /// The text with another in this place.
  func replacing(_ range: Range<Int>, with text: String) -> String {
    String(characters[..<range.lowerBound]) + text + String(characters[range.upperBound...])
  }

  /// Whether the token is an operator between two operands.
  func isBinary(_ index: Int) -> Bool {
    guard Code.precedence[tokens[index].text] != nil, index > 0, index + 1 < tokens.count else {
      return false
    }
    let (before, after) = (tokens[index - 1], tokens[index + 1])
    return !before.isOpening && before.text != "," && !after.isClosing && after.text != ","
      && (tokens[index].spaceBefore || tokens[index].text.hasPrefix(".."))
  }

  /// The first token of the operand that ends just before the operator.
  func leftOperand(of index: Int) -> Int {
    let own = Code.precedence[tokens[index].text] ?? 0
    var first = unitStart(index - 1)
    while first > 1, isBinary(first - 1), Code.precedence[tokens[first - 1].text]! > own {
      first = unitStart(first - 2)
    }
    return first
  }

  /// The last token of the operand that begins just after the operator.
  func rightOperand(of index: Int) -> Int {
    let own = Code.precedence[tokens[index].text] ?? 0
    var last = unitEnd(index + 1)
    while last + 2 < tokens.count, isBinary(last + 1),
      Code.precedence[tokens[last + 1].text]! > own
    {
      last = unitEnd(last + 2)
    }
    return last
  }

  /// The last token of the whole expression that begins here.
  func expressionEnd(_ index: Int) -> Int {
    var last = unitEnd(index)
    while last + 2 < tokens.count, isBinary(last + 1) { last = unitEnd(last + 2) }
    return last
  }

  /// The last token of the statement that begins here.
  func statementEnd(_ index: Int) -> Int {
    var last = index
    while true {
      if let partner = tokens[last].partner, partner > last { last = partner }
      guard last + 1 < tokens.count, !tokens[last + 1].begins, !tokens[last + 1].isClosing else {
        return last
      }
      last += 1
    }
  }

  /// The characters of these tokens.
  func span(_ first: Int, _ last: Int) -> Range<Int> {
    tokens[first].range.lowerBound..<tokens[last].range.upperBound
  }

  /// What stands between a pair of brackets, cut at the commas: first and last token of each.
  func parts(inside opening: Int) -> [ClosedRange<Int>] {
    guard let closing = tokens[opening].partner, closing > opening + 1 else { return [] }
    var parts: [ClosedRange<Int>] = []
    var (first, index) = (opening + 1, opening + 1)
    while index < closing {
      if tokens[index].isOpening, let partner = tokens[index].partner { index = partner }
      if tokens[index].text == "," {
        parts.append(first...(index - 1))
        first = index + 1
      }
      index += 1
    }
    if first < closing { parts.append(first...(closing - 1)) }
    return parts
  }

  /// A unit is what has no space in it outside of brackets: `x.height`, `w[0, 0, row]`, `f(a + b)`.
  private func unitStart(_ index: Int) -> Int {
    var first = index
    while true {
      if let partner = tokens[first].partner, partner < first { first = partner }
      let isAlone = tokens[first].spaceBefore || first == 0 || tokens[first].begins
      if isAlone || tokens[first - 1].isOpening || tokens[first - 1].text.hasPrefix("..") {
        return first
      }
      first -= 1
    }
  }

  private func unitEnd(_ index: Int) -> Int {
    var last = index
    while true {
      if let partner = tokens[last].partner, partner > last { last = partner }
      guard last + 1 < tokens.count else { return last }
      let next = tokens[last + 1]
      if next.spaceBefore || next.begins || next.isClosing || [",", ":"].contains(next.text)
        || next.text.hasPrefix("..")
      {
        return last
      }
      last += 1
    }
  }

  private mutating func cut() {
    var (index, spaces, open) = (0, true, [Int]())
    while index < characters.count {
      if characters[index].isWhitespace {
        (index, spaces) = (index + 1, true)
        continue
      }
      if characters[index] == "/", index + 1 < characters.count, characters[index + 1] == "/" {
        while index < characters.count, !characters[index].isNewline { index += 1 }
        continue
      }
      let end = tokenEnd(index)
      tokens.append(
        Token(text: String(characters[index..<end]), range: index..<end, spaceBefore: spaces))
      if tokens[tokens.count - 1].isOpening { open.append(tokens.count - 1) }
      if tokens[tokens.count - 1].isClosing, let opening = open.popLast() {
        tokens[tokens.count - 1].partner = opening
        tokens[opening].partner = tokens.count - 1
      }
      (index, spaces) = (end, false)
    }
  }

  private func tokenEnd(_ start: Int) -> Int {
    func run(_ belongs: (Character) -> Bool) -> Int {
      characters[start...].firstIndex { !belongs($0) } ?? characters.count
    }
    let first = characters[start]
    if first.isLetter || first == "_" || first == "$" {
      return run { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
    }
    if first.isNumber {
      var end = run { $0.isNumber }
      if end + 1 < characters.count, characters[end] == ".", characters[end + 1].isNumber {
        end = characters[(end + 1)...].firstIndex { !$0.isNumber } ?? characters.count
      }
      return end
    }
    let operators = "+-*/%=<>!&|~.?"
    guard operators.contains(first) else { return start + 1 }
    let end = run { operators.contains($0) }
    // A dot before a name, a `!` or `?` after one, stand alone.
    return ["..<", "..."].contains(String(characters[start..<end])) || !".!".contains(first)
      || String(characters[start..<end]) == "!=" ? end : start + 1
  }

  /// A line begins a statement unless it goes on with what the line before left open.
  private mutating func findStatements() {
    let goesOn = Set(Code.precedence.keys).union(["?", ":", "=", "+=", "-=", ".", ",", ")", "]"])
    for index in tokens.indices {
      guard index > 0 else {
        tokens[index].begins = true
        continue
      }
      let between = characters[tokens[index - 1].range.upperBound..<tokens[index].range.lowerBound]
      let isNewLine = between.contains { $0.isNewline }
      let before = tokens[index - 1].text
      tokens[index].begins =
        (isNewLine || before == "{") && !goesOn.contains(tokens[index].text)
        && (before == "{" || before == "}" || !goesOn.subtracting([")", "]"]).contains(before))
        && !["(", "["].contains(before) && tokens[index].text != "}"
    }
  }
}
