import ConvolutionArithmetic
import Tensors

/// The error that an array has another rank than the operation reads.
func wrongRank(_ name: String, _ shape: Shape, expected: Int) -> GeometryError {
  let meaning = expected == 4 ? " (batch, channels, height, width)" : ""
  return GeometryError("\(name) has shape \(shape); rank \(expected)\(meaning) is expected")
}

/// Checks that an array is a stack of maps.
func requireMaps<Scalar>(_ name: String, _ x: Tensor<Scalar>) throws(GeometryError) {
  guard x.shape.rank == 4 else { throw wrongRank(name, x.shape, expected: 4) }
}

/// Checks that an array has the one shape that fits the others.
func requireShape(_ name: String, _ got: Shape, _ expected: Shape) throws(GeometryError) {
  guard got == expected else {
    throw GeometryError("\(name) has shape \(got); \(expected) is expected")
  }
}

/// Checks that `axis` names a dimension of `shape`, and returns it counted from the front.
///
/// A negative axis counts from the end: −1 is the last.
func resolvedAxis(_ axis: Int, of shape: Shape) throws(GeometryError) -> Int {
  let resolved = axis < 0 ? axis + shape.rank : axis
  guard 0 <= resolved && resolved < shape.rank else {
    throw GeometryError(
      "axis \(axis) does not exist in the shape \(shape); "
        + "it must be from \(-shape.rank) to \(shape.rank - 1)")
  }
  return resolved
}
