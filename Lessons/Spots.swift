import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

/// Bilinear kernels for as many classes as the shape says.
func bilinear(_ shape: Shape) -> Tensor<Float> {
  bilinearKernels(classes: shape[0], kernelSize: Size(height: shape[2], width: shape[3]))
}

/// A point of a picture, which may lie between pixels.
struct Place: Equatable, Evidence, CustomStringConvertible {
  var row: Fraction
  var column: Fraction

  var description: String { "(\(row), \(column))" }
}

/// A black picture with a spot of light whose middle is at `place`: one pixel, or two along an axis
/// where the middle lies between two.
func spot(at place: Place, size: Size) -> Tensor<Float> {
  var x = Tensor<Float>.zeros([1, 1, size.height, size.width])
  for row in pixels(around: place.row) {
    for column in pixels(around: place.column) { x[0, 0, row, column] = 1 }
  }
  return x
}

private func pixels(around position: Fraction) -> Set<Int> {
  [position.floor, position.isInteger ? position.floor : position.floor + 1]
}

/// The centre of gravity of one map: where its light is.
///
/// The maps of these lessons hold multiples of powers of ½, so that all sums are exact.
func middle(of y: Tensor<Float>, channel: Int = 0) -> Place? {
  var (light, down, right) = (0.0, 0.0, 0.0)
  for row in 0..<y.height {
    for column in 0..<y.width {
      let value = Double(y[0, channel, row, column])
      light += value
      down += value * Double(row)
      right += value * Double(column)
    }
  }
  guard light > 0 else { return nil }
  // Halves are as fine as the middle of a symmetric spot can be; anything else is shown in 64ths.
  func exact(_ value: Double) -> Fraction { Fraction(Int((value * 64).rounded()), 64) }
  return Place(row: exact(down / light), column: exact(right / light))
}

extension Network {
  /// The pixel, or the place between pixels, on which cell (row, column) of a layer lies.
  func place(ofCell row: Int, _ column: Int, of layer: String) throws(GeometryError) -> Place {
    let back = try coordinateMap(of: layer).inverse()
    return Place(row: back(Fraction(row)), column: back(Fraction(column)))
  }
}

/// Every `step`-th pixel of one map, for a small picture.
func sampled(_ y: Tensor<Float>, every step: Int, channel: Int = 0) -> [[Double]] {
  stride(from: step / 2, to: y.height, by: step).map { row in
    stride(from: step / 2, to: y.width, by: step).map { Double(y[0, channel, row, $0]) }
  }
}
