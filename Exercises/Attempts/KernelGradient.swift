import ExerciseKit
import Tensors

/// Return the gradient by the kernel of a convolution of `x` without padding, from the `gradient` by
/// its output: how much the loss changes with each kernel cell. Shape (1, 1, `kernelSize`).
///
/// Kernel cell k meets x[o·s + k] at every output cell o, so its gradient is the sum of
/// x[o·s + k] · gradient[o] over all o.
///
///     x = 1 2 3 4, gradient = 1 10, kernel 1×2, stride 2   // 1·1 + 3·10 = 31,  2·1 + 4·10 = 42
///
/// Lesson 33: The gradient of one is the other.
public func kernelGradient(
  _ x: Tensor<Int>, _ gradient: Tensor<Int>, kernelSize: Size, stride: Size
) throws -> Tensor<Int> {
  throw Unsolved()
}
