import ConvolutionArithmetic
import Tensors

/// A size as it was typed: `5`, which stands for both axes, or `5x6`, height first; before it may
/// stand the channels and the number of pictures, as in `1x3x224x224`.
struct MapSize: Equatable {
  let size: Size
  /// Whether one number was typed.
  let isOneNumber: Bool
  /// The channels, if they were typed.
  let channels: Int?

  /// Reads `5`, `5x6`, `5,6`, `3x5x6` (channels first) or `1x3x5x6` (pictures, channels).
  ///
  /// - Throws: `ExitStatus` 64 if it is nothing of that kind, 65 if a number is out of range.
  init(_ text: String, _ name: String) throws(ExitStatus) {
    let numbers = try wholeNumbers(
      text.withCommasForCrosses, name, counts: [1, 2, 3, 4],
      form: "a size such as 5, or 5x6 (height x width), or 1x3x5x6 (pictures x channels x height x "
        + "width)")
    for number in numbers where !(1...largestExtent).contains(number) {
      throw .data("\(name) is \(text); each extent must be from 1 to \(largestExtent)")
    }
    let extents = numbers.suffix(2)
    size = Size(height: extents.first!, width: extents.last!)
    isOneNumber = numbers.count == 1
    channels = numbers.count > 2 ? numbers[numbers.count - 3] : nil
  }

  /// `5` or `5×6`
  var text: String { isOneNumber ? "\(size.height)" : size.description }
}
