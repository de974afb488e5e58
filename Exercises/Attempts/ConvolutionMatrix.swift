import ExerciseKit
import Tensors

/// Return the matrix C with which the convolution by the kernel `w` (1, 1, height, width) becomes a
/// matrix product: y = C · x, for maps of size `input` read row after row.
///
/// C has rank 2: a row for each output cell, a column for each input cell, zeros where they do not
/// meet. Stride 1, no padding. `Tensor<Int>.zeros([rows, columns])` makes it, `c[row, column]` is a
/// cell.
///
///     w = [1, 2], input = 1×3   // 1 2 0
///                               // 0 1 2
///
/// Lesson 9: Convolution is a matrix: sparse and tied.
public func convolutionMatrix(_ w: Tensor<Int>, input: Size) throws -> Tensor<Int> {
  throw Unsolved()
}
