import ExerciseKit
import Tensors

/// Return the gradient by the input of a convolution without padding, from the `gradient` by its
/// output: how much the loss changes with each input cell. Same shape as the input: (1, 1, `input`).
///
/// Output cell o reads input cell o·s + k through kernel cell k, so gradient[o] · w[k] goes back to that
/// input cell, and contributions add up. Input cells that were never read get 0.
///
///     gradient = 1 2, w = 1 2 3, stride 2, input 1×6   // 1 2 5 4 6 0: 5 = 3·1 + 1·2
///
/// Lesson 33: The gradient of one is the other.
public func inputGradient(
  _ gradient: Tensor<Int>, _ w: Tensor<Int>, input: Size, stride: Size
) throws -> Tensor<Int> {
  throw Unsolved()
}
