import ExerciseKit
import Tensors

/// Return the largest number in each window of each map of `x` (1, channels, height, width).
///
/// Windows have `kernelSize` and stand `stride` apart; one that would hang over the edge does not
/// count. There is no padding, and every map is pooled by itself.
///
///     x = 1 5 2 4   kernelSize 2×2, stride 2   // 5 4
///         3 0 1 2
///
/// Lesson 8: Pooling: floor, ceil and Caffe's rule.
public func maxPool(_ x: Tensor<Int>, kernelSize: Size, stride: Size) throws -> Tensor<Int> {
  throw Unsolved()
}
