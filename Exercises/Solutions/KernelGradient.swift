import ExerciseKit
import Tensors

/// Return the gradient by the kernel of a convolution of `x` without padding, from the `gradient` by
/// its output: how much the loss changes with each kernel cell. Shape (1, 1, `kernelSize`).
///
/// Kernel cell k meets x[o·s + k] at every output cell o, so its gradient is the sum of
/// x[o·s + k] · gradient[o] over all o.
///
///     x = 1 2 3 4, gradient = 1 10, kernel 1×2, stride 2   // 1·1 + 3·10 = 31,  2·1 + 4·10 = 42
public func kernelGradient(
  _ x: Tensor<Int>, _ gradient: Tensor<Int>, kernelSize: Size, stride: Size
) throws -> Tensor<Int> {
  // solution
  var result = Tensor<Int>.zeros([1, 1, kernelSize.height, kernelSize.width])
  for row in 0..<gradient.height {
    for column in 0..<gradient.width {
      for down in 0..<kernelSize.height {
        for right in 0..<kernelSize.width {
          result[0, 0, down, right] +=
            x[0, 0, row * stride.height + down, column * stride.width + right]
            * gradient[0, 0, row, column]
        }
      }
    }
  }
  return result
  // end of solution
}
