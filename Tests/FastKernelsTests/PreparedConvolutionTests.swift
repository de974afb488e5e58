import ConvolutionArithmetic
import FastKernels
import KernelInterface
import Tensors
import Testing

struct PreparedConvolutionTests {
  /// Runs a case with both numbers of threads, compares their bits, and returns the planar result.
  func run(
    _ c: Case, _ x: [Float], _ w: [Float], _ bias: [Float], method: PreparedConvolution.Method?,
    table: KernelTable, rectify: Bool = false, pool: Bool = false, viaMap: Bool = false
  ) throws -> (Size, [Float]) {
    var results: [[Float]] = []
    var size: Size = 0
    for threads in [Threads(1), Threads(2)] {
      let layer = try PreparedConvolution(
        c.convolution, weights: w, bias: bias, outputs: c.outputs, inputs: c.inputs,
        rectify: rectify, pool: pool, exact: false, method: method, threads: threads, table: table)
      size = try layer.outputSize(input: c.size)
      let workspace = Workspace(threads: threads)
      let output = FeatureMap(channels: c.outputs, size: size)
      if viaMap {
        let input = FeatureMap(channels: c.inputs, size: c.size)
        input.load(x, threads: threads)
        layer.run(input, into: output, workspace)
      } else {
        layer.run(planar: x, size: c.size, into: output, workspace)
      }
      var planar = [Float](repeating: .nan, count: c.outputs * size.area)
      output.store(&planar, threads: threads)
      results.append(planar)
    }
    #expect(results[0] == results[1], "1 and 2 threads differ: \(c)")
    return (size, results[0])
  }

  func check(
    _ c: Case, _ random: inout SplitMix64, method: PreparedConvolution.Method?, tolerance: Double,
    viaMap: Bool = false
  ) throws {
    let x = random.floats(c.inputs * c.size.area)
    let w = random.floats(c.outputs * c.inputs / c.groups * c.kernelSize.area)
    let bias = random.floats(c.outputs)
    let size = try c.convolution.outputSize(input: c.size)
    let expected = definition(c, x, w, bias, size)
    for (name, table) in tables {
      let (_, got) = try run(c, x, w, bias, method: method, table: table, viaMap: viaMap)
      let error = worstError(got, expected)
      #expect(error <= tolerance, "\(name): error \(error) of \(tolerance) units: \(c)")
    }
  }

  @Test func `The product equals the definition for any geometry`() throws {
    var random = SplitMix64(seed: 1)
    for _ in 0..<40 {
      let kernelSize = random.size(1...4)
      let dilation = random.size(1...2)
      let c = Case(
        inputs: random.integer(in: 1...37), outputs: random.integer(in: 1...40),
        size: Size(
          height: random.integer(in: 1...9) + (kernelSize.height - 1) * dilation.height,
          width: random.integer(in: 1...12) + (kernelSize.width - 1) * dilation.width),
        kernelSize: kernelSize, stride: random.size(1...3), padding: random.padding(0...3),
        dilation: dilation)
      try check(c, &random, method: .product, tolerance: 8)
    }
  }

  @Test func `Planar products equal the definition, in groups too`() throws {
    var random = SplitMix64(seed: 2)
    for _ in 0..<40 {
      let groups = random.integer(in: 1...4)
      let kernelSize = random.size(1...4)
      let dilation = random.size(1...2)
      let c = Case(
        inputs: groups * random.integer(in: 1...5), outputs: groups * random.integer(in: 1...20),
        size: Size(
          height: random.integer(in: 1...9) + (kernelSize.height - 1) * dilation.height,
          width: random.integer(in: 1...60) + (kernelSize.width - 1) * dilation.width),
        kernelSize: kernelSize, stride: random.size(1...4), padding: random.padding(0...7),
        dilation: dilation, groups: groups)
      try check(c, &random, method: nil, tolerance: 8)
    }
  }

  @Test func `Channels that do not mix are convolved by themselves`() throws {
    var random = SplitMix64(seed: 12)
    for number in 0..<30 {
      let (kernelSize, dilation) = (random.size(1...5), random.size(1...2))
      let channels = random.integer(in: 2...50)
      let c = Case(
        inputs: channels, outputs: channels,
        size: Size(
          height: random.integer(in: 1...9) + (kernelSize.height - 1) * dilation.height,
          width: random.integer(in: 1...30) + (kernelSize.width - 1) * dilation.width),
        kernelSize: kernelSize, stride: random.size(1...3), padding: random.padding(0...5),
        dilation: dilation, groups: channels)
      #expect(
        try PreparedConvolution.method(c.convolution, inputs: channels, outputs: channels)
          == .depthwise)
      try check(c, &random, method: nil, tolerance: 8, viaMap: number.isMultiple(of: 2))
    }
    let c = Case(
      inputs: 20, outputs: 20, size: Size(height: 7, width: 6), kernelSize: 3, padding: 1,
      groups: 20)
    let (x, w, bias) = (random.floats(20 * 42), random.floats(20 * 9), random.floats(20))
    for (name, table) in tables {
      let plain = try run(c, x, w, bias, method: .depthwise, table: table)
      let pooled = try run(
        c, x, w, bias, method: .depthwise, table: table, rectify: true, pool: true)
      #expect(
        pooled.1 == halved(plain.1.map { max($0, 0) }, 20, plain.0, pooled.0), "\(name)")
    }
    // Twice as many outputs as inputs are products of one channel each.
    let wider = try Convolution(kernelSize: 3, groups: 8)
    #expect(PreparedConvolution.method(wider, inputs: 8, outputs: 16) == .planar)
  }

  @Test func `Groups that fill blocks are products`() throws {
    var random = SplitMix64(seed: 3)
    for outputs in [24, 32, 34] {
      let c = Case(
        inputs: 64, outputs: outputs, size: Size(height: 5, width: 7), kernelSize: 3, stride: 1,
        padding: Padding(top: 1, left: 0, bottom: 2, right: 1), groups: 2)
      try check(c, &random, method: .product, tolerance: 8)
    }
  }

  @Test func `Winograd 3×3 equals the definition`() throws {
    var random = SplitMix64(seed: 4)
    for _ in 0..<30 {
      let c = Case(
        inputs: random.integer(in: 1...40), outputs: random.integer(in: 1...70),
        size: Size(height: random.integer(in: 3...13), width: random.integer(in: 3...19)),
        kernelSize: 3, padding: random.padding(0...3))
      try check(c, &random, method: .winograd, tolerance: 16)
    }
  }

  @Test func `Winograd 7×7 equals the definition`() throws {
    var random = SplitMix64(seed: 5)
    for _ in 0..<12 {
      let c = Case(
        inputs: random.integer(in: 1...20), outputs: random.integer(in: 1...40),
        size: Size(height: random.integer(in: 7...12), width: random.integer(in: 7...13)),
        kernelSize: 7, padding: random.padding(0...3))
      try check(c, &random, method: .winograd, tolerance: 100)
    }
  }

  @Test func `Winograd with many channels, where threads share the steps`() throws {
    var random = SplitMix64(seed: 6)
    let c = Case(
      inputs: 240, outputs: 250, size: Size(height: 9, width: 10), kernelSize: 3, padding: 1)
    try check(c, &random, method: .winograd, tolerance: 16)
  }

  @Test func `A map of blocks and a planar picture give the same`() throws {
    var random = SplitMix64(seed: 7)
    for method in [PreparedConvolution.Method.planar, .product, .winograd] {
      let c = Case(
        inputs: 5, outputs: 20, size: Size(height: 6, width: 9), kernelSize: 3, padding: 1)
      try check(c, &random, method: method, tolerance: 16, viaMap: true)
    }
  }

  @Test func `Rectifying and pooling in passing equal doing it afterwards`() throws {
    var random = SplitMix64(seed: 8)
    for method in [PreparedConvolution.Method.planar, .product, .winograd] {
      for side in 3...8 {
        let c = Case(
          inputs: 4, outputs: 18, size: Size(height: side, width: 11 - side), kernelSize: 3,
          padding: 1)
        let x = random.floats(c.inputs * c.size.area)
        let w = random.floats(c.outputs * c.inputs * 9)
        let bias = random.floats(c.outputs)
        for (name, table) in tables {
          let plain = try run(c, x, w, bias, method: method, table: table)
          let rectified = try run(c, x, w, bias, method: method, table: table, rectify: true)
          #expect(rectified.1 == plain.1.map { max($0, 0) }, "\(name), \(method): \(c)")
          let pooled = try run(
            c, x, w, bias, method: method, table: table, rectify: true, pool: true)
          #expect(
            pooled.1 == halved(rectified.1, c.outputs, rectified.0, pooled.0),
            "\(name), \(method): \(c)")
        }
      }
    }
  }

  /// The largest of each 2×2 cells, as a plain loop.
  func halved(_ x: [Float], _ channels: Int, _ size: Size, _ output: Size) -> [Float] {
    var result: [Float] = []
    for c in 0..<channels {
      for y in 0..<output.height {
        for at in 0..<output.width {
          var most = -Float.infinity
          for row in [2 * y, 2 * y + 1] where row < size.height {
            for column in [2 * at, 2 * at + 1] where column < size.width {
              most = max(most, x[(c * size.height + row) * size.width + column])
            }
          }
          result.append(most)
        }
      }
    }
    return result
  }
}
