import ConvolutionArithmetic
import Tensors

/// One number for every axis, or two: height and width.
struct Extents: Equatable {
  let numbers: [Int]

  /// The value of an option such as `2` or `2,3`; nil if it was not given.
  ///
  /// - Throws: `ExitStatus` 64 if it is not one or two whole numbers.
  init?(_ arguments: Arguments, _ name: String) throws(ExitStatus) {
    guard let text = arguments[name] else { return nil }
    if try OperationOptions.dimensions(arguments) == 3 {
      numbers = [try numberOfVolume(text, "--\(name)", counts: [1, 3], form: "2, or 2,2,2")]
    } else {
      numbers = try wholeNumbers(
        text.withCommasForCrosses, "--\(name)", counts: [1, 2], form: "2 or 2,3 (height,width)",
        typed: text)
    }
  }

  /// Both axes of a map; for a sequence, whose height is 1, the one number and `neutral`.
  ///
  /// - Throws: `ExitStatus` 65 if there are two numbers for a sequence.
  func size(_ name: String, isSequence: Bool, neutral: Int) throws(ExitStatus) -> Size {
    guard isSequence else {
      return Size(height: numbers[0], width: numbers[numbers.count - 1])
    }
    guard numbers.count == 1 else {
      throw .data(
        "--\(name) has \(numbers.count) numbers; one is expected for an input of one axis")
    }
    return Size(height: neutral, width: numbers[0])
  }
}

/// The one number that is typed for the axes of a volume, once or for each of them.
///
/// - Throws: `ExitStatus` 64 if the axes differ: a volume is computed as one axis.
private func numberOfVolume(
  _ text: String, _ name: String, counts: [Int], form: String
) throws(ExitStatus) -> Int {
  let numbers = try wholeNumbers(
    text.withCommasForCrosses, name, counts: counts, form: form, typed: text)
  try checkAxesOfVolume(numbers, name)
  return numbers[0]
}

private func checkAxesOfVolume(_ numbers: [Int], _ name: String) throws(ExitStatus) {
  guard Set(numbers).count > 1 else { return }
  throw .usage(
    "\(name) is \(numbers.map(String.init).joined(separator: ",")); a volume is computed with one "
      + "number for its three axes; where they differ, each axis is a question of its own, as with "
      + "--dimensions 1")
}

extension String {
  /// `3x3`, `(3, 3)` and `[3,3]` as `3,3`: people type a size as they write it elsewhere.
  var withCommasForCrosses: String {
    let marks = "0123456789+-xX×*,()[] "
    guard contains(where: \.isWholeNumber), allSatisfy(marks.contains) else { return self }
    return String(
      compactMap { character in
        switch character {
        case "x", "X", "×", "*": ","
        case "(", ")", "[", "]", " ": nil
        default: character
        }
      })
  }
}

extension Arguments {
  /// The value of an option as one whole number of any size that can be held; nil if not given.
  func number(_ name: String) throws(ExitStatus) -> Int? {
    guard let text = self[name] else { return nil }
    return try wholeNumbers(text, "--\(name)", counts: [1], form: "one whole number")[0]
  }
}

/// Whole numbers with commas between them.
///
/// - Parameter typed: what came, if the text was made of that.
/// - Throws: `ExitStatus` 64 if one is not a whole number or their count is not among `counts`; 65
///   if one is too large for any geometry.
func wholeNumbers(
  _ text: String, _ name: String, counts: [Int], form: String, typed: String? = nil
) throws(ExitStatus) -> [Int] {
  let typed = typed ?? text
  let parts = text.split(separator: ",", omittingEmptySubsequences: false)
  var numbers: [Int] = []
  for part in parts {
    let digits = part.first == "-" || part.first == "+" ? part.dropFirst() : part
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .usage("\(name) is \"\(typed)\"; write \(form)")
    }
    guard let number = Int(part) else {
      throw .data("\(name) is \(typed); numbers up to \(largestExtent) are computed with")
    }
    numbers.append(number)
  }
  guard counts.contains(numbers.count) else {
    throw .usage("\(name) has \(numbers.count) numbers; write \(form)")
  }
  return numbers
}

/// A size as it was typed: `5`, which stands for both axes, or `5x6`, height first; before it may
/// stand the channels and the number of pictures, as in `1x3x224x224`.
struct MapSize: Equatable {
  let size: Size
  /// Whether one number was typed.
  let isOneNumber: Bool
  /// The channels, if they were typed.
  let channels: Int?

  /// Reads `5`, `5x6`, `5,6`, `3x5x6` (channels first) or `1x3x5x6` (pictures, channels); of a volume
  /// `5`, `5x5x5` or `3x5x5x5`.
  ///
  /// - Throws: `ExitStatus` 64 if it is nothing of that kind, 65 if a number is out of range.
  init(_ text: String, _ name: String, dimensions: Int? = nil) throws(ExitStatus) {
    let isVolume = dimensions == 3
    let numbers = try wholeNumbers(
      text.withCommasForCrosses, name, counts: isVolume ? [1, 3, 4, 5] : [1, 2, 3, 4],
      form: isVolume
        ? "a size such as 5, or 5x5x5, or 1x3x5x5x5 (pictures x channels x the three axes)"
        : "a size such as 5, or 5x6 (height x width), or 1x3x5x6 (pictures x channels x height x "
          + "width)",
      typed: text)
    for number in numbers where !(1...largestExtent).contains(number) {
      throw .data("\(name) is \(text); each extent must be from 1 to \(largestExtent)")
    }
    let extents = numbers.suffix(isVolume ? 3 : 2)
    if isVolume { try checkAxesOfVolume(Array(extents), name) }
    size = Size(height: extents.first!, width: extents.last!)
    isOneNumber = numbers.count == 1 || isVolume
    channels = numbers.dropLast(extents.count).last
  }

  /// `5` or `5×6`
  var text: String { isOneNumber ? "\(size.height)" : size.description }
}

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
      if try OperationOptions.dimensions(arguments) == 3 {
        self = .cells([
          try numberOfVolume(
            text, "--padding", counts: [1, 3, 6],
            form: "1, or 1,1,1, or same, same-upper, same-lower or valid")
        ])
        return
      }
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
