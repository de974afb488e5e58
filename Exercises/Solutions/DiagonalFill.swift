import ExerciseKit
import Tensors

/// Return the weights of a transposed convolution that enlarges `classes` maps, each by itself, with
/// the same `kernel` (1, 1, k, k): shape (classes, classes, k, k).
///
/// Map a must not leak into map b: only the pairs (a, a) hold the kernel, all others zeros.
///
///     diagonalFill(classes: 2, kernel: [1, 2])   // (2, 2, 1, 2): 1 2 | 0 0 | 0 0 | 1 2
public func diagonalFill(classes: Int, kernel: Tensor<Int>) throws -> Tensor<Int> {
  // solution
  var w = Tensor<Int>.zeros([classes, classes, kernel.height, kernel.width])
  for c in 0..<classes {
    for row in 0..<kernel.height {
      for column in 0..<kernel.width {
        w[c, c, row, column] = kernel[0, 0, row, column]
      }
    }
  }
  return w
  // end of solution
}
