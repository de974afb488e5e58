import Tensors

/// The runs of cells along one axis of a tensor: cell j of lane (outer, inner) is at
/// (outer · length + j) · step + inner.
struct Lanes {
  let outer: Int
  let length: Int
  let step: Int

  init(of shape: Shape, axis: Int) {
    outer = shape.dimensions[..<axis].reduce(1, *)
    length = shape[axis]
    step = shape.dimensions[(axis + 1)...].reduce(1, *)
  }

  /// The position of the first cell of each lane, in order.
  var starts: [Int] {
    (0..<outer).flatMap { block in (0..<step).map { block * length * step + $0 } }
  }
}
