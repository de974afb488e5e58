import ExerciseKit
import Tensors

/// Fuse a skip as FCN does: crop the scores `skip` to the size of the scores `coarse`, beginning
/// `offset` rows down and `offset` columns to the right, and add both cell by cell.
///
/// Both are (1, classes, height, width) with the same number of classes; `skip` is large enough.
///
///     coarse = 10 20   skip = 1 2 3 4   offset 1   // 10 + 6 = 16,  20 + 7 = 27
///                             5 6 7 8
public func fuse(_ coarse: Tensor<Int>, _ skip: Tensor<Int>, offset: Int) throws -> Tensor<Int> {
  // solution
  var sum = coarse
  for c in 0..<coarse.channels {
    for row in 0..<coarse.height {
      for column in 0..<coarse.width {
        sum[0, c, row, column] += skip[0, c, row + offset, column + offset]
      }
    }
  }
  return sum
  // end of solution
}
