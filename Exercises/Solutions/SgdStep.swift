import ExerciseKit
import Tensors

/// Return the weights and velocities after one step of gradient descent with momentum and weight decay.
///
///     g = gradient + decay · weight
///     new velocity = momentum · velocity + g
///     new weight = weight − rate · new velocity
///
/// for each weight by itself, in exact fractions.
///
///     weight 1, velocity 2, gradient 3, rate 1/10, momentum 1/2, decay 0
///     // velocity ½·2 + 3 = 4, weight 1 − 4/10 = 3/5
public func sgdStep(
  _ state: Descent, gradient: [Fraction], rate: Fraction, momentum: Fraction, decay: Fraction
) throws -> Descent {
  // solution
  var next = state
  for i in state.weights.indices {
    next.velocity[i] = momentum * state.velocity[i] + gradient[i] + decay * state.weights[i]
    next.weights[i] = state.weights[i] - rate * next.velocity[i]
  }
  return next
  // end of solution
}
