import ExerciseKit
import Tensors

/// Return the largest number in each window of each map of `x` (1, channels, height, width).
///
/// Windows have `kernelSize` and stand `stride` apart; one that would hang over the edge does not
/// count. There is no padding, and every map is pooled by itself.
///
///     x = 1 5 2 4   kernelSize 2×2, stride 2   // 5 4
///         3 0 1 2
public func maxPool(_ x: Tensor<Int>, kernelSize: Size, stride: Size) throws -> Tensor<Int> {
  // solution
  let height = (x.height - kernelSize.height) / stride.height + 1
  let width = (x.width - kernelSize.width) / stride.width + 1
  var y = Tensor<Int>.zeros([1, x.channels, height, width])
  for channel in 0..<x.channels {
    for row in 0..<height {
      for column in 0..<width {
        var largest = Int.min
        for down in 0..<kernelSize.height {
          for right in 0..<kernelSize.width {
            largest = max(
              largest, x[0, channel, row * stride.height + down, column * stride.width + right])
          }
        }
        y[0, channel, row, column] = largest
      }
    }
  }
  return y
  // end of solution
}
