import ExerciseKit
import Tensors

/// Return, for each output cell of a transposed convolution without padding, how many stamps reach
/// it: the result of `input` ones with a kernel of `kernelSize` ones and this `stride`.
///
/// Uneven counts are the checkerboard that such layers leave in pictures.
///
///     overlapCounts(input: 3, kernelSize: 3, stride: 2)   // 1 1 2 1 2 1 1
///     overlapCounts(input: 3, kernelSize: 4, stride: 2)   // 1 1 2 2 2 2 1 1
public func overlapCounts(input: Int, kernelSize: Int, stride: Int) throws -> [Int] {
  // solution
  var counts = Array(repeating: 0, count: stride * (input - 1) + kernelSize)
  for cell in 0..<input {
    for k in 0..<kernelSize {
      counts[cell * stride + k] += 1
    }
  }
  return counts
  // end of solution
}
