public import Tensors

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
        // Where "equal" would do for no, "not equal" is a yes.
        let isOpposite = also.contains { ["not"] + Reply($0).telling == reply.telling }
        return reply.isYes == isYes && !isOpposite
      }
      if expected.words.isEmpty {
        return reply.says(expected.numbers, anyOrder: anyOrder)
          || expected.numbers.count == 1 && reply.decimal?.stands(for: expected.numbers[0]) == true
      }
      return reply.numbers == expected.numbers && reply.telling == expected.telling
    }
  }

  /// Whether `reply` can't be meant as an answer: it says no number, where the answer is nothing else.
  ///
  /// ```swift
  /// Prediction(question: "How many?", answer: "5", why: "…").isMissed(by: "abc")   // true
  /// ```
  public func isMissed(by reply: String) -> Bool {
    let reply = Reply(reply)
    return ([answer] + also).allSatisfy { Reply($0).words.isEmpty } && reply.numbers.isEmpty
      && reply.decimal == nil
  }

  /// Whether `reply` says this number, exactly or as a decimal of two digits or more; nil if it says none.
  ///
  /// ```swift
  /// Prediction.says("0.074", Fraction(2, 27))   // true; so are 2/27, 0.0741 and 7.4 %
  /// ```
  public static func says(_ reply: String, _ answer: Fraction) -> Bool? {
    let decimal = Reply(reply).decimal
    if decimal?.stands(for: answer) == true { return true }
    return number(saidIn: reply).map { $0 == answer } ?? (decimal == nil ? nil : false)
  }

  /// The one number that `reply` says, as `37`, `37 cells`, `thirty-seven` or `4·9 + 1 = 37`; nil if it
  /// says none, or several.
  public static func number(saidIn reply: String) -> Fraction? {
    let reply = Reply(reply)
    let values = Set(reply.numbers + reply.alone).filter { reply.says([$0], anyOrder: false) }
    return values.count == 1 ? values.first : nil
  }
}

/// A value that a claim can show: a number, a size, or a list, set or tensor of such values.
public protocol Evidence {
  /// The value on one line, the first dozen of many.
  var evidence: String { get }
  /// The value as a member of a list.
  var listed: String { get }
}

extension Evidence {
  /// As it stands alone.
  public var listed: String { evidence }
}

extension Evidence where Self: CustomStringConvertible {
  /// As it describes itself.
  public var evidence: String { description }
}

extension Int: Evidence {}
extension Float: Evidence {}
extension Double: Evidence {}
extension Bool: Evidence {}
extension String: Evidence {}
extension Fraction: Evidence {}
extension Size: Evidence {}
extension Shape: Evidence {}

extension Array: Evidence where Element: Evidence {
  /// `1 2 3`
  public var evidence: String { firstDozen(map { $0.listed }) }
  /// `[1, 2, 3]`
  public var listed: String { "[" + map { $0.listed }.joined(separator: ", ") + "]" }
}

extension Set: Evidence where Element: Evidence {
  /// `1 2 3`: a set has no order of its own, and a page must come out the same every time.
  public var evidence: String {
    firstDozen(map { $0.listed }.sorted { ($0.count, $0) < ($1.count, $1) })
  }
}

extension Tensor: Evidence where Scalar: CustomStringConvertible {
  /// `1 2 / 3 4`
  public var evidence: String {
    guard shape.count > 16 else { return cellsText(self) }
    let first = elements.prefix(12).map { numberText($0) }.joined(separator: " ")
    return "\(first) … (\(shape.count) cells)"
  }
}

/// `1 2 3 4 5 6 7 8 9 10 11 12 … (16 numbers)`
private func firstDozen(_ members: [String]) -> String {
  let first = members.prefix(12).joined(separator: " ")
  return members.count > 12 ? "\(first) … (\(members.count) numbers)" : first
}
