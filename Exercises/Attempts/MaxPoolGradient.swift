import ExerciseKit
import Tensors

/// Return the gradient of a max pooling by its input `x` (1, 1, height, width), from the `gradient` by
/// the pooled map. Windows have `kernelSize` and stand `stride` apart; there is no padding.
///
/// Each window's gradient goes to its winner alone: its largest number, and of equal ones the first,
/// row after row and from left to right. A cell that wins several windows gets the sum; one that wins
/// none, or that no window reads, gets 0.
///
///     x = 1 5 2 2 9 3, gradient = 10 20 30, kernelSize 1×2, stride 2   // 0 10 20 0 30 0
///
/// Lesson 42: A fork adds, a sum copies.
public func maxPoolGradient(
  _ x: Tensor<Int>, _ gradient: Tensor<Int>, kernelSize: Size, stride: Size
) throws -> Tensor<Int> {
  throw Unsolved()
}
