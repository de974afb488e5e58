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
///
/// Lesson 44: One whole backward pass.
public func trainingStep(
  _ network: PixelNetwork, _ x: [Int], labels: [Int], rate: Double
) throws -> PixelNetwork {
  throw Unsolved()
}
