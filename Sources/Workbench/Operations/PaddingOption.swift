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

  /// The rule that chooses the cells, if none were typed.
  var rule: PaddingRule? { if case .rule(let rule) = self { rule } else { nil } }

  /// The cells that were typed, for a map, or for a sequence, whose only padding is left and right.
  ///
  /// - Throws: `ExitStatus` 65 if a side is below 0, or there are rows of padding for a sequence.
  func cells(isSequence: Bool) throws(ExitStatus) -> Padding? {
    guard case .cells(let n) = self else { return nil }
    let text = n.map(String.init).joined(separator: ",")
    guard n.allSatisfy({ $0 >= 0 }) else {
      throw .data("--padding is \(text); it must be 0 or more on every side")
    }
    switch (n.count, isSequence) {
    case (1, true): return Padding(Size(height: 0, width: n[0]))
    case (1, false): return Padding(Size(n[0]))
    case (2, true): return Padding(top: 0, left: n[0], bottom: 0, right: n[1])
    case (2, false): return Padding(Size(height: n[0], width: n[1]))
    case (4, _) where !isSequence || (n[0] == 0 && n[2] == 0):
      return Padding(top: n[0], left: n[1], bottom: n[2], right: n[3])
    default:
      throw .data(
        "--padding is \(text), and the input has one axis; write one number, or left,right")
    }
  }
}
