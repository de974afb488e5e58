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
    numbers = try wholeNumbers(
      text.withCommasForCrosses, "--\(name)", counts: [1, 2], form: "2 or 2,3 (height,width)")
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
/// - Throws: `ExitStatus` 64 if one is not a whole number or their count is not among `counts`; 65
///   if one is too large for any geometry.
func wholeNumbers(
  _ text: String, _ name: String, counts: [Int], form: String
) throws(ExitStatus) -> [Int] {
  let parts = text.split(separator: ",", omittingEmptySubsequences: false)
  var numbers: [Int] = []
  for part in parts {
    let digits = part.first == "-" || part.first == "+" ? part.dropFirst() : part
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .usage("\(name) is \"\(text)\"; write \(form)")
    }
    guard let number = Int(part) else {
      throw .data("\(name) is \(text); numbers up to \(largestExtent) are computed with")
    }
    numbers.append(number)
  }
  guard counts.contains(numbers.count) else {
    throw .usage("\(name) has \(numbers.count) numbers; write \(form)")
  }
  return numbers
}
