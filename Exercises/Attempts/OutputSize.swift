import ExerciseKit
import Tensors

/// Return the number of places of a kernel along a row: `input` cells, a kernel of `kernelSize`, every
/// `stride`-th place, `padding` zeros at each end. Return nil where the kernel does not fit at all.
///
///     outputSize(input: 5, kernelSize: 3, stride: 2, padding: 1)   // (5 + 2·1 − 3)/2 + 1 = 3
///     outputSize(input: 6, kernelSize: 3, stride: 2, padding: 1)   // ⌊5/2⌋ + 1 = 3 too
///     outputSize(input: 2, kernelSize: 3, stride: 2, padding: 0)   // nil
///
/// Lesson 5: Stride and the floor.
public func outputSize(input: Int, kernelSize: Int, stride: Int, padding: Int) throws -> Int? {
  throw Unsolved()
}
