import CommandLineKit
import Interchange
import Tensors

/// The numbers of a `.npy` file, in the precision in which the reference computes.
func readArray(_ path: String) throws -> Tensor<Double> {
  try NPYReader.read(path: path).rounded(to: Double.self)
}

extension Tensor {
  /// The tensor with one more dimension of extent 1 before the one at `axis`.
  func inserting(axis: Int) -> Tensor {
    var dimensions = shape.dimensions
    dimensions.insert(1, at: axis)
    return reshaped(Shape(dimensions))
  }

  /// The tensor without the dimension at `axis`, whose extent is 1.
  func removing(axis: Int) -> Tensor {
    var dimensions = shape.dimensions
    precondition(dimensions.remove(at: axis) == 1)
    return reshaped(Shape(dimensions))
  }
}
