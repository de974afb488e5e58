import Tensors

/// What somebody typed, taken apart.
struct Reply {
  enum Token: Equatable {
    case number(Fraction)
    case word(String)
    /// Something between two numbers that may mean all between: `-`, `..`, `to`.
    case through
    case equals
  }

  let tokens: [Token]
  /// What it says if it is one number: `0,75` with the comma that is a point in half of the world,
  /// `3 / 4` with blanks, `2·1 + 3·0` worked out.
  let alone: [Fraction]
  /// The numbers if each comma is a point, as in `0,75 1 1,25`.
  let withPoints: [Fraction]

  /// The decimal that it is; nil if it is none.
  let decimal: TypedDecimal?

  init(_ text: String) {
    let plain = Reply.withDigits(Array(Glyphs.ascii.spell(text).lowercased()))
    decimal = TypedDecimal(plain)
    tokens = Reply.tokens(plain)
    let joined = plain.indices.filter { index in
      plain[index] != " " || !plain[max(0, index - 1)...].prefix(3).contains("/")
    }
    let pointed = plain.map { $0 == "," ? "." : $0 }
    let readings = [pointed, joined.map { plain[$0] }]
    withPoints = Reply.numbers(Reply.tokens(pointed)[...])
    alone =
      readings.map(Reply.tokens).flatMap { tokens in
        tokens.count == 1 ? Reply.numbers(tokens[...]) : []
      } + [TypedSum(plain).value].compactMap { $0 }
  }

  var numbers: [Fraction] { Reply.numbers(tokens[...]) }

  var words: [String] {
    tokens.compactMap { if case .word(let word) = $0 { word } else { nil } }
  }

  /// The words that carry something, in the singular.
  var telling: [String] {
    words.filter { !Reply.fillers.contains($0) }.map { word in
      word.hasSuffix("sses")
        ? String(word.dropLast(2))
        : word.count > 3 && word.hasSuffix("s") && !word.hasSuffix("ss")
          ? String(word.dropLast()) : word
    }
  }

  /// Yes or no, as the reply begins; nil if it says neither, or both.
  var isYes: Bool? {
    func meaning(_ word: String) -> Bool? {
      Reply.yes.contains(word) ? true : Reply.no.contains(word) ? false : nil
    }
    var words = words.filter { $0 != "and" && $0 != "or" }
    if words.starts(with: ["of", "course"]) {
      words.removeFirst(2)
      if words.isEmpty { return true }
    }
    if let second = words.dropFirst().first {
      if words[0] == "no", ["doubt", "question", "problem"].contains(second) { return true }
    }
    guard let first = words.first, let answer = meaning(first) else { return nil }
    // "Not no" is neither.
    if ["not", "never"].contains(first), words.dropFirst().first.flatMap(meaning) != nil {
      return nil
    }
    return words.dropFirst().first.flatMap(meaning) == !answer ? nil : answer
  }

  /// Whether it says these numbers: all of them, or what stands behind its last `=`.
  func says(_ expected: [Fraction], anyOrder: Bool) -> Bool {
    guard !words.contains(where: Reply.changers.contains), anyOrder || !words.contains("or") else {
      return false
    }
    let behind = tokens.lastIndex(of: .equals).map { tokens[($0 + 1)...] }
    return [tokens[...], behind ?? []].contains { part in
      let numbers = Reply.numbers(part)
      guard !numbers.isEmpty else { return false }
      if anyOrder { return Set(Reply.listed(part)) == Set(expected) }
      if numbers == expected || withPoints == expected { return true }
      guard expected.count == 1 else { return false }
      // 5 1/2 is one number where one is asked for.
      let isMixed =
        numbers.count == 2 && numbers[0].isInteger && numbers[0] >= 0 && numbers[1] > 0
        && numbers[1] < 1
      return alone.contains(expected[0])
        || isMixed && (try? numbers[0].adding(numbers[1])) == expected[0]
    }
  }

  /// The text with ` 1/2` for each ` and a half`.
  private static func withDigits(_ text: [Character]) -> [Character] {
    let words = Array(" and a half")
    guard let place = text.indices.first(where: { text[$0...].starts(with: words) }) else {
      return text
    }
    return text[..<place] + " 1/2" + withDigits(Array(text[(place + words.count)...]))
  }

  private static func numbers(_ tokens: ArraySlice<Token>) -> [Fraction] {
    tokens.compactMap { if case .number(let value) = $0 { value } else { nil } }
  }

  /// The numbers, and those between two whole ones with `to` between them.
  private static func listed(_ tokens: ArraySlice<Token>) -> [Fraction] {
    var result: [Fraction] = []
    var isThrough = false
    for token in tokens {
      switch token {
      case .number(let value):
        if isThrough, let last = result.last, last.isInteger, value.isInteger, last < value,
          value.numerator - last.numerator < 1000
        {
          result += (last.floor + 1..<value.floor).map { Fraction($0) }
        }
        result.append(value)
        isThrough = false
      case .through: isThrough = true
      case .word, .equals: break
      }
    }
    return result
  }

  private static func tokens(_ text: [Character]) -> [Token] {
    var tokens: [Token] = []
    var isNegative = false
    var index = 0
    while index < text.count {
      let start = index
      let next = index + 1 < text.count ? text[index + 1] : " "
      let startsNumber = isDigit(text[index]) || text[index] == "." && isDigit(next)
      if startsNumber {
        let value = number(text, &index)
        tokens.append(
          value.map { .number(isNegative ? 0 - $0 : $0) } ?? .word(String(text[start..<index])))
        isNegative = false
      } else if text[index].isLetter {
        if let value = spelledNumber(text, &index) {
          tokens.append(.number(Fraction(isNegative ? -value : value)))
          isNegative = false
          continue
        }
        let word = letters(text, &index)
        switch word {
        case "minus", "negative": isNegative = true
        case "to", "through", "until": tokens.append(.through)
        default: tokens.append(.word(word))
        }
      } else {
        switch text[index] {
        case "-":
          // 5-6 and 5 - 6 go from one to the other; in 5 -6 and = - 6 it is a sign.
          let before = next == " " ? text[..<start].last { $0 != " " } : text[..<start].last
          isNegative = before.map { !isDigit($0) } ?? true
          if !isNegative { tokens.append(.through) }
        case "." where next == ".":
          tokens.append(.through)
          while index + 1 < text.count, text[index + 1] == "." { index += 1 }
        case "=": tokens.append(.equals)
        default: break
        }
        index += 1
      }
    }
    return tokens
  }

  /// `14`, `14.0`, `.75`, `3/4`, `75%`; nil if it is too long to be compared.
  private static func number(_ text: [Character], _ index: inout Int) -> Fraction? {
    func digits() -> String {
      let start = index
      while index < text.count, isDigit(text[index]) { index += 1 }
      return String(text[start..<index])
    }
    func isAt(_ character: Character) -> Bool {
      index + 1 < text.count && text[index] == character && isDigit(text[index + 1])
    }
    var whole = digits()
    var below = 1
    if isAt(".") {
      index += 1
      var decimals = digits()
      while decimals.last == "0" { decimals.removeLast() }
      guard decimals.count < 7 else { return nil }
      for _ in decimals { below *= 10 }
      whole += decimals
    } else if isAt("/") {
      index += 1
      let divisor = digits()
      guard divisor.count < 7, let value = Int(divisor), value > 0 else { return nil }
      below = value
    }
    let percent = text[index...].prefix(2).lastIndex(of: "%")
    if let percent, text[index..<percent].allSatisfy({ $0 == " " }) {
      index = percent + 1
      below *= 100
    }
    guard whole.count < 10, let value = Int(whole) else { return nil }
    return Fraction(value, below)
  }

  private static func letters(_ text: [Character], _ index: inout Int) -> String {
    let start = index
    while index < text.count, text[index].isLetter || text[index] == "'" { index += 1 }
    return String(text[start..<index])
  }

  /// `seven`, `thirty-seven`, `five hundred and sixty eight`, below a thousand; nil, and nothing passed
  /// over, if another word comes.
  private static func spelledNumber(_ text: [Character], _ index: inout Int) -> Int? {
    var value: Int?
    var (end, next) = (index, index)
    while next < text.count {
      let word = letters(text, &next)
      let rest = value.map { $0 % 100 }
      if let unit = small.firstIndex(of: word),
        rest == nil || rest == 0 && unit > 0
          || unit > 0 && unit < 10 && rest! >= 20 && rest! % 10 == 0
      {
        value = (value ?? 0) + unit
      } else if let ten = tens.firstIndex(of: word), rest == nil || rest == 0 {
        value = (value ?? 0) + 10 * (ten + 2)
      } else if word == "hundred", let digit = value, (1...9).contains(digit) {
        value = 100 * digit
      } else if word != "and" || rest != 0 || value == 0 {
        break
      }
      if word != "and" { end = next }
      guard next < text.count, text[next] == " " || text[next] == "-" else { break }
      next += 1
    }
    if value != nil { index = end }
    return value
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  private static let yes: Set<String> = ["yes", "y", "yep", "yeah", "yup", "sure", "true"]
  private static let no: Set<String> = ["no", "n", "nope", "nah", "not", "never", "false"]

  /// Numbers as words, from 0, and the tens from 20.
  private static let small = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
  ]
  private static let tens = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
  ]

  /// Words that make another number of the one they stand by.
  private static let changers: Set<String> = [
    "not", "no", "never", "neither", "nor", "isn't", "than", "least", "most", "almost", "nearly",
    "twice", "double", "half", "triple", "except", "without", "but", "more", "less", "fewer",
  ]

  private static let fillers: Set<String> = [
    "a", "an", "the", "it", "is", "its", "it's", "they", "they're", "are", "be", "will", "would",
    "all", "that", "this", "i", "think", "say", "mostly", "look", "looks",
  ]
}
