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
