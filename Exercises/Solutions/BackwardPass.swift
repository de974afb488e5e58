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
public func backwardPass(
  _ x: [Int], kernel: [Int], skip: Int, coarse: Int, bySkip: [Int], byCoarse: [Int]
) throws -> WeightGradients {
  // solution
  let active = bySkip.indices.map { o in
    max(0, kernel.indices.reduce(0) { $0 + x[o + $1] * kernel[$1] })
  }
  var result = WeightGradients(kernel: kernel.map { _ in 0 }, skip: 0, coarse: 0)
  var byActive = bySkip.map { skip * $0 }
  for (o, gradient) in bySkip.enumerated() { result.skip += active[o] * gradient }
  for (o, gradient) in byCoarse.enumerated() {
    let winner = active[2 * o + 1] > active[2 * o] ? 2 * o + 1 : 2 * o
    result.coarse += active[winner] * gradient
    byActive[winner] += coarse * gradient
  }
  for o in active.indices where active[o] > 0 {
    for k in kernel.indices { result.kernel[k] += x[o + k] * byActive[o] }
  }
  return result
  // end of solution
}
