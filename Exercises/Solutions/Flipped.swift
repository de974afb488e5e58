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
public func flipped(_ w: Tensor<Int>) throws -> Tensor<Int> {
  // solution
  var result = w
  for out in 0..<w.batch {
    for channel in 0..<w.channels {
      for row in 0..<w.height {
        for column in 0..<w.width {
          result[out, channel, row, column] =
            w[out, channel, w.height - 1 - row, w.width - 1 - column]
        }
      }
    }
  }
  return result
  // end of solution
}
