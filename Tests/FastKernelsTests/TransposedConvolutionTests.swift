import ConvolutionArithmetic
import FastKernels
import KernelInterface
import Tensors
import Testing

struct PreparedTransposedConvolutionTests {
  func check(
    _ c: Case, outputPadding: Size, _ x: [Float], _ w: [Float], _ bias: [Float], diagonal: Bool
  ) throws {
    let full = try c.convolution.transposed(outputPadding: outputPadding).outputSize(input: c.size)
    let expected = transposedDefinition(c, x, w, bias, full)
    for (name, table) in tables {
      var results: [[Float]] = []
      for threads in [Threads(1), Threads(2)] {
        let layer = try PreparedTransposedConvolution(
          c.convolution.transposed(outputPadding: outputPadding), weights: w, bias: bias,
          outputs: c.outputs, inputs: c.inputs, threads: threads, table: table)
        #expect(layer.isDiagonal == diagonal, "\(c)")
        let input = FeatureMap(channels: c.inputs, size: c.size)
        input.load(x, threads: threads)
        let output = FeatureMap(channels: c.outputs, size: full)
        layer.run(input, into: output, Workspace(threads: threads))
        var planar = [Float](repeating: .nan, count: c.outputs * full.area)
        output.store(&planar, threads: threads)
        results.append(planar)

        // A crop equals the same part of the whole.
        let crop = Size(height: (full.height + 1) / 2, width: (full.width + 1) / 2)
        let (top, left) = (full.height - crop.height, full.width / 3)
        let part = FeatureMap(channels: c.outputs, size: crop)
        layer.run(input, into: part, top: top, left: left, Workspace(threads: threads))
        var cropped = [Float](repeating: .nan, count: c.outputs * crop.area)
        part.store(&cropped, threads: threads)
        for m in 0..<c.outputs {
          for y in 0..<crop.height {
            let start = (m * full.height + top + y) * full.width + left
            let row = (m * crop.height + y) * crop.width
            #expect(
              planar[start..<(start + crop.width)] == cropped[row..<(row + crop.width)],
              "\(name): crop of \(c)")
          }
        }
      }
      #expect(results[0] == results[1], "1 and 2 threads differ: \(c)")
      let error = worstError(results[0], expected)
      #expect(error <= 8, "\(name): error \(error) of 8 units: \(c)")
    }
  }

  /// A case whose output is not empty, and its output padding. A padding below 0 widens the output, and its
  /// first cells lie before all stamps.
  func draw(_ random: inout SplitMix64, inputs: Int, outputs: Int, groups: Int) -> (Case, Size) {
    let (kernelSize, dilation, stride) = (
      random.size(1...5), random.size(1...2), random.size(1...4)
    )
    let c = Case(
      inputs: inputs, outputs: outputs, size: random.size(2...6), kernelSize: kernelSize,
      stride: stride,
      padding: Padding(
        top: random.integer(in: -3...(kernelSize.height - 1) * dilation.height / 2),
        left: random.integer(in: -3...(kernelSize.width - 1) * dilation.width / 2),
        bottom: random.integer(in: -3...(kernelSize.height - 1) * dilation.height / 2),
        right: random.integer(in: -3...(kernelSize.width - 1) * dilation.width / 2)),
      dilation: dilation, groups: groups)
    return (
      c,
      Size(
        height: random.integer(in: 0...max(stride.height, dilation.height) - 1),
        width: random.integer(in: 0...max(stride.width, dilation.width) - 1))
    )
  }

  @Test func `Dense transposed convolutions equal the stamped definition`() throws {
    var random = SplitMix64(seed: 11)
    for _ in 0..<25 {
      let groups = random.integer(in: 1...3)
      let (c, outputPadding) = draw(
        &random, inputs: groups * random.integer(in: 2...18),
        outputs: groups * random.integer(in: 1...19), groups: groups)
      try check(
        c, outputPadding: outputPadding, random.floats(c.inputs * c.size.area),
        random.floats(c.inputs * c.outputs / groups * c.kernelSize.area),
        random.floats(c.outputs), diagonal: false)
    }
  }

  @Test func `Diagonal weights and groups of one channel are stamped`() throws {
    var random = SplitMix64(seed: 12)
    for round in 0..<20 {
      let channels = random.integer(in: 2...21)
      let groups = round % 2 == 0 ? 1 : channels
      let (c, outputPadding) = draw(&random, inputs: channels, outputs: channels, groups: groups)
      var w = random.floats(channels * channels / groups * c.kernelSize.area)
      if groups == 1 {
        for i in w.indices
        where i / c.kernelSize.area / channels != i / c.kernelSize.area % channels {
          w[i] = 0
        }
      }
      try check(
        c, outputPadding: outputPadding, random.floats(channels * c.size.area), w,
        random.floats(channels), diagonal: true)
    }
  }

  @Test func `One weight off the diagonal makes it dense`() throws {
    var random = SplitMix64(seed: 13)
    let c = Case(inputs: 3, outputs: 3, size: 4, kernelSize: 2, stride: 2)
    var w = [Float](repeating: 0, count: 36)
    for channel in 0..<3 { for cell in 0..<4 { w[channel * 16 + cell] = 1 } }
    let x = random.floats(3 * 16)
    try check(c, outputPadding: 0, x, w, [0, 0, 0], diagonal: true)
    w[4] = 0.5
    try check(c, outputPadding: 0, x, w, [0, 0, 0], diagonal: false)
  }
}
