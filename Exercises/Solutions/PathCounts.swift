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
public func pathCounts(
  branches: [[LayerGeometry]], input: Int, cell: Int
) throws -> [Int] {
  // solution
  var counts = Array(repeating: 0, count: input)
  for layers in branches {
    var sizes = [input]
    for layer in layers {
      let room = sizes.last! + 2 * layer.padding - layer.effectiveKernelSize
      sizes.append(room / layer.stride + 1)
    }
    var paths = Array(repeating: 0, count: sizes.last!)
    paths[cell] = 1
    for (layer, size) in zip(layers, sizes).reversed() {
      var before = Array(repeating: 0, count: size)
      for (output, count) in paths.enumerated() {
        for k in 0..<layer.kernelSize {
          let place = output * layer.stride + k * layer.dilation - layer.padding
          if before.indices.contains(place) { before[place] += count }
        }
      }
      paths = before
    }
    for (place, count) in paths.enumerated() { counts[place] += count }
  }
  return counts
  // end of solution
}
