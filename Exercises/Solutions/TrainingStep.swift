import ExerciseKit
import Foundation
import Tensors

/// Return the network after one step of training. It labels a row of pixels `x`, an even number of them:
///
///     features = x correlated with the kernel, with a padding of half the kernel (3 cells: 1), same length
///     active   = features, but 0 where they are below 0 (ReLU)
///     pooled   = the larger of active 0 and 1, of 2 and 3, …; of equal ones the first
///     score of class c at a pixel = coarse c · the pooled number of its pair + skip c · active there
///     p = softmax of a pixel's scores; the loss is the sum over the pixels of −ln p of the label
///
/// Every weight goes `rate` times its gradient down, all by the gradients from before the step. The check
/// calls this with what it returned, again and again, until the network labels its pixels.
///
///     x = 1 0 2 1, labels 0 1 1 0, kernel 1 1 −1, coarse 1 0, skip −1 1, rate ⅛
///     // features 1 −1 1 3, active 1 0 1 3, pooled 1 3; scores 0 1, 1 0, 2 1, 0 3
///     // one step: kernel 0.579 0.972 −0.817, coarse 1.083 −0.083, skip −0.643 0.643
///     // after 33 of them the largest scores are those of 0 1 1 0
public func trainingStep(
  _ network: PixelNetwork, _ x: [Int], labels: [Int], rate: Double
) throws -> PixelNetwork {
  // solution
  let (kernel, coarse, skip) = (network.kernel, network.coarse, network.skip)
  func pixel(_ o: Int, _ k: Int) -> Double {
    let i = o + k - kernel.count / 2
    return x.indices.contains(i) ? Double(x[i]) : 0
  }
  var active: [Double] = []
  for o in x.indices {
    var feature = 0.0
    for k in kernel.indices { feature += pixel(o, k) * kernel[k] }
    active.append(max(0, feature))
  }
  var next = network
  var byActive = active.map { _ in 0.0 }
  for (o, label) in labels.enumerated() {
    let first = o / 2 * 2
    let winner = active[first + 1] > active[first] ? first + 1 : first
    var powers: [Double] = []
    for c in skip.indices {
      let score = skip[c] * active[o] + coarse[c] * active[winner]
      powers.append(exp(score))
    }
    let sum = powers.reduce(0, +)
    for c in skip.indices {
      let p = powers[c] / sum
      let gradient = c == label ? p - 1 : p
      let step = rate * gradient
      next.skip[c] -= step * active[o]
      next.coarse[c] -= step * active[winner]
      byActive[o] += gradient * skip[c]
      byActive[winner] += gradient * coarse[c]
    }
  }
  for o in x.indices where active[o] > 0 {
    let step = rate * byActive[o]
    for k in kernel.indices { next.kernel[k] -= step * pixel(o, k) }
  }
  return next
  // end of solution
}
