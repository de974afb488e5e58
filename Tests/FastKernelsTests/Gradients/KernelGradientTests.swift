import ConvolutionArithmetic
import KernelInterface
import Tensors
import Testing

@testable import FastKernels

/// The gradient of convolutions by their kernels against its definition.
///
/// Each sum is one chain over the output cells of a picture, at most some 300 here. Every step rounds by
/// half a unit of the partial sum at most, in either direction: together far below 8 units of the sum
/// of magnitudes. Through Winograd's transforms more cancels: 16 units, as forward.
struct KernelGradientTests {
  static let (direct, transformed) = (8.0, 16.0)

  /// One picture, or two whose sums are added number by number, at every level.
  func check(
    _ c: Case, planar isPlanar: Bool, pictures: Int = 1, factor: Float = 1,
    _ random: inout SplitMix64
  ) throws {
    let output = try c.outputSize
    let inputs = (0..<pictures).map { _ in random.floats(c.inputs * c.size.area) }
    let gradients = (0..<pictures).map { _ in random.floats(c.outputs * output.area) }
    var expected = (
      sums: [Double](repeating: 0, count: c.weightCount),
      magnitudes: [Double](repeating: 0, count: c.weightCount)
    )
    for (x, y) in zip(inputs, gradients) {
      let one = kernelGradientDefinition(c, x, y, output)
      for i in 0..<c.weightCount {
        expected.sums[i] += one.sums[i] * Double(factor)
        expected.magnitudes[i] += one.magnitudes[i] * Double(factor.magnitude)
      }
    }
    for (name, table) in tables {
      let layer = try KernelGradient(
        c.convolution, outputs: c.outputs, inputs: c.inputs, planar: isPlanar, table: table)
      let results = threadCounts.map { threads in
        let workspace = Workspace(threads: threads)
        let (own, total) = (Buffer(count: layer.sumCount), Buffer(count: layer.sumCount))
        total.clear()
        for (x, y) in zip(inputs, gradients) {
          own.pointer.update(repeating: .nan, count: own.count)
          let gradient = loaded(y, channels: c.outputs, output)
          if isPlanar {
            layer.run(
              planar: x, size: c.size, gradient: gradient, into: own.pointer, workspace)
          } else {
            layer.run(
              loaded(x, channels: c.inputs, c.size), gradient: gradient, into: own.pointer,
              workspace)
          }
          add(own.pointer, to: total.pointer, count: own.count, threads: threads)
        }
        var kernels = [Float](repeating: .nan, count: c.weightCount)
        layer.unpack(total.pointer, into: &kernels, factor: factor, threads: threads)
        return kernels
      }
      let what = "\(name)\(isPlanar ? ", planar" : ""): \(c)"
      expectEqual(results[0], results[1], "1 and 2 threads differ: \(what)")
      let error = worstError(results[0], expected)
      let tolerance = layer.isTransformed(output) ? Self.transformed : Self.direct
      #expect(error <= tolerance, "error \(error) of \(tolerance) units: \(what)")
    }
  }

  @Test func `Of maps in blocks, for any geometry`() throws {
    var random = SplitMix64(seed: 61)
    for _ in 0..<25 {
      let c = random.convolution(
        inputs: random.integer(in: 1...40), outputs: random.integer(in: 1...40), width: 1...9,
        kernel: 1...3)
      try check(c, planar: false, &random)
    }
  }

  @Test func `Of 3×3 kernels, through Winograd's transforms, in one chunk of tiles and in several`()
    throws
  {
    var random = SplitMix64(seed: 67)
    for (inputs, outputs, height, width) in [
      (1, 1, 8, 8), (16, 32, 9, 11), (5, 17, 13, 7), (24, 40, 33, 35), (3, 2, 29, 61),
    ] {
      for padding in [Padding(0), Padding(1), Padding(top: 0, left: 2, bottom: 1, right: 0)] {
        let c = Case(
          inputs: inputs, outputs: outputs, size: Size(height: height, width: width + 3),
          kernelSize: 3, stride: 1, padding: padding)
        try check(c, planar: false, &random)
      }
    }
  }

  @Test func `Of planar maps, for any geometry`() throws {
    var random = SplitMix64(seed: 62)
    for _ in 0..<25 {
      let c = random.convolution(
        inputs: random.integer(in: 1...7), outputs: random.integer(in: 1...40),
        padding: 0...7)
      try check(c, planar: true, &random)
    }
  }

  @Test func `Of groups, wherever blocks of 16 cut them`() throws {
    var random = SplitMix64(seed: 63)
    for (groups, inputs, outputs) in [
      (2, 16, 16), (2, 9, 11), (3, 7, 5), (4, 1, 9), (5, 3, 1), (3, 6, 16), (21, 1, 1), (2, 20, 3),
    ] {
      let c = random.convolution(
        inputs: groups * inputs, outputs: groups * outputs, groups: groups, width: 1...6,
        kernel: 1...3)
      for isPlanar in [false, true] { try check(c, planar: isPlanar, &random) }
    }
  }

  @Test func `Wide maps are summed in bands of rows`() throws {
    var random = SplitMix64(seed: 64)
    for width in [40, 81, 170] {
      for isPlanar in [false, true] {
        let c = Case(
          inputs: 3, outputs: 2, size: Size(height: 11, width: width), kernelSize: 3,
          stride: Size(height: 1, width: 1 + width % 2),
          padding: Padding(top: 2, left: 0, bottom: 1, right: 3))
        try check(c, planar: isPlanar, &random)
      }
    }
  }

  @Test func `The sums of pictures are added number by number, and scaled at the end`() throws {
    var random = SplitMix64(seed: 65)
    for isPlanar in [false, true] {
      let c = random.convolution(inputs: 5, outputs: 18, kernel: 2...3)
      try check(c, planar: isPlanar, pictures: 3, factor: -0.375, &random)
    }
  }

  @Test func `A planar gradient reads maps in blocks too, with the same bits`() throws {
    var random = SplitMix64(seed: 66)
    let c = random.convolution(inputs: 3, outputs: 17)
    let output = try c.outputSize
    let (x, y) = (random.floats(3 * c.size.area), random.floats(17 * output.area))
    let layer = try KernelGradient(c.convolution, outputs: 17, inputs: 3, planar: true)
    let workspace = Workspace(threads: Threads(2))
    let gradient = loaded(y, channels: 17, output)
    let (a, b) = (Buffer(count: layer.sumCount), Buffer(count: layer.sumCount))
    layer.run(planar: x, size: c.size, gradient: gradient, into: a.pointer, workspace)
    layer.run(
      loaded(x, channels: 3, c.size), gradient: gradient, into: b.pointer, workspace)
    #expect((0..<layer.sumCount).allSatisfy { a.pointer[$0] == b.pointer[$0] })
  }
}
