import ExerciseKit
import Tensors

/// Return the picture `x` (1, channels, height, width) unrolled for a matrix product: rank 2, a column
/// for each place of the window (row after row), in it the cells the window sees there, channel by
/// channel, row by row.
///
/// No padding; windows stand `stride` apart. The kernels as rows, times this matrix, are the outputs.
///
///     x = 1 2 3 4, kernel 1×2, stride 1   // 1 2 3
///                                         // 2 3 4
public func im2col(_ x: Tensor<Int>, kernelSize: Size, stride: Size) throws -> Tensor<Int> {
  // solution
  let height = (x.height - kernelSize.height) / stride.height + 1
  let width = (x.width - kernelSize.width) / stride.width + 1
  var matrix = Tensor<Int>.zeros([x.channels * kernelSize.area, height * width])
  for channel in 0..<x.channels {
    for down in 0..<kernelSize.height {
      for right in 0..<kernelSize.width {
        let line = (channel * kernelSize.height + down) * kernelSize.width + right
        for row in 0..<height {
          for column in 0..<width {
            matrix[line, row * width + column] =
              x[0, channel, row * stride.height + down, column * stride.width + right]
          }
        }
      }
    }
  }
  return matrix
  // end of solution
}
