import ExerciseKit
import Tensors

/// Find out by how much a network moves a picture. `network` takes a map (1, 1, height, width) of this
/// `size` and returns one of the same size.
///
/// Give it an impulse: a map of zeros with a single 1 in the middle, at row height / 2, column
/// width / 2. What comes out is a spot with its largest number in its own middle. The shift is where
/// that lies, less where the impulse was: down and to the right are positive.
///
///     size 10×9: the impulse at (5, 4) comes out strongest at (4, 6)   // rows −1, columns 2
public func findTheShift(
  of network: (Tensor<Int>) -> Tensor<Int>, size: Size
) throws -> Shift {
  // solution
  var impulse = Tensor<Int>.zeros([1, 1, size.height, size.width])
  let (row, column) = (size.height / 2, size.width / 2)
  impulse[0, 0, row, column] = 1
  let answer = network(impulse)
  let largest = answer.elements.indices.max { answer.elements[$0] < answer.elements[$1] }!
  return Shift(rows: largest / size.width - row, columns: largest % size.width - column)
  // end of solution
}
