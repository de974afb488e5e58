import ExerciseKit
import Tensors

/// Return every size from 1 to `most`, in order, of which a row goes through all `layers` and comes back
/// with as many cells as it had, so that it can be added to itself as it was.
///
/// A layer gives ⌊(i + 2p − k̂)/s⌋ + 1 cells, with `layer.ceil` ⌈(i + 2p − k̂)/s⌉ + 1 (here never padded),
/// and needs i + 2p ≥ k̂, where k̂ = `layer.effectiveKernelSize`. With `layer.transposed` it gives
/// s(i − 1) + k̂ − 2p cells instead, and needs that to be 1 or more.
///
///     layers: [k=2 s=2 p=0, k=2 s=2 p=0 transposed], most: 7   // 4 → 2 → 4, but 5 → 2 → 4: [2, 4, 6]
public func fittingSizes(_ layers: [LayerGeometry], most: Int) throws -> [Int] {
  // solution
  (1...most).filter { size in
    var cells = size
    for layer in layers {
      if layer.transposed {
        cells = layer.stride * (cells - 1) + layer.effectiveKernelSize - 2 * layer.padding
        guard cells >= 1 else { return false }
      } else {
        let room = cells + 2 * layer.padding - layer.effectiveKernelSize
        guard room >= 0 else { return false }
        cells = (room + (layer.ceil ? layer.stride - 1 : 0)) / layer.stride + 1
      }
    }
    return cells == size
  }
  // end of solution
}
