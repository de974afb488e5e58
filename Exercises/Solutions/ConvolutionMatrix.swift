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
public func convolutionMatrix(_ w: Tensor<Int>, input: Size) throws -> Tensor<Int> {
  // solution
  let output = Size(height: input.height - w.height + 1, width: input.width - w.width + 1)
  var c = Tensor<Int>.zeros([output.area, input.area])
  for row in 0..<output.height {
    for column in 0..<output.width {
      for down in 0..<w.height {
        for right in 0..<w.width {
          c[row * output.width + column, (row + down) * input.width + column + right] =
            w[0, 0, down, right]
        }
      }
    }
  }
  return c
  // end of solution
}
