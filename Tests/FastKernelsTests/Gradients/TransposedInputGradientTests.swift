import ConvolutionArithmetic
import KernelInterface
import Tensors
import Testing

@testable import FastKernels

/// The gradient of transposed convolutions by their input: the convolution of the gradient.
struct TransposedInputGradientTests {
  /// A transposed convolution of `channels` with something left of its output.
  func draw(_ random: inout SplitMix64, channels: Int, groups: Int) -> (c: Case, padding: Size) {
    let (kernelSize, dilation) = (random.size(1...5), random.size(1...2))
    let stride = random.size(1...4)
    func side(_ kernel: Int, _ dilation: Int) -> Int {
      random.integer(in: 0...(kernel - 1) * dilation / 2)
    }
    let c = Case(
      inputs: channels, outputs: channels, size: random.size(2...6), kernelSize: kernelSize,
      stride: stride,
      padding: Padding(
        top: side(kernelSize.height, dilation.height), left: side(kernelSize.width, dilation.width),
        bottom: side(kernelSize.height, dilation.height),
        right: side(kernelSize.width, dilation.width)),
      dilation: dilation, groups: groups)
    return (
      c,
      Size(
        height: random.integer(in: 0...max(stride.height, dilation.height) - 1),
        width: random.integer(in: 0...max(stride.width, dilation.width) - 1))
    )
  }

  /// Weights with zeros from each channel to every other, if it has them.
  func diagonal(_ c: Case, _ random: inout SplitMix64) -> [Float] {
    var w = random.floats(c.weightCount)
    let cells = c.kernelSize.area
    for i in w.indices where c.groups == 1 && i / cells / c.outputs != i / cells % c.outputs {
      w[i] = 0
    }
    return w
  }

  @Test func `Channel by channel; what a crop cuts off has no gradient`() throws {
    var random = SplitMix64(seed: 91)
    for round in 0..<20 {
      let channels = random.integer(in: 1...21)
      let (c, outputPadding) = draw(
        &random, channels: channels, groups: round % 2 == 0 ? 1 : channels)
      let w = diagonal(c, &random)
      let full = try c.convolution.transposed(outputPadding: outputPadding).outputSize(
        input: c.size)
      // The whole, then a part.
      for crop in [full, Size(height: (full.height + 1) / 2, width: (full.width + 1) / 2)] {
        let (top, left) = (full.height - crop.height, (full.width - crop.width) / 2)
        let part = random.floats(channels * crop.area)
        var whole = [Float](repeating: 0, count: channels * full.area)
        for row in 0..<(channels * crop.height) {
          let (channel, y) = (row / crop.height, row % crop.height)
          let start = (channel * full.height + top + y) * full.width + left
          whole.replaceSubrange(
            start..<(start + crop.width),
            with: part[(row * crop.width)..<((row + 1) * crop.width)])
        }
        let expected = definition(
          c.exchanged(full), whole, w, [Float](repeating: 0, count: channels), c.size)
        for (name, table) in tables {
          let results = try threadCounts.map { threads in
            let layer = try PreparedTransposedConvolution(
              c.convolution.transposed(outputPadding: outputPadding), weights: w,
              bias: random.floats(channels), outputs: channels, inputs: channels, threads: threads,
              table: table)
            let result = unwritten(channels: channels, c.size)
            layer.runInputGradient(
              loaded(part, channels: channels, crop), into: result, top: top, left: left,
              Workspace(threads: threads))
            return planar(result, "\(name): \(c)")
          }
          expectEqual(results[0], results[1], "1 and 2 threads differ: \(name): \(c)")
          // A sum has a term for each kernel cell, 25 at most.
          let error = worstError(results[0], expected)
          #expect(error <= 8, "\(name): error \(error) of 8 units, crop \(crop): \(c)")
        }
      }
    }
  }

  @Test func `Weights that may mix channels later are packed for it`() throws {
    var random = SplitMix64(seed: 92)
    let c = Case(inputs: 5, outputs: 5, size: 4, kernelSize: 4, stride: 2)
    let (bilinear, dense) = (diagonal(c, &random), random.floats(c.weightCount))
    let x = loaded(random.integers(5 * 16), channels: 5, 4)
    let workspace = Workspace(threads: Threads(2))
    for (name, table) in tables {
      func make(_ w: [Float], mixes: Bool) throws -> PreparedTransposedConvolution {
        try PreparedTransposedConvolution(
          Convolution(kernelSize: 4, stride: 2).transposed(), weights: w, bias: nil, outputs: 5,
          inputs: 5, mixesChannels: mixes, threads: Threads(2), table: table)
      }
      func result(_ layer: PreparedTransposedConvolution) -> [Float] {
        let y = unwritten(channels: 5, 10)
        layer.run(x, into: y, workspace)
        return planar(y, name)
      }
      let (stamped, mixing) = (try make(bilinear, mixes: false), try make(bilinear, mixes: true))
      #expect(stamped.isDiagonal && !mixing.isDiagonal)
      // Four products of numbers up to 4 and 1, in another order: a few units of 4.
      let worst = zip(result(stamped), result(mixing)).map { abs($0 - $1) }.max()!
      #expect(worst <= 8 * 4 * 0x1p-24, "\(name): \(worst)")
      mixing.repack(weights: dense, bias: nil)
      expectEqual(result(mixing), result(try make(dense, mixes: false)), name)
    }
  }
}
