import ExerciseKit
import Tensors

/// Return Cᵀ · y: what the transpose of the matrix `c` (rank 2: outputs × inputs) makes of `y`, one
/// number for each input cell.
///
/// `c.shape[0]` is the number of its rows, which `y` has, too; `c.shape[1]` that of its columns;
/// `c[row, column]` is a cell. This does not undo y = C · x: it restores the size alone.
///
///     c = 1 2 3 0   y = [14, 20]   // 1·14 = 14,  2·14 + 1·20 = 48,  3·14 + 2·20 = 82,  3·20 = 60
///         0 1 2 3
public func transposeByMatrix(_ y: [Int], _ c: Tensor<Int>) throws -> [Int] {
  // solution
  (0..<c.shape[1]).map { column in
    y.indices.reduce(0) { sum, row in sum + c[row, column] * y[row] }
  }
  // end of solution
}
