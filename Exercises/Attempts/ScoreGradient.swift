import ExerciseKit
import Tensors

/// Return the gradient of the mean loss by the scores, exactly: for each pixel p − y, divided by the
/// number of pixels that count. Same shape as `powers`: (1, classes, height, width).
///
/// `powers` holds e^score in whole numbers, so that p, a class's share of the sum over the pixel's
/// classes, is a fraction. y is 1 for the pixel's true class and 0 for the others. `labels` has the true
/// class of each pixel, row after row; pixels with 255 do not count and get 0 for every class. If no
/// pixel counts, all are 0.
///
///     powers 1, 2, 4 for three classes, label 0   // 1/7 − 1 = -6/7, 2/7, 4/7
///
/// Lesson 43: Probability less truth.
public func scoreGradient(_ powers: Tensor<Int>, labels: [Int]) throws -> Tensor<Fraction> {
  throw Unsolved()
}
