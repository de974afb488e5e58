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
///
/// Lesson 32: The loss: one softmax per pixel.
public func maskedCrossEntropy(
  _ scores: Tensor<Double>, labels: [Int], ignored: Int
) throws -> Double {
  throw Unsolved()
}
