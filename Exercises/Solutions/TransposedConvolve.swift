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
public func transposedConvolve(
  _ y: Tensor<Int>, _ w: Tensor<Int>, stride: Size
) throws -> Tensor<Int> {
  // solution
  var x = Tensor<Int>.zeros([
    1, 1, stride.height * (y.height - 1) + w.height, stride.width * (y.width - 1) + w.width,
  ])
  for row in 0..<y.height {
    for column in 0..<y.width {
      for down in 0..<w.height {
        for right in 0..<w.width {
          x[0, 0, row * stride.height + down, column * stride.width + right] +=
            y[0, 0, row, column] * w[0, 0, down, right]
        }
      }
    }
  }
  return x
  // end of solution
}
