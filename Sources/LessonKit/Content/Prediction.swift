internal import Tensors

/// A question asked before its answer is shown.
///
/// What a reader types is right if it says the same, however it is written:
///
/// ```swift
/// let sizes = Prediction(question: "Which sizes?", answer: "5 6", why: "…", anyOrder: true)
/// sizes.accepts("6 and 5")   // true; so are "5, 6", "{5;6}" and "5 to 6"
/// let peak = Prediction(question: "How high?", answer: "¾", why: "…")
/// peak.accepts(".75")        // true; so are "3/4" and "= 0.75"
/// let again = Prediction(question: "Is it?", answer: "no", why: "…")
/// again.accepts("No, only the shape")   // true; so are "n" and "nope"
/// ```
public struct Prediction: Hashable, Sendable {
  /// What is asked; it ends in a question mark.
  public let question: String
  /// The answer, computed.
  public let answer: String
  /// Why that is the answer.
  public let why: String
  /// Whether the question asks for a set, so that its numbers may come in any order.
  public let anyOrder: Bool
  /// Other words that are right as well.
  public let also: [String]

  /// A question, its answer and the reason.
  public init(
    question: String, answer: String, why: String, anyOrder: Bool = false, also: [String] = []
  ) {
    (self.question, self.answer, self.why) = (question, answer, why)
    (self.anyOrder, self.also) = (anyOrder, also)
  }

  /// Whether `reply` says what the answer says, or one of its other words.
  ///
  /// The answer itself tells how it is read: numbers are compared as numbers, `yes` and `no` by how
  /// the reply begins, anything else word by word.
  public func accepts(_ reply: String) -> Bool {
    let reply = Reply(reply)
    return ([answer] + also).contains { text in
      let expected = Reply(text)
      if text == answer, let isYes = expected.isYes, expected.words.count == 1 {
        return reply.isYes == isYes
      }
      if expected.words.isEmpty { return reply.says(expected.numbers, anyOrder: anyOrder) }
      return reply.numbers == expected.numbers && reply.telling == expected.telling
    }
  }
}

/// What somebody typed, taken apart.
private struct Reply {
  enum Token: Equatable {
    case number(Fraction)
    case word(String)
    /// Something between two numbers that may mean all between: `-`, `..`, `to`.
    case through
    case equals
  }

  let tokens: [Token]
  /// What it says if it is one number: `0,75` with the comma that is a point in half of the world,
  /// `3 / 4` with blanks.
  let alone: [Fraction]

  init(_ text: String) {
    let plain = Array(Glyphs.ascii.spell(text).lowercased())
    tokens = Reply.tokens(plain)
    let joined = plain.indices.filter { index in
      plain[index] != " " || !plain[max(0, index - 1)...].prefix(3).contains("/")
    }
    let readings = [plain.map { $0 == "," ? "." : $0 }, joined.map { plain[$0] }]
    alone = readings.map(Reply.tokens).flatMap { tokens in
      tokens.count == 1 ? Reply.numbers(tokens[...]) : []
    }
  }

  var numbers: [Fraction] { Reply.numbers(tokens[...]) }

  var words: [String] {
    tokens.compactMap { if case .word(let word) = $0 { word } else { nil } }
  }

  /// The words that carry something.
  var telling: [String] { words.filter { !Reply.fillers.contains($0) } }

  /// Yes or no, as the reply begins; nil if it says neither, or both.
  var isYes: Bool? {
    func meaning(_ word: String) -> Bool? {
      Reply.yes.contains(word) ? true : Reply.no.contains(word) ? false : nil
    }
    let words = words.filter { $0 != "and" && $0 != "or" }
    guard let first = words.first, let answer = meaning(first) else { return nil }
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
      if numbers == expected { return true }
      guard expected.count == 1 else { return false }
      // 5 1/2 is one number where one is asked for.
      let isMixed =
        numbers.count == 2 && numbers[0].isInteger && numbers[0] >= 0 && numbers[1] > 0
        && numbers[1] < 1
      return alone.contains(expected[0]) || isMixed && numbers[0] + numbers[1] == expected[0]
    }
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
          value - last < 1000
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
        while index < text.count, text[index].isLetter || text[index] == "'" { index += 1 }
        let word = String(text[start..<index])
        switch word {
        case "minus", "negative": isNegative = true
        case "to", "through", "until": tokens.append(.through)
        default:
          let value = spelled.firstIndex(of: word).map { Fraction(isNegative ? -$0 : $0) }
          tokens.append(value.map { .number($0) } ?? .word(word))
          isNegative = isNegative && value == nil
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
    if index < text.count, text[index] == "%" {
      index += 1
      below *= 100
    }
    guard whole.count < 10, let value = Int(whole) else { return nil }
    return Fraction(value, below)
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  private static let yes: Set<String> = ["yes", "y", "yep", "yeah", "yup", "sure", "true"]
  private static let no: Set<String> = ["no", "n", "nope", "nah", "not", "never", "false"]

  /// Numbers as words, from 0.
  private static let spelled = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
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
