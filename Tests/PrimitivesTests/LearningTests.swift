import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

@Suite struct LearningTests {
  let descent = GradientDescent(
    rate: Fraction(1, 10), momentum: Fraction(1, 2), decay: Fraction(1, 5))

  @Test func `a step of gradient descent`() {
    let next = descent.step(4, velocity: 2, gradient: 3)
    let velocity = Fraction(1, 2) * 2 + 3 + Fraction(1, 5) * 4
    #expect(next == (weight: 4 - Fraction(1, 10) * velocity, velocity: velocity))
    let plain = GradientDescent(rate: 2).step(10, velocity: 7, gradient: 3)
    #expect(plain == (weight: 10 - 2 * 3, velocity: 3))
  }

  @Test func `every number of a tensor moves by itself`() throws {
    let (weights, gradient) = (Tensor<Fraction>([[1, 2]]), Tensor<Fraction>([[5, 7]]))
    let next = try descent.step(weights, velocity: .zeros(weights.shape), gradient: gradient)
    for i in 0..<2 {
      let single = descent.step(weights[i], velocity: 0, gradient: gradient[i])
      #expect((next.weight[i], next.velocity[i]) == single)
    }
    let error = #expect(throws: GeometryError.self) {
      try descent.step(weights, velocity: .zeros([2]), gradient: gradient)
    }
    #expect(error?.description == "the velocity has shape (2); (1, 1, 1, 2) is expected")
    #expect(throws: GeometryError.self) {
      try descent.step(weights, velocity: .zeros(weights.shape), gradient: .zeros([2]))
    }
  }

  @Test func `a bias learns twice as fast and without decay, a fixed tensor not at all`() {
    #expect(descent.scaled(by: .weight) == descent)
    #expect(
      descent.scaled(by: .bias)
        == GradientDescent(rate: Fraction(2, 10), momentum: Fraction(1, 2), decay: 0))
    #expect(descent.scaled(by: .fixed).step(4, velocity: 2, gradient: 3).weight == 4)
  }

  /// Caffe's way of writing it: the rate is taken into the velocity.
  private func caffe(
    _ weight: Fraction, _ velocity: Fraction, _ gradient: Fraction, rate: Fraction
  ) -> (weight: Fraction, velocity: Fraction) {
    let velocity = descent.momentum * velocity + rate * (gradient + descent.decay * weight)
    return (weight - velocity, velocity)
  }

  @Test func `Caffe's descent is the same until the rate changes`() {
    var ours = (weight: Fraction(1), velocity: Fraction(0))
    var theirs = ours
    let gradients = [3, -1, 4, -2].map { Fraction($0) }
    for gradient in gradients {
      ours = descent.step(ours.weight, velocity: ours.velocity, gradient: gradient)
      theirs = caffe(theirs.weight, theirs.velocity, gradient, rate: descent.rate)
      #expect(ours.weight == theirs.weight && descent.rate * ours.velocity == theirs.velocity)
    }
    var slower = descent
    slower.rate = descent.rate / 2
    let (a, b) = (
      slower.step(ours.weight, velocity: ours.velocity, gradient: 1),
      caffe(theirs.weight, theirs.velocity, 1, rate: slower.rate)
    )
    // Caffe's velocity goes on at the old rate: it is this much farther down.
    #expect(a.weight - b.weight == (descent.rate - slower.rate) * descent.momentum * ours.velocity)
  }
}
