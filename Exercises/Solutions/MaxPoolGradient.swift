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
public func maxPoolGradient(
  _ x: Tensor<Int>, _ gradient: Tensor<Int>, kernelSize: Size, stride: Size
) throws -> Tensor<Int> {
  // solution
  var result = Tensor<Int>.zeros([1, 1, x.height, x.width])
  for row in 0..<gradient.height {
    for column in 0..<gradient.width {
      let (top, left) = (row * stride.height, column * stride.width)
      var (winnerRow, winnerColumn) = (top, left)
      for r in top..<top + kernelSize.height {
        for c in left..<left + kernelSize.width {
          if x[0, 0, r, c] > x[0, 0, winnerRow, winnerColumn] { (winnerRow, winnerColumn) = (r, c) }
        }
      }
      result[0, 0, winnerRow, winnerColumn] += gradient[0, 0, row, column]
    }
  }
  return result
  // end of solution
}
