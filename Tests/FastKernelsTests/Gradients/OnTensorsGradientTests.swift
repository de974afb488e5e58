import ConvolutionArithmetic
import FastKernels
import Primitives
import Tensors
import Testing

/// The gradients on tensors against the readable definitions, on integers in floats: equal to the bit,
/// because every product and sum is exact there.
struct OnTensorsGradientTests {
  func integers(_ shape: Shape, _ random: inout SplitMix64) -> Tensor<Float> {
    Tensor(shape: shape, elements: random.integers(shape.count))
  }

  @Test func `Gradients of convolutions, any stride, equal the primitives`() throws {
    var random = SplitMix64(seed: 141)
    for round in 0..<30 {
      let groups = random.integer(in: 1...3)
      let (inputs, outputs) = (random.integer(in: 1...6), random.integer(in: 1...6))
      let c = random.convolution(
        inputs: groups * inputs, outputs: groups * outputs, groups: groups, width: 1...7,
        kernel: 1...3, stride: round % 3 == 0 ? 1...1 : 1...4)
      let output = try c.outputSize
      let x = integers([2, c.inputs, c.size.height, c.size.width], &random)
      let w = integers([c.outputs, inputs, c.kernelSize.height, c.kernelSize.width], &random)
      let y = integers([2, c.outputs, output.height, output.width], &random)
      for level in Level.available {
        #expect(
          try OnTensors.convolutionInputGradient(
            y, w,
            by: Convolution(
              of: w, stride: c.stride, padding: c.padding, dilation: c.dilation, groups: groups),
            inputSize: c.size, exact: true, level: level)
            == Primitives.convolutionInputGradient(
              y, w,
              by: Convolution(
                of: w, stride: c.stride, padding: c.padding, dilation: c.dilation, groups: groups),
              inputSize: c.size), "\(level): \(c)")
        #expect(
          try OnTensors.convolutionKernelGradient(
            x, y,
            by: Convolution(
              kernelSize: c.kernelSize, stride: c.stride, padding: c.padding, dilation: c.dilation,
              groups: groups), level: level)
            == Primitives.convolutionKernelGradient(
              x, y,
              by: Convolution(
                kernelSize: c.kernelSize, stride: c.stride, padding: c.padding,
                dilation: c.dilation, groups: groups)), "\(level): \(c)")
        #expect(
          try OnTensors.biasGradient(y, level: level) == Primitives.biasGradient(y),
          "\(level): \(c)")
      }
    }
  }

  @Test func `Gradients of transposed convolutions equal the primitives`() throws {
    var random = SplitMix64(seed: 142)
    for _ in 0..<25 {
      let groups = random.integer(in: 1...3)
      let (inputs, outputs) = (random.integer(in: 1...6), random.integer(in: 1...6))
      let (kernelSize, stride, dilation) = (
        random.size(1...4), random.size(1...3), random.size(1...3)
      )
      // Up to the larger of stride and dilation: where it is a stride or more, windows fit that the
      // transposed convolution never stamped.
      let outputPadding = Size(
        height: random.integer(in: 0...max(stride.height, dilation.height) - 1),
        width: random.integer(in: 0...max(stride.width, dilation.width) - 1))
      let padding = Padding(
        top: (kernelSize.height - 1) / 2, left: (kernelSize.width - 1) / 2, bottom: 0,
        right: (kernelSize.width - 1) / 2)
      let size = random.size(1...5)
      let full = try Convolution(
        kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation
      ).transposed(outputPadding: outputPadding).outputSize(input: size)
      let y = integers([2, groups * inputs, size.height, size.width], &random)
      let w = integers(
        [groups * inputs, outputs, kernelSize.height, kernelSize.width], &random)
      let x = integers([2, groups * outputs, full.height, full.width], &random)
      let what =
        "\(groups) groups of \(inputs)→\(outputs), \(size), kernel \(kernelSize), stride \(stride), "
        + "padding \(padding), output padding \(outputPadding), dilation \(dilation)"
      #expect(
        try OnTensors.convolutionInputGradient(
          x, w,
          by: Convolution(
            of: w, stride: stride, padding: padding, dilation: dilation, groups: groups
          ).transposed(outputPadding: outputPadding), inputSize: size, exact: true)
          == Primitives.convolutionInputGradient(
            x, w,
            by: Convolution(
              of: w, stride: stride, padding: padding, dilation: dilation, groups: groups
            ).transposed(outputPadding: outputPadding), inputSize: size), "\(what)")
      #expect(
        try OnTensors.convolutionKernelGradient(
          y, x,
          by: Convolution(
            kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation,
            groups: groups
          ).transposed(outputPadding: outputPadding))
          == Primitives.convolutionKernelGradient(
            y, x,
            by: Convolution(
              kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation,
              groups: groups
            ).transposed(outputPadding: outputPadding)), "\(what)")
    }
  }

  @Test func `Winograd is taken for 3×3 and close to the primitive`() throws {
    var random = SplitMix64(seed: 143)
    let (y, w) = (integers([1, 5, 17, 18], &random), integers([5, 9, 3, 3], &random))
    let size = Size(height: 17, width: 18)
    let expected = try Primitives.convolutionInputGradient(
      y, w, by: Convolution(of: w, padding: 1), inputSize: size)
    let got = try OnTensors.convolutionInputGradient(
      y, w, by: Convolution(of: w, padding: 1), inputSize: size)
    let worst = zip(got.elements, expected.elements).map { abs($0 - $1) }.max()!
    // 45 products up to 16, at 16 units of 2⁻²⁴ of their sum at most.
    #expect(worst > 0, "the points are irrational, so that some cell should be rounded")
    #expect(worst < 45 * 16 * 16 * 0x1p-24)
  }

  @Test func `The gradient of max pooling equals the primitive`() throws {
    var random = SplitMix64(seed: 144)
    for round in 0..<15 {
      let (kernelSize, dilation) = (random.size(1...3), random.size(1...2))
      let (stride, padding) = (random.size(1...3), random.padding(0...1))
      let rounding = Rounding.allCases[round % 3]
      let x = integers(
        [2, random.integer(in: 1...17), random.integer(in: 6...9), random.integer(in: 6...9)],
        &random)
      let pooling = try Pooling(
        kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation,
        rounding: rounding)
      let pooled = try Primitives.maxPoolWithIndices(x, by: pooling)
      let y = integers(pooled.values.shape, &random)
      #expect(
        try OnTensors.maxPoolGradient(y, input: x, by: pooling)
          == Primitives.maxPoolGradient(y, indices: pooled.indices, inputSize: x.size),
        "\(x.shape), \(pooling)")
    }
  }

  @Test func `Cross-entropy, summed and averaged, is close to the primitive`() throws {
    var random = SplitMix64(seed: 145)
    for (classes, ignored) in [(2, 255), (21, 0), (5, -1)] {
      let scores = Tensor(
        shape: [2, classes, 3, 4], elements: random.floats(2 * classes * 12).map { $0 * 6 })
      let labels = Tensor(
        shape: [2, 1, 3, 4],
        elements: (0..<24).map { $0 % 5 == 0 ? ignored : random.integer(in: 0...(classes - 1)) })
      for reduction in Reduction.allCases {
        let exact = scores.map(Double.init)
        let loss = try Primitives.crossEntropy(
          exact, labels: labels, ignoredLabel: ignored, reduction: reduction)
        let gradient = try Primitives.crossEntropyGradient(
          exact, labels: labels, ignoredLabel: ignored, reduction: reduction)
        let gotLoss = try OnTensors.crossEntropy(
          scores, labels: labels, ignoredLabel: ignored, reduction: reduction)
        let got = try OnTensors.crossEntropyGradient(
          scores, labels: labels, ignoredLabel: ignored, reduction: reduction)
        // The tolerances of CrossEntropyTests; the loss is rounded once more.
        #expect((Double(gotLoss) - loss).magnitude <= 4 * 0x1p-24 * max(loss, 1))
        let worst = zip(got.elements, gradient.elements).map { (Double($0) - $1).magnitude }.max()!
        #expect(worst <= 4 * 0x1p-24)
      }
    }
    let nothing = Tensor<Float>.zeros([1, 2, 1, 1])
    #expect(try OnTensors.crossEntropy(nothing, labels: Tensor(row: [255])) == 0)
  }

  @Test func `Gradients of a batch without pictures are zeros`() throws {
    let (x, y) = (Tensor<Float>.zeros([0, 3, 5, 5]), Tensor<Float>.zeros([0, 2, 3, 3]))
    let w = Tensor<Float>.ramp([2, 3, 3, 3])
    #expect(
      try OnTensors.convolutionInputGradient(y, w, by: Convolution(of: w), inputSize: 5).shape
        == x.shape)
    #expect(
      try OnTensors.convolutionKernelGradient(x, y, by: Convolution(kernelSize: 3))
        == Tensor.zeros([2, 3, 3, 3]))
    #expect(try OnTensors.biasGradient(y) == [0, 0])
  }
}
