import ExerciseKit
import Tensors

/// Return the gradient by the input of a convolution without padding, from the `gradient` by its
/// output: how much the loss changes with each input cell. Same shape as the input: (1, 1, `input`).
///
/// Output cell o reads input cell o·s + k through kernel cell k, so gradient[o] · w[k] goes back to that
/// input cell, and contributions add up. Input cells that were never read get 0.
///
///     gradient = 1 2, w = 1 2 3, stride 2, input 1×6   // 1 2 5 4 6 0: 5 = 3·1 + 1·2
public func inputGradient(
  _ gradient: Tensor<Int>, _ w: Tensor<Int>, input: Size, stride: Size
) throws -> Tensor<Int> {
  // solution
  var result = Tensor<Int>.zeros([1, 1, input.height, input.width])
  for row in 0..<gradient.height {
    for column in 0..<gradient.width {
      for down in 0..<w.height {
        for right in 0..<w.width {
          result[0, 0, row * stride.height + down, column * stride.width + right] +=
            gradient[0, 0, row, column] * w[0, 0, down, right]
        }
      }
    }
  }
  return result
  // end of solution
}
