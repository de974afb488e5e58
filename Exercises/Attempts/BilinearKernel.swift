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
///
/// Lesson 18: Bilinear kernels, odd and even.
public func bilinearKernel(_ size: Int) throws -> Tensor<Fraction> {
  throw Unsolved()
}
