import ExerciseKit
import Tensors

/// Return the gradients of a small network by its weights. Forward, a row `x` goes through
///
///     features = x correlated with `kernel`, without padding
///     active   = features, but 0 where they are below 0 (ReLU)
///     pooled   = the larger of active 0 and 1, of 2 and 3, …; a last one without a partner is not read
///     skip scores   = `skip` · active, cell by cell
///     coarse scores = `coarse` · pooled, cell by cell
///
/// `bySkip` and `byCoarse` are the gradients by the two scores. Two readers of active bring something
/// back: add it. A pool sends to its winner, the first of equal ones. ReLU lets through only where the
/// feature was above 0. A weight's gradient is the sum of what it met, times the gradient there.
///
///     x = 1 2 0 3, kernel 1 −1, skip 2, coarse 3, bySkip 10 20 30, byCoarse 100
///     // features −1 2 −3, active 0 2 0, pooled 2; by active: 20, 40 + 300, 60; ReLU: 0 340 0
///     // kernel: 2·340 = 680, 0·340 = 0; skip: 2·20 = 40; coarse: 2·100 = 200
///     // WeightGradients(kernel: [680, 0], skip: 40, coarse: 200)
///
/// Lesson 44: One whole backward pass.
public func backwardPass(
  _ x: [Int], kernel: [Int], skip: Int, coarse: Int, bySkip: [Int], byCoarse: [Int]
) throws -> WeightGradients {
  throw Unsolved()
}
