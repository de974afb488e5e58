import ExerciseKit
import Tensors

/// Return how many paths lead from each of the `input` cells of a row to cell `cell` of a sum. Each of
/// the `branches` is a list of layers that reads the row; the sum adds the last maps of all of them. An
/// empty branch is the row itself.
///
/// A path takes one tap of each layer of one branch. Output cell o of a layer reads the cells
/// o·s + d·k − p of its own input, for k = 0, 1, … below the kernel size; where there is no such cell,
/// in the padding, no path leads on. A layer gives ⌊(i + 2p − k̂)/s⌋ + 1 cells, where
/// k̂ = `layer.effectiveKernelSize`.
///
///     branches: [[k=3 s=1 p=1, k=3 s=1 p=1], []], input: 7, cell: 3
///     // 0 1 2 3 2 1 0 by the two layers, and 1 more from cell 3: [0, 1, 2, 4, 2, 1, 0]
///
/// Lesson 39: A field through branches.
public func pathCounts(
  branches: [[LayerGeometry]], input: Int, cell: Int
) throws -> [Int] {
  throw Unsolved()
}
