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
///
/// Lesson 36: Convolution as a matrix product.
public func im2col(_ x: Tensor<Int>, kernelSize: Size, stride: Size) throws -> Tensor<Int> {
  throw Unsolved()
}
