import ExerciseKit
import Tensors

/// Return the transposed convolution of the map `y` with the kernel `w`: each cell of `y` stamps the
/// kernel, times its value, onto the result, the stamps `stride` cells apart, and overlaps add up.
///
/// Both have one channel: `y` is (1, 1, height, width), `w` is (1, 1, kernel height, kernel width).
/// There is no padding: the result has s(i − 1) + k cells along each axis.
///
///     y = 0 1   w = 0 1   stride 1   // 0 0 1
///         2 3       2 3              // 0 4 6     4 = 2·1 + 1·2
///                                    // 4 12 9
///
/// Lesson 11: Scatter: each input cell stamps the kernel.
public func transposedConvolve(
  _ y: Tensor<Int>, _ w: Tensor<Int>, stride: Size
) throws -> Tensor<Int> {
  throw Unsolved()
}
