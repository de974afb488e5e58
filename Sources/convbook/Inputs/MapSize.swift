import CommandLineKit
import ConvolutionArithmetic
import Tensors

/// A size as it was typed: `5`, which stands for both axes, or `5x6`, height first.
struct MapSize: Equatable {
  let size: Size
  /// Whether one number was typed.
  let isOneNumber: Bool

  /// Reads `5`, `5x6` or `5,6`.
  ///
  /// - Throws: `ExitStatus` 64 if it is nothing of that kind, 65 if a number is out of range.
  init(_ text: String, _ name: String) throws(ExitStatus) {
    let commas = String(text.map { $0 == "x" || $0 == "X" || $0 == "×" ? "," : $0 })
    let numbers = try wholeNumbers(
      commas, name, counts: [1, 2], form: "a size such as 5, or 5x6 (height x width)")
    for number in numbers where !(1...largestExtent).contains(number) {
      throw .data("\(name) is \(text); each extent must be from 1 to \(largestExtent)")
    }
    size = Size(height: numbers[0], width: numbers[numbers.count - 1])
    isOneNumber = numbers.count == 1
  }

  /// `5` or `5×6`
  var text: String { isOneNumber ? "\(size.height)" : size.description }
}
