import ConvolutionArithmetic
import KernelInterface
import Tensors
import Testing

@testable import FastKernels

/// Layers whose weights move: packed again, they are what they would be if made anew, bit by bit.
struct RepackingTests {
  /// A layer for each method, forward and turned.
  static let cases: [(c: Case, method: PreparedConvolution.Method)] = [
    (Case(inputs: 19, outputs: 35, size: 9, kernelSize: 3, padding: 1), .winograd),
    (Case(inputs: 5, outputs: 17, size: 9, kernelSize: 7, padding: 3), .winograd),
    (
      Case(
        inputs: 20, outputs: 33, size: 9, kernelSize: Size(height: 2, width: 3),
        dilation: Size(height: 2, width: 1)), .product
    ),
    (Case(inputs: 32, outputs: 32, size: 6, kernelSize: 2, groups: 2), .product),
    (Case(inputs: 6, outputs: 10, size: 9, kernelSize: 3, padding: 2, groups: 2), .planar),
  ]

  func layer(
    _ c: Case, _ method: PreparedConvolution.Method, turned: Bool, _ w: [Float], _ bias: [Float],
    _ table: KernelTable
  ) throws -> PreparedConvolution {
    guard !turned else {
      return try PreparedConvolution(
        inputGradientOf: c.convolution, weights: w, outputs: c.outputs, inputs: c.inputs,
        exact: false, threads: Threads(2), table: table)
    }
    return try PreparedConvolution(
      c.convolution, weights: w, bias: bias, outputs: c.outputs, inputs: c.inputs, rectify: true,
      pool: false, exact: false, method: method, threads: Threads(2), table: table)
  }

  /// All that a layer holds.
  func numbers(_ layer: PreparedConvolution) -> [Float] {
    Array(layer.packedWeights)
      + UnsafeBufferPointer(start: layer.bias.pointer, count: layer.bias.count)
  }

  @Test func `A convolution`() throws {
    var random = SplitMix64(seed: 81)
    for (c, method) in Self.cases {
      let (old, new) = (random.floats(c.weightCount), random.floats(c.weightCount))
      let (oldBias, newBias) = (random.floats(c.outputs), random.floats(c.outputs))
      for (name, table) in tables {
        for turned in [false, true] {
          let moved = try layer(c, method, turned: turned, old, oldBias, table)
          moved.repack(weights: new, bias: turned ? nil : newBias, threads: Threads(1))
          let made = try layer(c, method, turned: turned, new, newBias, table)
          expectEqual(numbers(moved), numbers(made), "\(name), turned \(turned): \(c)")
        }
      }
    }
  }

  @Test func `A transposed convolution, dense and channel by channel`() throws {
    var random = SplitMix64(seed: 82)
    for (inputs, outputs, groups) in [(19, 7, 1), (6, 10, 2), (18, 18, 18), (5, 5, 1)] {
      for (name, table) in tables {
        func make(_ w: [Float], _ bias: [Float]) throws -> PreparedTransposedConvolution {
          try PreparedTransposedConvolution(
            Convolution(kernelSize: 3, stride: 2, groups: groups).transposed(), weights: w,
            bias: bias, outputs: outputs, inputs: inputs, threads: Threads(2), table: table)
        }
        let count = inputs * outputs / groups * 9
        let (old, new) = (random.floats(count), random.floats(count))
        let bias = random.floats(outputs)
        let moved = try make(old, random.floats(outputs))
        moved.repack(weights: new, bias: bias, threads: Threads(1))
        let made = try make(new, bias)
        #expect(moved.isDiagonal == (groups == inputs))
        for (a, b) in [(moved.weights, made.weights), (moved.bias, made.bias)] {
          #expect(
            (0..<a.count).allSatisfy { a.pointer[$0] == b.pointer[$0] },
            "\(name): \(inputs)→\(outputs), \(groups) groups")
        }
      }
    }
  }

  @Test func `Without a bias the old one stays`() throws {
    let layer = try PreparedConvolution(
      Convolution(kernelSize: 1), weights: [1], bias: [3], outputs: 1, inputs: 1)
    layer.repack(weights: [2], bias: nil)
    let up = try PreparedTransposedConvolution(
      Convolution(kernelSize: 1).transposed(), weights: [1], bias: [3], outputs: 1, inputs: 1)
    up.repack(weights: [2], bias: nil)
    let x = loaded([5], channels: 1, 1)
    let y = unwritten(channels: 1, 1)
    let workspace = Workspace(threads: Threads(1))
    layer.run(x, into: y, workspace)
    #expect(planar(y, "convolution") == [2 * 5 + 3] as [Float])
    up.run(x, into: y, workspace)
    #expect(planar(y, "transposed") == [2 * 5 + 3] as [Float])
  }

  @Test func `Layers that share weights run at the same time on other sizes`() throws {
    var random = SplitMix64(seed: 83)
    for (c, method) in Self.cases {
      let layer = try layer(
        c, method, turned: false, random.floats(c.weightCount), random.floats(c.outputs),
        Level.best.table)
      // The padded picture repeats itself, so that a layer keeps a plan for its size.
      let border = try PreparedConvolution(
        Convolution(kernelSize: 3, padding: 12), weights: random.floats(c.inputs * 9),
        bias: random.floats(c.inputs), outputs: c.inputs, inputs: 1, method: .planar)
      let maps = try [Size(9), Size(height: 4, width: 15)].map { size in
        let map = unwritten(
          channels: c.inputs, try border.outputSize(input: size))
        border.run(
          planar: random.floats(size.area), size: size, into: map, Workspace(threads: Threads(1)))
        return map
      }
      let alone = try maps.map { map in
        let result = unwritten(
          channels: c.outputs, try layer.outputSize(input: map.size))
        layer.run(map, into: result, Workspace(threads: Threads(1)))
        return planar(result, "\(c)")
      }
      let layers = [layer, PreparedConvolution(sharing: layer)]
      let results = try maps.map {
        unwritten(channels: c.outputs, try layer.outputSize(input: $0.size))
      }
      for round in 0..<3 {
        Threads(2).run(2) { task, _ in
          // Each size meets both layers.
          let map = (task + round) % 2
          layers[task].run(maps[map], into: results[map], Workspace(threads: Threads(1)))
        }
        for map in 0..<2 { expectEqual(planar(results[map], "\(c)"), alone[map], "\(c)") }
      }
    }
  }
}
