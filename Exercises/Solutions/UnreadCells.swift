import ExerciseKit
import Tensors

/// Return the input cells, counted from 0 and in order, that no place of the kernel reads.
///
/// The kernel has `kernelSize` cells and stands at every `stride`-th place of the row of `input`
/// cells with `padding` zeros at each end. It fits at least once.
///
///     unreadCells(input: 6, kernelSize: 3, stride: 2, padding: 0)   // [5]: 0 1 2, then 2 3 4
///     unreadCells(input: 5, kernelSize: 1, stride: 2, padding: 0)   // [1, 3]
public func unreadCells(input: Int, kernelSize: Int, stride: Int, padding: Int) throws -> [Int] {
  // solution
  let places = (input + 2 * padding - kernelSize) / stride + 1
  return (0..<input).filter { cell in
    !(0..<places).contains { place in
      let first = place * stride - padding
      return first <= cell && cell < first + kernelSize
    }
  }
  // end of solution
}
