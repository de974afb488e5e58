import ExerciseKit
import Tensors

/// Return the side of the smallest picture on which every one of the `layers` still finds a place.
///
/// A layer gives ⌊(i + 2p − k̂)/s⌋ + 1 cells, or with `layer.ceil` ⌈(i + 2p − k̂)/s⌉ + 1 (here never
/// padded), and needs i + 2p ≥ k̂, where k̂ = `layer.effectiveKernelSize`.
///
///     [k=2 s=2 p=0 ceil, k=3 s=1 p=0]   // 5 → 3 → 1, but 4 → 2 finds no place: 5
///
/// For VGG16 with padding 1 this is 193; padding 100 in the first layer makes it 1.
public func smallestInput(_ layers: [LayerGeometry]) throws -> Int {
  // solution
  func fits(_ side: Int) -> Bool {
    var cells = side
    for layer in layers {
      let room = cells + 2 * layer.padding - layer.effectiveKernelSize
      guard room >= 0 else { return false }
      cells = (room + (layer.ceil ? layer.stride - 1 : 0)) / layer.stride + 1
    }
    return true
  }
  var side = 1
  while !fits(side) { side += 1 }
  return side
  // end of solution
}
