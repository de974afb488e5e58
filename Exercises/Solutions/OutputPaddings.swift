import ExerciseKit
import Tensors

/// Return the output padding that each layer of the way back needs, so that a row of `input` cells that
/// goes through `layers` and then through their transposes comes back as it was, layer by layer: the
/// last layer's transpose comes first, and the first layer's last.
///
/// A layer gives ⌊(i + 2p − k̂)/s⌋ + 1 cells, where k̂ = `layer.effectiveKernelSize`. Its transpose makes
/// s(o − 1) + k̂ − 2p cells of them, and the output padding adds those that are missing.
///
///     layers: [k=3 s=2 p=1, k=3 s=2 p=1], input: 28   // 28 → 14 → 7, and 13 + 1, 27 + 1: [1, 1]
public func outputPaddings(_ layers: [LayerGeometry], input: Int) throws -> [Int] {
  // solution
  var paddings: [Int] = []
  var cells = input
  for layer in layers {
    let output = (cells + 2 * layer.padding - layer.effectiveKernelSize) / layer.stride + 1
    let restored =
      layer.stride * (output - 1) + layer.effectiveKernelSize - 2 * layer.padding
    paddings.append(cells - restored)
    cells = output
  }
  return paddings.reversed()
  // end of solution
}
