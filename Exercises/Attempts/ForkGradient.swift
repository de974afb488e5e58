import ExerciseKit
import Tensors

/// Return the gradient by a row of `cells` cells that several crops read. Crop i reads as many cells as
/// `gradients[i]` has numbers, from cell `offsets[i]` on; `gradients[i]` is the gradient by what it read.
///
/// A crop, going back, pads with zeros to the whole row. A fork, going back, adds what all its readers
/// bring. A cell that no crop reads gets 0.
///
///     cells: 6, offsets: 2 1, gradients: 7 −4 and 1 2 3
///     // 0 0 7 −4 0 0 and 0 1 2 3 0 0: together [0, 1, 9, -1, 0, 0]
///
/// Lesson 42: A fork adds, a sum copies.
public func forkGradient(cells: Int, offsets: [Int], gradients: [[Int]]) throws -> [Int] {
  throw Unsolved()
}
