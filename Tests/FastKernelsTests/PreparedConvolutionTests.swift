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

  @Test func `Few cells of 3×3 are a product, of the same packed weights`() throws {
    var random = SplitMix64(seed: 13)
    for (side, method) in [(7, PreparedConvolution.Method.product), (8, .winograd)] {
      let c = Case(inputs: 19, outputs: 35, size: Size(side), kernelSize: 3, padding: 1)
      let (x, w, bias) = (
        random.floats(19 * side * side), random.floats(c.weightCount), random.floats(35)
      )
      for (name, table) in tables {
        let layer = try PreparedConvolution(
          c.convolution, weights: w, bias: bias, outputs: 35, inputs: 19, rectify: true, pool: true,
          exact: false, method: nil, threads: .all, table: table)
        #expect(layer.method == .winograd && layer.method(output: c.size) == method)
        let chosen = try run(
          c, x, w, bias, method: method, table: table, rectify: true, pool: true)
        let left = try run(c, x, w, bias, method: nil, table: table, rectify: true, pool: true)
        expectEqual(left.1, chosen.1, "\(name): \(c)")
      }
    }
  }

  @Test func `7×7 weights are packed for the cells that they are to give, and give any`() throws {
    var random = SplitMix64(seed: 14)
    let seven = try Convolution(kernelSize: 7)
    let (w, bias) = (random.floats(33 * 20 * 49), random.floats(33))
    for (output, method) in [(Size(5), PreparedConvolution.Method.product), (6, .winograd)] {
      #expect(
        PreparedConvolution.method(seven, inputs: 20, outputs: 33, output: output) == method)
      let layer = PreparedConvolution(
        seven, weights: w, bias: bias, outputs: 33, inputs: 20, output: output)
      #expect(layer.method == method)
      for side in [7, 9, 15] {
        let c = Case(inputs: 20, outputs: 33, size: Size(side), kernelSize: 7)
        let x = random.floats(20 * side * side)
        let size = try layer.outputSize(input: c.size)
        let map = FeatureMap(channels: 33, size: size)
        layer.run(planar: x, size: c.size, into: map, Workspace())
        var got = [Float](repeating: .nan, count: 33 * size.area)
        map.store(&got, threads: .all)
        let error = worstError(got, definition(c, x, w, bias, size))
        #expect(error <= 60, "\(method), \(c): \(error)")
      }
    }
  }

  @Test func `Two layers in bands are one after the other, bit by bit`() throws {
    var random = SplitMix64(seed: 15)
    // Rows of 3000 · 16 floats: 5 rows of tiles fill a band. A padding of 100 makes bands of copies alone.
    for (size, padding, inputs, outputs, pool) in [
      (Size(height: 47, width: 3000), Padding(1), 16, 19, true),
      (Size(height: 1, width: 1), Padding(100), 64, 64, true),
      (Size(height: 35, width: 5), Padding(100), 64, 33, false),
      (Size(height: 420, width: 300), Padding(0), 16, 16, true),
    ] {
      let first = try Convolution(kernelSize: 3, padding: padding)
      let second = try Convolution(kernelSize: 3, padding: 1)
      #expect(
        PreparedConvolution.canBeTogether(
          first, inputs: 3, second, inputs: inputs, outputs: outputs))
      let x = random.floats(3 * size.area)
      let (w1, b1) = (random.floats(inputs * 27), random.floats(inputs))
      let (w2, b2) = (random.floats(outputs * inputs * 9), random.floats(outputs))
      for (name, table) in tables {
        for threads in [Threads(1), Threads(2)] {
          let one = PreparedConvolution(
            first, weights: w1, bias: b1, outputs: inputs, inputs: 3, rectify: true, pool: false,
            exact: false, method: nil, threads: threads, table: table)
          let two = PreparedConvolution(
            second, weights: w2, bias: b2, outputs: outputs, inputs: inputs, rectify: true,
            pool: pool, exact: false, method: nil, threads: threads, table: table)
          let workspace = Workspace(threads: threads)
          let between = FeatureMap(channels: inputs, size: try one.outputSize(input: size))
          one.run(planar: x, size: size, into: between, workspace)
          let outputSize = try two.outputSize(input: between.size)
          let (apart, together) = (
            FeatureMap(channels: outputs, size: outputSize),
            FeatureMap(channels: outputs, size: outputSize)
          )
          two.run(between, into: apart, workspace)
          two.run(planar: x, size: size, through: one, into: together, workspace)
          var (a, b) = (
            [Float](repeating: 1, count: outputs * outputSize.area),
            [Float](repeating: 2, count: outputs * outputSize.area)
          )
          apart.store(&a, threads: threads)
          together.store(&b, threads: threads)
          #expect(a == b, "\(name), \(threads.count) threads, \(size)")
          #expect(apart.zones == together.zones)
        }
      }
    }
    // Not where the weights of the second are many, nor where the first is no sum over few planes.
    let three = try Convolution(kernelSize: 3, padding: 1)
    #expect(!PreparedConvolution.canBeTogether(three, inputs: 3, three, inputs: 256, outputs: 256))
    #expect(!PreparedConvolution.canBeTogether(three, inputs: 16, three, inputs: 16, outputs: 16))
  }

  @Test func `Weights are forgotten once each, and none are needed where they are packed`() throws {
    // Parts of 16 MB: of 39 and of 76 MB; each group is at least one.
    for (c, parts) in [
      (Case(inputs: 40, outputs: 5000, size: 6, kernelSize: 7), 3),
      (Case(inputs: 700, outputs: 3000, size: 6, kernelSize: 3), 5),
      (Case(inputs: 64, outputs: 64, size: 6, kernelSize: 3, groups: 2), 2),
    ] {
      let w = [Float](repeating: 1, count: c.weightCount)
      var forgotten: [Range<Int>] = []
      let layer = PreparedConvolution(
        try c.convolution, weights: w, bias: nil, outputs: c.outputs, inputs: c.inputs,
        forget: { forgotten.append($0) })
      #expect(forgotten.first?.lowerBound == 0 && forgotten.last?.upperBound == w.count)
      #expect(zip(forgotten, forgotten.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
      #expect(forgotten.count == parts)
      let packed = layer.packedWeights
      let count = PreparedConvolution.packedCount(
        try c.convolution, inputs: c.inputs, outputs: c.outputs)
      #expect(packed.count == count)
      let again = PreparedConvolution(
        try c.convolution, weights: nil, bias: nil, outputs: c.outputs, inputs: c.inputs,
        packed: Buffer(mapped: packed.baseAddress!, count: count, owner: layer))
      #expect(again.packedWeights.baseAddress == packed.baseAddress)
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
