import ConvolutionArithmetic
import Interchange
import Tensors

/// Which implementation computes.
enum Engine: String, CaseIterable {
  /// The readable definitions, in 64-bit numbers.
  case reference
  /// The fast kernels, in 32-bit numbers; what they do not have is left to the definitions.
  case fast
}

/// What an operation gives: numbers, or positions.
enum Applied {
  case floats(Tensor<Float>)
  case doubles(Tensor<Double>)
  case indices(Tensor<Int>)

  /// The same under another shape with as many cells.
  func reshaped(_ shape: Shape) -> Applied {
    switch self {
    case .floats(let tensor): .floats(tensor.reshaped(shape))
    case .doubles(let tensor): .doubles(tensor.reshaped(shape))
    case .indices(let tensor): .indices(tensor.reshaped(shape))
    }
  }

  var shape: Shape {
    switch self {
    case .floats(let tensor): tensor.shape
    case .doubles(let tensor): tensor.shape
    case .indices(let tensor): tensor.shape
    }
  }

  /// Writes an `f4` array, or `i8` for positions; the file appears whole or not at all.
  func write(to path: String) throws(FileProblem) {
    switch self {
    case .floats(let tensor): try NPYWriter.write(tensor, to: path)
    case .doubles(let tensor): try NPYWriter.write(tensor.map { Float($0) }, to: path)
    case .indices(let tensor): try NPYWriter.write(tensor, to: path)
    }
  }
}

extension NumericArray {
  /// The array under another shape with as many cells.
  func reshaped(_ shape: Shape) -> NumericArray {
    NumericArray(shape: shape, values: values)
  }
}

extension Shape {
  /// The shape with one more dimension of extent 1 before the one at `axis`.
  func inserting(axis: Int) -> Shape {
    var extents = dimensions
    extents.insert(1, at: axis)
    return Shape(extents)
  }

  /// The shape without the dimension at `axis`.
  func removing(axis: Int) -> Shape {
    var extents = dimensions
    extents.remove(at: axis)
    return Shape(extents)
  }
}
