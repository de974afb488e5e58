import ExerciseKit
import Tensors

/// Return every input size, in order, from which a convolution with `kernelSize`, `stride` and
/// `padding` gives `output` cells. All of them are 1 or more in the cases asked.
///
///     restoredSizes(output: 6, kernelSize: 5, stride: 3, padding: 2)   // [16, 17, 18]
public func restoredSizes(
  output: Int, kernelSize: Int, stride: Int, padding: Int
) throws -> [Int] {
  // solution
  let least = stride * (output - 1) + kernelSize - 2 * padding
  return Array(least..<least + stride)
  // end of solution
}
