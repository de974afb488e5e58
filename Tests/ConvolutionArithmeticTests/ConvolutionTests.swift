import ConvolutionArithmetic
import Tensors
import Testing

@Suite struct ConvolutionTests {
  @Test func `rows and columns are independent`() throws {
    let window = try Convolution(
      kernelSize: Size(height: 3, width: 2), stride: Size(height: 2, width: 1),
      padding: Padding(top: 1, left: 0, bottom: 0, right: 2), dilation: Size(height: 1, width: 3))
    let output = try window.outputSize(input: Size(height: 6, width: 5))
    #expect(output == Size(height: (6 + 1 - 3) / 2 + 1, width: 5 + 2 - 3 * (2 - 1) - 1 + 1))
    let geometry = try window.geometry(input: Size(height: 6, width: 5))
    #expect(geometry.inputSize == Size(height: 6, width: 5))
    #expect(geometry.outputSize == output)
  }

  @Test func `Caffe clips both axes if either is padded`() throws {
    func size(_ rounding: Rounding, kernelSize: Size, padding: Padding = 0) throws -> Size {
      try Pooling(kernelSize: kernelSize, stride: 3, padding: padding, rounding: rounding)
        .outputSize(input: 5)
    }
    // Unpadded, a last window past the input is kept; PyTorch drops it.
    #expect(try size(.caffe, kernelSize: 1) == 3)
    #expect(try size(.ceil, kernelSize: 1) == 2)
    let padded = try size(
      .caffe, kernelSize: Size(height: 2, width: 1), padding: Padding(Size(height: 1, width: 0)))
    #expect(padded.width == 2)
  }

  @Test func `the rules of transposed windows put the odd cell where they say`() throws {
    for (rule, before, after) in [(PaddingRule.sameUpper, 0, 1), (.sameLower, 1, 0)] {
      let up = try Window(kernelSize: 3, stride: 2).transposed(by: rule)
      #expect(up.paddingBefore == before)
      #expect(up.paddingAfter == after)
    }
    // A stride above the kernel: nothing to take away, s − k cells of output padding.
    let sparse = try Window(kernelSize: 2, stride: 5).transposed(by: .sameUpper)
    #expect(sparse.outputPadding == 5 - 2)
    // Keras: i·s, and with an output padding a half the kernel at each end: (i−1)s + k − 2⌊k/2⌋ + a.
    let same = try Window(kernelSize: 3, stride: 2).transposed(by: .same)
    #expect(try same.outputSize(input: 5) == 5 * 2)
    let padded = try Window(kernelSize: 4, stride: 2).transposed(by: .same, outputPadding: 1)
    #expect(try padded.outputSize(input: 5) == 4 * 2 + 4 - 2 * 2 + 1)
  }

  /// ONNX's `output_shape`: total padding s(i−1) + a + k̂ − shape, split by the rule; what is missing is
  /// output padding, which stays below the stride.
  @Test func `a transposed window for each size that the stamps reach, or nearly`() throws {
    for rule in [PaddingRule.sameUpper, .sameLower] {
      for kernelSize in 1...4 {
        for stride in 1...3 {
          for outputPadding in 0..<stride {
            let reach = stride * (4 - 1) + kernelSize + outputPadding
            for output in 1...reach {
              let up = try Window(kernelSize: kernelSize, stride: stride).transposed(
                restoring: output, from: 4, by: rule, outputPadding: outputPadding)
              #expect(try up.outputSize(input: 4) == output)
              let (before, after) = (up.paddingBefore, up.paddingAfter)
              #expect(before + after == reach - output)
              #expect(rule == .sameUpper ? 0...1 ~= after - before : 0...1 ~= before - after)
            }
            let window = try Window(kernelSize: kernelSize, stride: stride)
            let most = reach + stride - 1 - outputPadding
            if most > reach {
              let longest = try window.transposed(
                restoring: most, from: 4, by: rule, outputPadding: outputPadding)
              #expect(longest.outputPadding == stride - 1 && longest.totalPadding == 0)
              #expect(try longest.outputSize(input: 4) == most)
            }
            #expect(throws: GeometryError.self) {
              try window.transposed(
                restoring: most + 1, from: 4, by: rule, outputPadding: outputPadding)
            }
          }
        }
      }
    }
  }

  @Test func `errors say what would be valid`() throws {
    #expect(
      throws: GeometryError(
        "no window fits: the kernel spans 5 cells and the padded input has 4; an input of at least 3 "
          + "is needed")
    ) { try Window(kernelSize: 3, dilation: 2, padding: 1).outputSize(input: 2) }
    #expect(
      throws: GeometryError(
        "the output padding is 2; it must be from 0 to 1, below the larger of stride 2 and dilation 1"
      )
    ) { try Window(kernelSize: 3, stride: 2).transposed(outputPadding: 2) }
    #expect(throws: GeometryError.self) {
      try Window(kernelSize: 3, padding: 2).transposed().outputSize(input: 2)
    }
    #expect(throws: GeometryError.self) {
      try Window(kernelSize: 3).padded(by: .sameUpper, input: .min)
    }
    #expect(throws: GeometryError.self) {
      try Window(kernelSize: 3, stride: 2).padded(by: .same, input: 6)
    }
  }

  @Test func `the equivalent convolution has the same size`() throws {
    for input in 1...5 {
      for kernel in 1...4 {
        for stride in 1...3 {
          for padding in 0...2 {
            for added in 0..<stride {
              let up = try Window(kernelSize: kernel, stride: stride, padding: padding).transposed(
                outputPadding: added)
              guard let size = try? up.outputSize(input: input) else { continue }
              let direct = try up.equivalentConvolution()
              #expect(try direct.outputSize(input: up.insertedSize(input: input)) == size)
            }
          }
        }
      }
    }
  }

  @Test func `no number makes it stop`() throws {
    let hostile = [
      Int.min, -1, 0, largestExtent, largestExtent + 1, 1_000_000_000_000_000_000, .max,
    ]
    for a in hostile {
      for b in hostile {
        for window in [
          try? Window(kernelSize: a, stride: b),
          try? Window(kernelSize: 3, dilation: a, padding: b),
          try? Window(kernelSize: a, paddingBefore: b, paddingAfter: a),
        ] {
          guard let window else { continue }
          for input in hostile {
            _ = try? window.outputSize(input: input)
            _ = window.inputSizes(output: input)
            _ = window.leastInput(reaching: input)
            let up = try? window.transposed()
            _ = try? up?.outputSize(input: input)
            _ = try? up?.equivalentConvolution()
            _ = up?.inputSizes(output: input)
            _ = up?.leastInput(reaching: input)
          }
        }
        _ = try? Window(kernelSize: b, stride: 2).padded(by: .sameLower, input: a)
      }
    }
  }
}
