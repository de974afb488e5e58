import ExerciseKit
import Foundation
import Tensors

/// Return the mean loss of the `scores` (1, classes, height, width) against the `labels`, one label for
/// each pixel, row after row. Pixels whose label is `ignored` do not count.
///
/// A pixel's loss is −ln of the softmax of its scores at its label: ln(Σ e^score) − score of the label.
/// Take the largest score m out of the exponentials, or e^1000 is infinite:
/// ln(Σ e^(score − m)) + m − score of the label. If every pixel is ignored, the loss is 0.
///
///     scores 0 and 0 for two classes, label 1   // ln 2 = 0.6931…
public func maskedCrossEntropy(
  _ scores: Tensor<Double>, labels: [Int], ignored: Int
) throws -> Double {
  // solution
  var (sum, count) = (0.0, 0)
  for (pixel, label) in labels.enumerated() where label != ignored {
    let (row, column) = (pixel / scores.width, pixel % scores.width)
    let own = (0..<scores.channels).map { scores[0, $0, row, column] }
    let largest = own.max()!
    let total = own.reduce(0) { $0 + exp($1 - largest) }
    sum += log(total) + largest - own[label]
    count += 1
  }
  return count == 0 ? 0 : sum / Double(count)
  // end of solution
}
