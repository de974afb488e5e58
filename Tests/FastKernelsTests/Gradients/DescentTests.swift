import Primitives
import Tensors
import Testing

@testable import FastKernels

struct DescentTests {
  /// No level fuses a product and a sum here, so that a step has the same bits everywhere.
  @Test func `A step of descent equals the readable one, bit by bit`() {
    var random = SplitMix64(seed: 131)
    let descent = GradientDescent<Float>(rate: 0.03, momentum: 0.9, decay: 0.0005)
    for count in [0, 1, 15, 100, 70_000] {
      let (w, v, g) = (random.floats(count), random.floats(count), random.floats(count))
      var (weights, velocity) = (w, v)
      for i in 0..<count {
        (weights[i], velocity[i]) = descent.step(w[i], velocity: v[i], gradient: g[i])
      }
      for level in Level.available {
        for threads in threadCounts {
          var (gotWeights, gotVelocity) = (w, v)
          descend(
            weights: &gotWeights, velocity: &gotVelocity, gradient: g, count: count,
            rate: descent.rate, momentum: descent.momentum, decay: descent.decay,
            threads: threads, level: level)
          let what = "\(count) numbers, \(level), \(threads.count) threads"
          expectEqual(gotWeights, weights, "weights: \(what)")
          expectEqual(gotVelocity, velocity, "velocity: \(what)")
        }
      }
    }
  }

  @Test func `Two steps by hand`() {
    var (weights, velocity): ([Float], [Float]) = ([8, -4], [0, 0])
    for _ in 0..<2 {
      descend(
        weights: &weights, velocity: &velocity, gradient: [2, 1], count: 2, rate: 0.5,
        momentum: 0.5, decay: 0.25)
    }
    // v = 2 + ¼·8 = 4, w = 8 − ½·4 = 6;  v = ½·4 + 2 + ¼·6 = 5.5, w = 6 − ½·5.5
    // v = 1 − ¼·4 = 0, w = −4;  the same again.
    #expect(velocity == [0.5 * 4 + 2 + 0.25 * 6, 0])
    #expect(weights == [6 - 0.5 * 5.5, -4])
  }

  @Test func `Numbers are added, and only so many`() {
    var random = SplitMix64(seed: 132)
    for count in [0, 1, 17, 70_000] {
      let (a, b) = (random.floats(count + 1), random.floats(count + 1))
      var expected = a
      for i in 0..<count { expected[i] += b[i] }
      for level in Level.available {
        for threads in threadCounts {
          var sum = a
          add(b, to: &sum, count: count, threads: threads, level: level)
          expectEqual(sum, expected, "\(count) numbers, \(level), \(threads.count) threads")
        }
      }
    }
  }

  @Test func `Up to 16 outputs take the narrower panels`() {
    for outputs in 1...100 {
      #expect(Level.avx512.fitting(outputs: outputs) == (outputs <= 16 ? .avx2 : .avx512))
      #expect(Level.avx2.fitting(outputs: outputs) == .avx2)
      #expect(Level.baseline.fitting(outputs: outputs) == .baseline)
    }
  }
}
