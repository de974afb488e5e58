import ExerciseKit
import Tensors

/// Return the maps `y` (1, channels, height, width) with zeros between neighbouring cells, so that
/// they come to stand `stride` cells apart: s(i − 1) + 1 cells along each axis.
///
///     zeroInsert([1, 2, 3], stride: 2)   // 1 0 2 0 3
public func zeroInsert(_ y: Tensor<Int>, stride: Size) throws -> Tensor<Int> {
  // solution
  var x = Tensor<Int>.zeros([
    1, y.channels, stride.height * (y.height - 1) + 1, stride.width * (y.width - 1) + 1,
  ])
  for channel in 0..<y.channels {
    for row in 0..<y.height {
      for column in 0..<y.width {
        x[0, channel, row * stride.height, column * stride.width] = y[0, channel, row, column]
      }
    }
  }
  return x
  // end of solution
}
