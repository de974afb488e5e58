import ExerciseKit
import Tensors

/// Return the gradient of the end of a chain by each of its numbers, from the `slopes` of its steps:
/// by the start, by every number between, and by the end itself, in this order.
///
/// Step i makes number i + 1 from number i. The gradient of the end by itself is 1; the gradient by a
/// step's input is the gradient by its output, times the step's slope. So n steps have n + 1 gradients.
///
///     slopes: 2 1 14   // 2·1·14 = 28, 1·14 = 14, 14, 1: [28, 14, 14, 1]
///
/// Lesson 41: The chain rule.
public func chainSlopes(_ slopes: [Int]) throws -> [Int] {
  throw Unsolved()
}
