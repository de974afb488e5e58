import ExerciseKit
import Tensors

/// Slide the kernel `w` over the map `x` and return the sum of products at each place.
///
/// Each is a single map: `x` is (1, 1, height, width), `w` is (1, 1, kernel height, kernel width).
/// The result is (1, 1, height − kernel height + 1, width − kernel width + 1). The kernel is not
/// turned, and always fits.
///
///     x = 3 3 2   w = 0 1   // 0·3 + 1·3 + 2·0 + 2·0 = 3,  0·3 + 1·2 + 2·0 + 2·1 = 4
///         0 0 1       2 2   // 0·0 + 1·0 + 2·3 + 2·1 = 8,  0·0 + 1·1 + 2·1 + 2·2 = 7
///         3 1 2
public func convolve2D(_ x: Tensor<Int>, _ w: Tensor<Int>) throws -> Tensor<Int> {
  // solution
  var y = Tensor<Int>.zeros([1, 1, x.height - w.height + 1, x.width - w.width + 1])
  for row in 0..<y.height {
    for column in 0..<y.width {
      for down in 0..<w.height {
        for right in 0..<w.width {
          y[0, 0, row, column] += x[0, 0, row + down, column + right] * w[0, 0, down, right]
        }
      }
    }
  }
  return y
  // end of solution
}
