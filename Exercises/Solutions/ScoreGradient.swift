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
public func scoreGradient(_ powers: Tensor<Int>, labels: [Int]) throws -> Tensor<Fraction> {
  // solution
  let counted = labels.count { $0 != 255 }
  var result = Tensor<Fraction>.zeros([1, powers.channels, powers.height, powers.width])
  for (pixel, label) in labels.enumerated() where label != 255 {
    let (row, column) = (pixel / powers.width, pixel % powers.width)
    let sum = (0..<powers.channels).reduce(0) { $0 + powers[0, $1, row, column] }
    for c in 0..<powers.channels {
      let p = Fraction(powers[0, c, row, column], sum)
      result[0, c, row, column] = (p - (c == label ? 1 : 0)) / Fraction(counted)
    }
  }
  return result
  // end of solution
}
