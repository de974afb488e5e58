/// A small change of a solution.
struct Mutant: Hashable {
  /// The changed body.
  let body: String
  /// `line 2: room < 0 => room <= 0`: the first changed line and what became of the changed lines.
  let change: String
}

/// Makes the small changes by which wrong solutions differ from right ones.
struct Mutator {
  private let code: Code
  /// The lines of the body as it is.
  private let lines: [String]
  private let parameters: [String]
  private var found: [Mutant] = []
  private var seen: Set<String>

  /// Every small change of a function's body, each once.
  static func mutants(ofBody body: String, parameters: [String] = []) -> [Mutant] {
    var mutator = Mutator(code: Code(body), parameters: parameters, seen: [body])
    for index in mutator.code.tokens.indices { mutator.change(at: index) }
    return mutator.found
  }

  private init(code: Code, parameters: [String], seen: Set<String>) {
    (self.code, self.parameters, self.seen) = (code, parameters, seen)
    lines = Mutator.lines(of: String(code.characters))
  }

  private mutating func change(at index: Int) {
    let token = code.tokens[index]
    if token.begins { changeStatement(index) }
    if token.isNumber { changeNumber(index) }
    if token.isWord { changeWord(index) }
    if code.isBinary(index) { changeOperator(index) }
    if token.text == "(" || token.text == "[" { changeArguments(index) }
    if ["+=", "-=", "*="].contains(token.text) {
      for other in ["+=", "-=", "*=", "="] { replace(token.range, other) }
    }
    if token.text == "!" && token.spaceBefore || token.text == "-" && !code.isBinary(index) {
      replace(token.range, "")
    }
    if token.text == "?" && token.spaceBefore { changeChoice(index) }
  }

  // MARK: Statements

  private mutating func changeStatement(_ index: Int) {
    let words = code.tokens
    if !["let", "var", "func", "switch", "case"].contains(words[index].text) {
      replace(code.span(index, code.statementEnd(index)), "")
    }
    if words[index].text == "if" || words[index].text == "guard" {
      var end = index + 1
      while end < words.count, words[end].text != "{", words[end].text != "else" { end += 1 }
      changeConditions(index + 1..<end)
    }
    if words[index].text == "for" {
      guard let header = words[index...].firstIndex(where: { $0.text == "{" }),
        let from = words[index..<header].firstIndex(where: { $0.text == "in" })
      else { return }
      let end = words[from..<header].firstIndex { $0.text == "where" } ?? header
      if end < header {
        replace(code.span(end, header - 1), "")
        changeConditions(end + 1..<header)
      }
      changeCollection(code.span(from + 1, end - 1))
    }
  }

  private static let parts = ["dropFirst()", "dropLast()", "prefix(1)", "suffix(1)"]

  /// All but the first, all but the last, the first alone, the last alone; a list also backwards,
  /// while numbers that are counted may come in any order.
  private mutating func changeCollection(_ range: Range<Int>) {
    let text = code[range]
    let whole = text.contains(" ") || text.contains("..") ? "(\(text))" : text
    let isList = !text.contains("..") && !text.contains("(")
    for part in Mutator.parts + (isList ? ["reversed()"] : []) {
      replace(range, "\(whole).\(part)")
    }
  }

  private mutating func changeConditions(_ range: Range<Int>) {
    var first = range.lowerBound
    for index in range {
      let isLast = index == range.upperBound - 1
      guard isLast || code.tokens[index].text == "," else { continue }
      let last = isLast ? index : index - 1
      let condition = code.span(first, last)
      for other in ["!(\(code[condition]))", "true", "false"] { replace(condition, other) }
      first = index + 1
    }
  }

  private mutating func changeChoice(_ index: Int) {
    var colon = index + 1
    while colon < code.tokens.count, code.tokens[colon].text != ":" {
      colon = max(colon, code.tokens[colon].partner ?? colon) + 1
    }
    guard colon < code.tokens.count else { return }
    var first = index
    while first > 0, !code.tokens[first].begins, !code.tokens[first - 1].isOpening,
      !["return", "=", ",", "in"].contains(code.tokens[first - 1].text)
    {
      first = min(first - 1, code.tokens[first - 1].partner ?? first)
    }
    if code.tokens[first].text == "return" { first += 1 }
    let last = code.expressionEnd(colon + 1)
    let condition = code[code.span(first, index - 1)]
    let (yes, no) = (code[code.span(index + 1, colon - 1)], code[code.span(colon + 1, last)])
    for other in [yes, no, "\(condition) ? \(no) : \(yes)"] {
      replace(code.span(first, last), other)
    }
  }

  // MARK: Operators

  private static let like = [
    ["+", "-", "*", "/", "%"], ["<", "<=", ">", ">=", "==", "!="], ["..<", "..."], ["&&", "||"],
  ]

  private mutating func changeOperator(_ index: Int) {
    let token = code.tokens[index]
    for group in Mutator.like where group.contains(token.text) {
      for other in group { replace(token.range, other) }
    }
    let (first, last) = (code.leftOperand(of: index), code.rightOperand(of: index))
    let (left, right) = (code.span(first, index - 1), code.span(index + 1, last))
    switch token.text {
    case "+", "-", "*", "/", "%", "&&", "||":
      // A term or a factor less; both exchanged where that makes a difference.
      replace(left.upperBound..<right.upperBound, "")
      let follows =
        first > 0 && code.isBinary(first - 1)
        && Code.precedence[code.tokens[first - 1].text] == Code.precedence[token.text]
      if !follows { replace(left.lowerBound..<right.lowerBound, "") }
      // `a - b - c` is `a - c - b`.
      let goesOn = follows && code.tokens[first - 1].text == token.text
      if ["-", "/", "%"].contains(token.text), !goesOn {
        replace(
          left.lowerBound..<right.upperBound, "\(code[right]) \(token.text) \(code[left])")
      }
    case "..<", "...":
      // One more, one less, the first alone, the last alone.
      let (from, to) = (code[left], code[right])
      replace(right, token.text == "..." ? "\(to) + 1" : "\(to) - 1")
      replace(left.lowerBound..<right.upperBound, token.text == "..." ? "0...0" : "0..<1")
      if Int(from) == nil {
        replace(left, "(\(from) + 1)")
        replace(left, "(\(from) - 1)")
      }
      replace(left, "(\(to) - 1)")
    default: break
    }
  }

  // MARK: Numbers and words

  private mutating func changeNumber(_ index: Int) {
    let token = code.tokens[index]
    if let whole = Int(token.text) {
      replace(token.range, "\(whole + 1)")
      replace(token.range, whole == 0 ? "(-1)" : "\(whole - 1)")
    } else if let real = Double(token.text) {
      replace(token.range, "\(real + 1)")
      replace(token.range, "\(real - 1)")
    }
  }

  private static let kinds = [
    ["height", "width"], ["batch", "channels", "height", "width"], ["rows", "columns"],
    ["stride", "padding", "dilation", "kernelSize", "effectiveKernelSize"], ["before", "after"],
    ["weights", "velocity"], ["first", "last"], ["numerator", "denominator"], ["a", "b"],
    ["min", "max"], ["exp", "log"], ["floor", "ceil"], ["true", "false"], ["continue", "break"],
    ["scoreFc7", "scorePool4", "scorePool3"], ["fc7", "pool4", "pool3"], ["size", "jump"],
    ["outInHeightWidth", "heightWidthInOut", "inOutHeightWidth"], ["crop", "upsample"],
    ["area", "height", "width"], ["prefix", "dropFirst", "dropLast", "suffix"],
  ]

  private static let keywords: Set = [
    "let", "var", "for", "in", "if", "else", "guard", "return", "while", "func", "switch", "case",
    "try", "continue", "break", "where", "true", "false", "nil", "_", "throws", "inout",
  ]

  private mutating func changeWord(_ index: Int) {
    let token = code.tokens[index]
    for kind in Mutator.kinds where kind.contains(token.text) {
      for other in kind { replace(token.range, other) }
    }
    let tokens = code.tokens
    let isMember = index > 0 && tokens[index - 1].text == "."
    if isMember {
      if token.text == "magnitude" {
        replace(tokens[index - 1].range.lowerBound..<token.range.upperBound, "")
      }
      if token.text == "indices" || token.text == "enumerated" {
        let end = token.text == "enumerated" ? index + 2 : index
        for part in Mutator.parts {
          replace(tokens[end].range.upperBound..<tokens[end].range.upperBound, ".\(part)")
        }
      }
    }
    guard !isMember, isValue(index) else { return }
    let isThing = isThing(token.text)
    for other in values(before: index) where self.isThing(other) == isThing {
      replace(token.range, other)
    }
    // One more, one less, none of the number that a name, or a path of names, stands for.
    var last = index
    while last + 2 < tokens.count, tokens[last + 1].text == ".", tokens[last + 2].isWord {
      last += 2
    }
    if last + 1 < tokens.count, ["(", "[", "."].contains(tokens[last + 1].text),
      !tokens[last + 1].spaceBefore
    {
      return
    }
    if isThing && last == index { return }
    let path = code.span(index, last)
    for other in ["(\(code[path]) + 1)", "(\(code[path]) - 1)", "0"] { replace(path, other) }
  }

  /// Whether a name has members or elements anywhere, and is no mere number; only names of like kind
  /// are exchanged.
  private func isThing(_ name: String) -> Bool {
    code.tokens.indices.dropLast().contains { index in
      let next = code.tokens[index + 1]
      let isMember = index > 0 && code.tokens[index - 1].text == "."
      return code.tokens[index].text == name && !isMember && !next.spaceBefore
        && [".", "["].contains(next.text)
    }
  }

  /// Whether the word is read as a value: no keyword, type, label, declaration or called function.
  private func isValue(_ index: Int) -> Bool {
    let tokens = code.tokens
    let text = tokens[index].text
    guard !Mutator.keywords.contains(text), text.first?.isUppercase == false else { return false }
    if index + 1 < tokens.count {
      let next = tokens[index + 1]
      if next.text == ":" && !next.spaceBefore || next.text == "(" && !next.spaceBefore {
        return false
      }
    }
    return !declares(index)
  }

  /// Whether a name is given to a value here: after `let`, also in brackets, or before `in`.
  private func declares(_ index: Int) -> Bool {
    let tokens = code.tokens
    var (first, last) = (index, index)
    func isList(_ index: Int) -> Bool {
      tokens[index].isWord && !Mutator.keywords.contains(tokens[index].text)
        || tokens[index].text == ","
    }
    while first > 0, isList(first - 1) { first -= 1 }
    while last + 1 < tokens.count, isList(last + 1) { last += 1 }
    let after = last + 1 < tokens.count ? tokens[last + 1].text : ""
    guard first > 0 else { return false }
    if tokens[first - 1].text == "(", first > 1 { first -= 1 }
    let before = tokens[first - 1].text
    return ["let", "var", "for", "func"].contains(before) || before == "{" && after == "in"
  }

  /// The parameters, and the words that have been read or declared before this place.
  private func values(before index: Int) -> [String] {
    var values = parameters
    for earlier in 0..<index {
      let token = code.tokens[earlier]
      let isMember = earlier > 0 && code.tokens[earlier - 1].text == "."
      if token.isWord, !isMember, declares(earlier) || isValue(earlier),
        !values.contains(token.text)
      {
        values.append(token.text)
      }
    }
    if code.tokens[index].text.hasPrefix("$") { values += ["$0", "$1"] }
    return values
  }

  // MARK: Arguments

  private mutating func changeArguments(_ index: Int) {
    let parts = code.parts(inside: index)
    guard parts.count > 1 else { return }
    // The values, without their labels.
    let values = parts.map { part in
      let hasLabel =
        part.count > 2 && code.tokens[part.lowerBound + 1].text == ":"
        && code.tokens[part.lowerBound].isWord
      return code.span(part.lowerBound + (hasLabel ? 2 : 0), part.upperBound)
    }
    for (a, b) in zip(values, values.dropFirst()) {
      let between = code[a.upperBound..<b.lowerBound]
      replace(a.lowerBound..<b.upperBound, code[b] + between + code[a])
    }
  }

  // MARK: Keeping

  private mutating func replace(_ range: Range<Int>, _ text: String) {
    let body = code.replacing(range, with: text)
    guard seen.insert(body).inserted else { return }
    found.append(Mutant(body: body, change: change(to: body)))
  }

  /// The lines that are not empty, with one space between words.
  private static func lines(of text: String) -> [String] {
    text.utf8.split(separator: UInt8(ascii: "\n")).map { line in
      line.split(separator: UInt8(ascii: " ")).map { String($0)! }.joined(separator: " ")
    }.filter { !$0.isEmpty }
  }

  private func change(to body: String) -> String {
    var (a, b) = (lines[...], Mutator.lines(of: body)[...])
    while let first = a.first, first == b.first {
      a.removeFirst()
      b.removeFirst()
    }
    while let last = a.last, last == b.last {
      a.removeLast()
      b.removeLast()
    }
    let became = b.isEmpty ? "nothing" : b.joined(separator: " ")
    return "line \(a.startIndex + 1): \(a.joined(separator: " ")) => \(became)"
  }
}
