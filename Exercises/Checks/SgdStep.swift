public import ExerciseKit
internal import Primitives
public import Tensors

extension Exercises {
  public static var sgdStep: Exercise<(Descent, [Fraction], Fraction, Fraction, Fraction), Descent>
  {
    Exercise(
      "sgdStep", lesson: 34, title: "one step of gradient descent with momentum and decay",
      hints: [
        "Which velocity moves the weight: the old one or the new one?",
        "v′ = momentum·v + gradient + decay·w; w′ = w − rate·v′.",
        "var next = state; for each i set next.velocity[i] first, then "
          + "next.weights[i] = state.weights[i] - rate * next.velocity[i].",
      ],
      cases: {
        let tenth = Fraction(1, 10)
        return [
          (Descent(weights: [1], velocity: [2]), [3], tenth, Fraction(1, 2), 0),
          (Descent(weights: [4], velocity: [0]), [0], tenth, Fraction(9, 10), Fraction(1, 5)),
          (
            Descent(weights: quarters(3, 83), velocity: quarters(3, 84)), quarters(3, 85), tenth,
            Fraction(9, 10), Fraction(1, 20)
          ),
          (
            Descent(weights: quarters(2, 86), velocity: quarters(2, 87)), quarters(2, 88),
            Fraction(1, 3), Fraction(2, 5), Fraction(3, 7)
          ),
        ]
      },
      show: { state, gradient, rate, momentum, decay in
        [
          Shown("weights", state.weights), Shown("velocity", state.velocity),
          Shown("gradient", gradient), Shown("rate", rate), Shown("momentum", momentum),
          Shown("decay", decay),
        ]
      },
      expected: { state, gradient, rate, momentum, decay in
        stepped(state, gradient, rate, momentum, decay)
      },
      arithmetic: { input, cell in
        let (state, gradient, rate, momentum, decay) = input
        let i = cell[0] % state.weights.count
        let next = stepped(state, gradient, rate, momentum, decay)
        let velocity =
          "velocity \(i): \(momentum)·\(factor(state.velocity[i])) + \(factor(gradient[i])) + "
          + "\(decay)·\(factor(state.weights[i])) = \(next.velocity[i])"
        guard cell[0] < state.weights.count else { return [velocity] }
        return [
          velocity,
          "weight \(i): \(state.weights[i]) − \(rate)·\(factor(next.velocity[i])) = \(next.weights[i])",
        ]
      },
      decoys: [
        Decoy(
          "moved by the old velocity", "Change the velocity first; the new one moves the weight."
        ) {
          state, gradient, rate, momentum, decay in
          var next = stepped(state, gradient, rate, momentum, decay)
          next.weights = zip(state.weights, state.velocity).map { $0 - rate * $1 }
          return next
        },
        Decoy("decay forgotten", "decay · weight belongs to the gradient.") {
          state, gradient, rate, momentum, _ in stepped(state, gradient, rate, momentum, 0)
        },
        Decoy("momentum forgotten", "The velocity keeps momentum times its old value.") {
          state, gradient, rate, _, decay in stepped(state, gradient, rate, 0, decay)
        },
        Decoy(
          "rate inside the velocity",
          "That is Caffe's way of writing it; here the rate multiplies the new velocity."
        ) { state, gradient, rate, momentum, decay in
          let velocity = state.velocity.indices.map {
            momentum * state.velocity[$0] + rate * (gradient[$0] + decay * state.weights[$0])
          }
          return Descent(
            weights: zip(state.weights, velocity).map { $0 - $1 }, velocity: velocity)
        },
        Decoy("uphill", "The weight moves against the gradient: minus.") {
          state, gradient, rate, momentum, decay in
          stepped(state, gradient, -rate, momentum, decay)
        },
        Decoy("decay in the weight alone", "decay · weight belongs to g, and so to the velocity.") {
          state, gradient, rate, momentum, decay in
          var next = stepped(state, gradient, rate, momentum, 0)
          next.weights = next.weights.indices.map {
            next.weights[$0] - rate * decay * state.weights[$0]
          }
          return next
        },
        Decoy("weight shrunk by decay, without the rate", "decay · weight belongs to g.") {
          state, gradient, rate, momentum, decay in
          var next = stepped(state, gradient, rate, momentum, 0)
          next.weights = next.weights.indices.map { next.weights[$0] - decay * state.weights[$0] }
          return next
        },
        Decoy("decay taken away", "g = gradient + decay · weight.") {
          state, gradient, rate, momentum, decay in
          stepped(state, gradient, rate, momentum, -decay)
        },
        Decoy("decay of the new weight", "g takes the weight from before the step.") {
          state, gradient, rate, momentum, decay in
          let moved = stepped(state, gradient, rate, momentum, 0)
          let g = zip(gradient, moved.weights).map { $0 + decay * $1 }
          return stepped(state, g, rate, momentum, 0)
        },
        Decoy("velocity given back unchanged", "The new velocity is a part of the answer.") {
          state, gradient, rate, momentum, decay in
          var next = stepped(state, gradient, rate, momentum, decay)
          next.velocity = state.velocity
          return next
        },
        Decoy("weights given back unchanged", "The new weights are a part of the answer.") {
          state, gradient, rate, momentum, decay in
          var next = stepped(state, gradient, rate, momentum, decay)
          next.weights = state.weights
          return next
        },
        Decoy("momentum of the gradient, too", "Only the old velocity is multiplied by momentum.") {
          state, gradient, rate, momentum, decay in
          moved(state, rate) { i in
            momentum * (state.velocity[i] + gradient[i] + decay * state.weights[i])
          }
        },
        Decoy("gradient times 1 − momentum", "Here g is added as it is.") {
          state, gradient, rate, momentum, decay in
          moved(state, rate) { i in
            momentum * state.velocity[i]
              + (1 - momentum) * (gradient[i] + decay * state.weights[i])
          }
        },
        Decoy("velocity minus gradient", "The gradient is added to the velocity.") {
          state, gradient, rate, momentum, decay in
          moved(state, rate) { i in
            momentum * state.velocity[i] - gradient[i] - decay * state.weights[i]
          }
        },
        Decoy("momentum as 1", "The old velocity is multiplied by momentum.") {
          state, gradient, rate, _, decay in stepped(state, gradient, rate, 1, decay)
        },
        Decoy("rate forgotten", "The weight moves by rate · velocity.") {
          state, gradient, _, momentum, decay in stepped(state, gradient, 1, momentum, decay)
        },
        Decoy("velocity for weight", "The weight itself moves: weight − rate · velocity.") {
          state, gradient, rate, momentum, decay in
          var next = stepped(state, gradient, rate, momentum, decay)
          next.weights = next.velocity.map { -rate * $0 }
          return next
        },
        Decoy(
          "a step ahead",
          "That is Nesterov's way: gradient and momentum once more; here the new velocity alone."
        ) { state, gradient, rate, momentum, decay in
          var next = stepped(state, gradient, rate, momentum, decay)
          next.weights = state.weights.indices.map { i in
            let g = gradient[i] + decay * state.weights[i]
            return state.weights[i] - rate * (g + momentum * next.velocity[i])
          }
          return next
        },
      ])
  }
}

private func quarters(_ count: Int, _ seed: UInt64) -> [Fraction] {
  numbers(count, seed: seed).map { Fraction($0, 4) }
}

private func stepped(
  _ state: Descent, _ gradient: [Fraction], _ rate: Fraction, _ momentum: Fraction,
  _ decay: Fraction
) -> Descent {
  let descent = GradientDescent(rate: rate, momentum: momentum, decay: decay)
  let steps = state.weights.indices.map {
    descent.step(state.weights[$0], velocity: state.velocity[$0], gradient: gradient[$0])
  }
  return Descent(weights: steps.map(\.weight), velocity: steps.map(\.velocity))
}

private func moved(_ state: Descent, _ rate: Fraction, _ velocity: (Int) -> Fraction) -> Descent {
  let velocities = state.weights.indices.map(velocity)
  return Descent(
    weights: zip(state.weights, velocities).map { $0 - rate * $1 }, velocity: velocities)
}
