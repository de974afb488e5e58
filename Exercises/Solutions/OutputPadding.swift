import ExerciseKit
import Tensors

/// Return the output padding with which a transposed convolution restores exactly the size `input`
/// that the forward convolution started from.
///
/// The forward convolution has `kernelSize`, `stride` and `padding`; several inputs give the same
/// output, and the output padding (0 to stride − 1) says which of them is meant.
///
///     outputPadding(input: 5, kernelSize: 3, stride: 2, padding: 1)   // 0
///     outputPadding(input: 6, kernelSize: 3, stride: 2, padding: 1)   // 1
public func outputPadding(
  input: Int, kernelSize: Int, stride: Int, padding: Int
) throws -> Int {
  // solution
  (input + 2 * padding - kernelSize) % stride
  // end of solution
}
