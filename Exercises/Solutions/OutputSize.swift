import ExerciseKit
import Tensors

/// Return the number of places of a kernel along a row: `input` cells, a kernel of `kernelSize`, every
/// `stride`-th place, `padding` zeros at each end. Return nil where the kernel does not fit at all.
///
///     outputSize(input: 5, kernelSize: 3, stride: 2, padding: 1)   // (5 + 2·1 − 3)/2 + 1 = 3
///     outputSize(input: 6, kernelSize: 3, stride: 2, padding: 1)   // ⌊5/2⌋ + 1 = 3 too
///     outputSize(input: 2, kernelSize: 3, stride: 2, padding: 0)   // nil
public func outputSize(input: Int, kernelSize: Int, stride: Int, padding: Int) throws -> Int? {
  // solution
  let room = input + 2 * padding - kernelSize
  return room < 0 ? nil : room / stride + 1
  // end of solution
}
