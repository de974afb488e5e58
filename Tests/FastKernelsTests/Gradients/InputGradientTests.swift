import ConvolutionArithmetic
import KernelInterface
import Tensors
import Testing

@testable import FastKernels

/// The gradient of convolutions of stride 1 by their input, run as a convolution, against the stamped
/// definition. Tolerances are those of the same methods forward: a direct sum stays below 8 units,
/// Winograd's transforms add to it.
struct InputGradientTests {
  func check(
    _ c: Case, _ random: inout SplitMix64, method: PreparedConvolution.Method, exact: Bool = false,
    tolerance: Double
  ) throws {
    let output = try c.outputSize
    let w = random.floats(c.weightCount)
    let y = random.floats(c.outputs * output.area)
    let expected = transposedDefinition(
      c.exchanged(output), y, w, [Float](repeating: 0, count: c.inputs), c.size)
    for (name, table) in tables {
      let results = try threadCounts.map { threads in
        let layer = try PreparedConvolution(
          inputGradientOf: c.convolution, weights: w, outputs: c.outputs, inputs: c.inputs,
          exact: exact, threads: threads, table: table)
        #expect(layer.method == method, "\(c)")
        #expect(try layer.outputSize(input: output) == c.size, "\(c)")
        let result = unwritten(channels: c.inputs, c.size)
        layer.run(
          loaded(y, channels: c.outputs, output), into: result, Workspace(threads: threads))
        return planar(result, "\(name): \(c)")
      }
      expectEqual(results[0], results[1], "1 and 2 threads differ: \(name): \(c)")
      let error = worstError(results[0], expected)
      #expect(error <= tolerance, "\(name): error \(error) of \(tolerance) units: \(c)")
    }
  }

  @Test func `As a product, for any window; wide padding cuts the gradient`() throws {
    var random = SplitMix64(seed: 71)
    for _ in 0..<20 {
      let c = random.convolution(
        inputs: random.integer(in: 1...40), outputs: random.integer(in: 1...40), width: 1...8,
        kernel: 1...3, stride: 1...1)
      try check(c, &random, method: .product, exact: true, tolerance: 8)
    }
  }

  @Test func `As a planar product, where groups don't fill blocks`() throws {
    var random = SplitMix64(seed: 72)
    for (groups, inputs, outputs) in [
      (2, 3, 5), (3, 16, 2), (4, 1, 1), (2, 17, 9), (5, 4, 7), (18, 1, 1),
    ] {
      let c = random.convolution(
        inputs: groups * inputs, outputs: groups * outputs, groups: groups, kernel: 1...4,
        stride: 1...1)
      try check(c, &random, method: .planar, tolerance: 8)
    }
  }

  @Test func `As a product, where groups fill blocks`() throws {
    var random = SplitMix64(seed: 73)
    for inputs in [5, 12, 16] {
      let c = random.convolution(
        inputs: 2 * inputs, outputs: 32, groups: 2, width: 1...6, kernel: 2...3, stride: 1...1)
      try check(c, &random, method: .product, tolerance: 8)
    }
  }

  @Test func `By Winograd's transforms, 3×3 and 7×7`() throws {
    var random = SplitMix64(seed: 74)
    for _ in 0..<10 {
      let c = random.convolution(
        inputs: random.integer(in: 1...40), outputs: random.integer(in: 1...40), width: 1...11,
        kernel: 3...3, stride: 1...1, dilation: 1...1)
      try check(c, &random, method: .winograd, tolerance: 16)
    }
    for _ in 0..<4 {
      let c = random.convolution(
        inputs: random.integer(in: 1...20), outputs: random.integer(in: 1...20), width: 1...4,
        kernel: 7...7, stride: 1...1, padding: 0...7, dilation: 1...1)
      try check(c, &random, method: .winograd, tolerance: 100)
    }
  }

  @Test func `A stride is refused`() {
    #expect(throws: GeometryError.self) {
      try PreparedConvolution(
        inputGradientOf: Convolution(kernelSize: 1, stride: Size(height: 1, width: 2)),
        weights: [1], outputs: 1, inputs: 1)
    }
  }
}
