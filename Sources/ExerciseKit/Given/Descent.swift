public import Tensors

/// Weights and their velocity in gradient descent with momentum.
public struct Descent: Equatable, Sendable {
  /// The weights.
  public var weights: [Fraction]
  /// How fast each weight moves.
  public var velocity: [Fraction]

  /// Weights and their velocity.
  public init(weights: [Fraction], velocity: [Fraction]) {
    (self.weights, self.velocity) = (weights, velocity)
  }
}

extension Descent: Answer {
  /// The weights, then the velocities, by name.
  public var layout: Layout {
    Layout(
      named: weights.enumerated().map { ("weight \($0)", $1.cell) }
        + velocity.enumerated().map { ("velocity \($0)", $1.cell) })
  }
  /// Nothing, and zeros.
  public var trivial: [Descent] {
    [
      Descent(weights: [], velocity: []),
      Descent(weights: weights.map { _ in 0 }, velocity: velocity.map { _ in 0 }),
    ]
  }
}

extension Descent: Transferable {
  /// The weights, then the velocities.
  public func write(to message: inout Message) {
    message.write(weights)
    message.write(velocity)
  }
  /// The weights, then the velocities.
  public init(from message: inout Message) throws {
    self.init(weights: try message.values(), velocity: try message.values())
  }
}
