import ExerciseKit
import Tensors

/// Return the input cells, counted from 0 and in order, that no place of the kernel reads.
///
/// The kernel has `kernelSize` cells and stands at every `stride`-th place of the row of `input`
/// cells with `padding` zeros at each end. It fits at least once.
///
///     unreadCells(input: 6, kernelSize: 3, stride: 2, padding: 0)   // [5]: 0 1 2, then 2 3 4
///     unreadCells(input: 5, kernelSize: 1, stride: 2, padding: 0)   // [1, 3]
///
/// Lesson 5: Stride and the floor.
public func unreadCells(input: Int, kernelSize: Int, stride: Int, padding: Int) throws -> [Int] {
  throw Unsolved()
}
