import ExerciseKit
import Tensors

/// Return the mean square σ² that a convolution's first weights should have by He's rule: 2/n.
///
/// n is how many numbers one output cell is a sum of. The weights' `shape` is (out, in/groups, height,
/// width), and the convolution has so many `groups`.
///
///     shape 16 3 5 1, groups 2   // n = 3·5·1 = 15: 2/15
public func initialVariance(_ shape: [Int], groups: Int) throws -> Fraction {
  // solution
  Fraction(2, shape[1] * shape[2] * shape[3])
  // end of solution
}
