import ExerciseKit
import Tensors

/// Return the bilinear kernel of `size` × `size` cells, as a map (1, 1, size, size) of fractions.
///
/// It enlarges by the factor f = ⌊(size + 1)/2⌋. Along one axis its weights fall from the centre
/// c = (size − 1)/2 by 1/f a cell: 1 − |i − c|/f for i = 0, 1, …; each cell of the map is the product
/// of its row's and its column's weight. `Fraction(1, 4)` is ¼; fractions add and multiply exactly.
///
///     size 3: ½ 1 ½ along each axis         // f = 2, c = 1
///     size 4: ¼ ¾ ¾ ¼ along each axis       // f = 2, c = 3/2
public func bilinearKernel(_ size: Int) throws -> Tensor<Fraction> {
  // solution
  let factor = Fraction((size + 1) / 2)
  let centre = Fraction(size - 1, 2)
  let weights = (0..<size).map { 1 - (Fraction($0) - centre).magnitude / factor }
  var kernel = Tensor<Fraction>.zeros([1, 1, size, size])
  for row in 0..<size {
    for column in 0..<size {
      kernel[0, 0, row, column] = weights[row] * weights[column]
    }
  }
  return kernel
  // end of solution
}
