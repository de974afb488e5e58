import ConvolutionArithmetic
import Tensors

/// The value of `--padding`: numbers, or the name of a rule.
enum PaddingOption: Equatable {
  case cells([Int])
  case rule(PaddingRule)

  /// What was typed, or no padding.
  ///
  /// - Throws: `ExitStatus` 64 if it is neither a rule's name nor one, two or four whole numbers.
  init(_ arguments: Arguments) throws(ExitStatus) {
    let text = arguments["padding"] ?? "0"
    if let rule = Self.rules[text] ?? Self.rules[text.lowercased().replacing("_", with: "-")] {
      self = .rule(rule)
    } else {
      self = .cells(
        try wholeNumbers(
          text.withCommasForCrosses, "--padding", counts: [1, 2, 4],
          form: "1, or 1,2 (height,width), or top,left,bottom,right, or same, same-upper, "
            + "same-lower or valid"))
    }
  }

  /// The name of the rule, if there is one.
  var ruleName: String? {
    guard case .rule(let rule) = self else { return nil }
    return Self.rules.first { $0.value == rule && $0.key == $0.key.lowercased() }?.key
  }

  private static let rules: [String: PaddingRule] = [
    "same": .same, "same-upper": .sameUpper, "same-lower": .sameLower, "valid": .valid,
    // In capitals they are TensorFlow's and ONNX's.
    "SAME": .sameUpper,
  ]

  /// The rule for a map, or for a sequence, whose only padding is left and right.
  ///
  /// - Throws: `ExitStatus` 65 if there are rows of padding for a sequence.
  func rule(isSequence: Bool) throws(ExitStatus) -> PaddingRule {
    switch self {
    case .rule(let rule): return rule
    case .cells(let numbers):
      switch (numbers.count, isSequence) {
      case (1, true): return .cells(Padding(Size(height: 0, width: numbers[0])))
      case (1, false): return .cells(Padding(Size(numbers[0])))
      case (2, false):
        return .cells(Padding(Size(height: numbers[0], width: numbers[1])))
      case (4, _) where !isSequence || (numbers[0] == 0 && numbers[2] == 0):
        return .cells(
          Padding(top: numbers[0], left: numbers[1], bottom: numbers[2], right: numbers[3]))
      default:
        throw .data(
          "--padding is \(numbers.map(String.init).joined(separator: ",")), and the input has one "
            + "axis; write one number, or 0,left,0,right")
      }
    }
  }
}
