import ExerciseKit
import Tensors

/// Return the kernels `w` (out, in, height, width), each turned by 180°: rows and columns in reverse
/// order. The kernels themselves stay in their places.
///
///     flipped(1 2 / 3 4)       // 4 3 / 2 1
///     flipped([1, 0, -1])      // [-1, 0, 1], as a map of height 1
///
/// Correlating with the flipped kernel is what mathematics calls convolution.
///
/// `convbook hint tensor` shows on one page how the numbers of a `Tensor` are read and written.
///
/// Lesson 2: Correlation and convolution.
public func flipped(_ w: Tensor<Int>) throws -> Tensor<Int> {
  throw Unsolved()
}
