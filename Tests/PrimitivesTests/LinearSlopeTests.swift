import Tensors
import Testing

/// Differences of linear layers are their slopes, whatever the step: with whole numbers and a step of 1
/// they are exact, in `Double` too.
@Suite struct LinearSlopeTests {
  @Test(arguments: LinearLayer.all)
  func `the gradient is the slope`(layer: LinearLayer) throws {
    let y = try layer.forward(layer.parts)
    let dy = Sweep.map(y.batch, y.channels, y.size, seed: 11).map { Double($0) }
    let gradients = try layer.backward(layer.parts, dy)
    #expect(gradients.map(\.shape) == layer.parts.map(\.shape))
    for (part, gradient) in gradients.enumerated() {
      for cell in gradient.elements.indices {
        func sum(_ step: Double) throws -> Double {
          var parts = layer.parts
          parts[part][cell] += step
          return zip(try layer.forward(parts).elements, dy.elements).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let slope = try (sum(1) - sum(-1)) / 2
        guard slope == gradient[cell] else {
          Issue.record("part \(part), cell \(cell): slope \(slope), got \(gradient[cell])")
          return
        }
      }
    }
  }
}
