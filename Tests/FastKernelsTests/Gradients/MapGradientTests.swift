import ConvolutionArithmetic
import Tensors
import Testing

@testable import FastKernels

/// The gradients of pooling, ReLU, crops and biases, on whole numbers: every sum is exact, so that all
/// comparisons are.
struct MapGradientTests {
  /// Each window's gradient goes to the first of its largest cells, as a plain loop; a NaN is largest.
  func poolDefinition(
    _ x: [Float], _ gradient: [Float], _ geometry: Geometry, channels: Int, rectified: Bool
  ) -> [Float] {
    let (input, output) = (geometry.inputSize, geometry.outputSize)
    var result = [Float](repeating: 0, count: x.count)
    let rows = (0..<output.height).map { geometry.rows.taps(ofOutput: $0).map(\.input) }
    let columns = (0..<output.width).map { geometry.columns.taps(ofOutput: $0).map(\.input) }
    for channel in 0..<channels {
      for (oy, ys) in rows.enumerated() {
        for (ox, xs) in columns.enumerated() {
          var winner: Int?
          for y in ys {
            for column in xs {
              let cell = (channel * input.height + y) * input.width + column
              let most = winner.map { x[$0] } ?? -.infinity
              if winner == nil || x[cell] > most || x[cell].isNaN && !most.isNaN { winner = cell }
            }
          }
          guard let winner, !(rectified && x[winner] <= 0) else { continue }
          result[winner] += gradient[(channel * output.height + oy) * output.width + ox]
        }
      }
    }
    return result
  }

  func checkPool(
    _ pooling: Pooling, _ size: Size, x: [Float], channels: Int,
    _ random: inout SplitMix64
  ) throws {
    let geometry = try pooling.geometry(input: size)
    let output = geometry.outputSize
    let y = random.integers(channels * output.area)
    for rectified in [false, true] {
      let expected = poolDefinition(
        x, y, geometry, channels: channels, rectified: rectified)
      for level in Level.available {
        for threads in threadCounts {
          let result = unwritten(channels: channels, size)
          maxPoolGradient(
            loaded(y, channels: channels, output), input: loaded(x, channels: channels, size),
            into: result, by: pooling, rectified: rectified,
            Workspace(threads: threads), level: level)
          let what =
            "\(level), \(threads.count) threads, \(channels) of \(size), \(pooling), "
            + "rectified \(rectified)"
          expectEqual(planar(result, what), expected, what)
        }
      }
    }
  }

  @Test func `Pooling side by side, whole windows and what is left of them`() throws {
    var random = SplitMix64(seed: 101)
    for kernelSize in [Size(2), Size(2), Size(2), Size(3), Size(height: 1, width: 2)] {
      for rounding in [Rounding.floor, .ceil] {
        let (channels, size) = (random.integer(in: 1...20), random.size(3...9))
        let pooling = try Pooling(kernelSize: kernelSize, rounding: rounding)
        // Of five values, so that many windows have several largest cells.
        let x = random.integers(channels * size.area, -2...2)
        try checkPool(pooling, size, x: x, channels: channels, &random)
      }
    }
  }

  @Test func `Pooling with any window`() throws {
    var random = SplitMix64(seed: 102)
    for round in 0..<25 {
      let (kernelSize, dilation) = (random.size(1...3), random.size(1...2))
      let pooling = try Pooling(
        kernelSize: kernelSize, stride: random.size(1...4), padding: random.padding(0...2),
        dilation: dilation, rounding: round % 2 == 0 ? .floor : .ceil)
      let channels = random.integer(in: 1...18)
      let size = Size(
        height: kernelSize.height * dilation.height + random.integer(in: 0...5),
        width: kernelSize.width * dilation.width + random.integer(in: 0...5))
      let x = random.integers(channels * size.area, -3...1)
      try checkPool(pooling, size, x: x, channels: channels, &random)
    }
  }

  @Test func `Infinities and NaN win as they do forward`() throws {
    var random = SplitMix64(seed: 103)
    let values: [Float] = [-.infinity, -.infinity, 1, .infinity, .nan]
    for (kernelSize, stride) in [(Size(2), Size(2)), (Size(3), Size(2))] {
      let pooling = try Pooling(kernelSize: kernelSize, stride: stride)
      let x = (0..<(3 * 64)).map { _ in values[random.integer(in: 0...4)] }
      try checkPool(pooling, 8, x: x, channels: 3, &random)
    }
  }

  @Test func `ReLU passes on what was above 0, and NaN`() {
    var random = SplitMix64(seed: 104)
    let (channels, size) = (19, Size(height: 64, width: 70))
    var rectified = random.integers(channels * size.area, -1...2)
    rectified[7] = .nan
    let y = random.integers(channels * size.area)
    let expected = zip(rectified, y).map { $0 <= 0 ? 0 : $1 }
    for level in Level.available {
      for threads in threadCounts {
        let gradient = loaded(y, channels: channels, size)
        rectifyGradient(
          gradient, rectified: loaded(rectified, channels: channels, size),
          Workspace(threads: threads), level: level)
        let what = "\(level), \(threads.count) threads"
        expectEqual(planar(gradient, what), expected, what)
      }
    }
  }

  @Test func `The gradient of a crop is added where the crop was`() {
    var random = SplitMix64(seed: 105)
    for _ in 0..<10 {
      let channels = random.integer(in: 1...33)
      let (part, margin) = (random.size(1...20), random.size(0...5))
      let (top, left) = (
        random.integer(in: 0...margin.height), random.integer(in: 0...margin.width)
      )
      let whole = Size(height: part.height + margin.height, width: part.width + margin.width)
      let (old, added) = (
        random.integers(channels * whole.area), random.integers(channels * part.area)
      )
      var expected = old
      for row in 0..<(channels * part.height) {
        let (channel, y) = (row / part.height, row % part.height)
        for x in 0..<part.width {
          expected[(channel * whole.height + top + y) * whole.width + left + x] +=
            added[row * part.width + x]
        }
      }
      for level in Level.available {
        for threads in threadCounts {
          let sum = loaded(old, channels: channels, whole)
          addPlaced(
            loaded(added, channels: channels, part), top: top, left: left, to: sum,
            Workspace(threads: threads), level: level)
          expectEqual(
            planar(sum, "\(level)"), expected,
            "\(level), \(threads.count) threads: \(part) at \(top),\(left) of \(whole)")
        }
      }
    }
  }

  @Test func `The gradient by a bias is the sum of its channel`() {
    var random = SplitMix64(seed: 106)
    for _ in 0..<8 {
      let (channels, size) = (random.integer(in: 1...40), random.size(1...15))
      let y = random.integers(channels * size.area)
      let expected = (0..<channels).map {
        y[($0 * size.area)..<(($0 + 1) * size.area)].reduce(0, +)
      }
      for level in Level.available {
        for threads in threadCounts {
          let sums = Buffer(count: (channels + 15) / 16 * 16)
          sums.pointer.update(repeating: .nan, count: sums.count)
          biasGradient(
            loaded(y, channels: channels, size), into: sums.pointer, Workspace(threads: threads),
            level: level)
          let got = (0..<sums.count).map { sums.pointer[$0] }
          expectEqual(
            got, expected + Array(repeating: 0, count: sums.count - channels),
            "\(level), \(threads.count) threads: \(channels) of \(size)")
        }
      }
    }
  }
}
