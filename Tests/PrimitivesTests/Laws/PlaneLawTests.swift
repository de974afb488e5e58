import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

/// Convolutions in two dimensions whose rows and columns, sides and channels all differ, so that no
/// exchange of two of them can pass.
@Suite struct PlaneLawTests {
  struct Case: CustomTestStringConvertible {
    let kernelSize, stride, dilation: Size
    let padding: Padding
    let channels: (input: Int, output: Int, groups: Int)
    var testDescription: String {
      "k=\(kernelSize) s=\(stride) d=\(dilation) p=\(padding) channels \(channels)"
    }
  }

  static let cases: [Case] = {
    var cases: [Case] = []
    for channels in [(3, 2, 1), (4, 2, 2), (2, 4, 2), (3, 6, 3)] {
      for (kh, kw) in [(1, 1), (3, 2), (1, 4), (2, 3)] {
        for (sh, sw) in [(1, 1), (1, 2), (2, 1), (3, 2)] {
          for (dh, dw) in [(1, 1), (2, 1), (1, 3)] {
            let paddings: [Padding] = [0, Padding(top: 2, left: 0, bottom: 1, right: 3)]
            for padding in paddings {
              cases.append(
                Case(
                  kernelSize: Size(height: kh, width: kw), stride: Size(height: sh, width: sw),
                  dilation: Size(height: dh, width: dw), padding: padding, channels: channels))
            }
          }
        }
      }
    }
    return cases
  }()

  @Test func `all forms agree and all gradients are adjoint`() throws {
    var failure: String?
    for item in Self.cases {
      if let found = try Self.disagreement(item) ?? Self.transposedDisagreement(item) {
        failure = "\(item.testDescription): \(found)"
        break
      }
    }
    #expect(failure == nil)
  }

  private static func disagreement(_ c: Case) throws -> String? {
    let (input, output, groups) = c.channels
    let batch = groups == 1 ? 2 : 1
    let window = try Convolution(
      kernelSize: c.kernelSize, stride: c.stride, padding: c.padding, dilation: c.dilation)
    let size = Size(height: 4, width: 7)
    guard let outputSize = try? window.outputSize(input: size) else { return nil }
    let x = Sweep.map(batch, input, size)
    let w = Sweep.map(output, input / groups, c.kernelSize, seed: 7)
    let y = Sweep.map(batch, output, outputSize, seed: 5)
    let bias = Array(1...output)

    let forward = try convolve(
      x, w, bias: bias, stride: c.stride, padding: c.padding, dilation: c.dilation, groups: groups)
    let byMatrix = try convolveByMatrix(
      x, w, bias: bias,
      by: Convolution(
        of: w, stride: c.stride, padding: c.padding, dilation: c.dilation, groups: groups))
    if let difference = byMatrix.difference(from: forward) { return "matrix: \(difference)" }
    let linear = try convolve(
      x, w, stride: c.stride, padding: c.padding, dilation: c.dilation, groups: groups)
    if groups == 1 {
      let byColumns = try convolveByColumns(
        x, w, bias: bias,
        by: Convolution(of: w, stride: c.stride, padding: c.padding, dilation: c.dilation))
      if let difference = byColumns.difference(from: forward) { return "columns: \(difference)" }
    }
    let byInput = try convolutionInputGradient(
      y, w,
      by: Convolution(
        of: w, stride: c.stride, padding: c.padding, dilation: c.dilation, groups: groups),
      inputSize: size)
    let byKernel = try convolutionKernelGradient(
      x, y,
      by: Convolution(
        kernelSize: c.kernelSize, stride: c.stride, padding: c.padding, dilation: c.dilation,
        groups: groups))
    let sums = [inner(linear, y), inner(x, byInput), inner(w, byKernel)]
    guard Set(sums).count == 1 else { return "⟨conv x, y⟩, ⟨x, x̂⟩, ⟨w, ŵ⟩ are \(sums)" }
    let byBias = zip(try biasGradient(y), bias).reduce(0) { $0 + $1.0 * $1.1 }
    return inner(forward, y) == sums[0] + byBias ? nil : "the gradient by the bias is not adjoint"
  }

  private static func transposedDisagreement(_ c: Case) throws -> String? {
    // The same kernels, from `output` channels back to `input`.
    let (input, output, groups) = c.channels
    let batch = groups == 1 ? 2 : 1
    let outputPadding = Size(
      height: max(c.stride.height, c.dilation.height) - 1, width: c.stride.width / 2)
    let y = Sweep.map(batch, output, Size(height: 2, width: 3), seed: 5)
    let w = Sweep.map(output, input / groups, c.kernelSize, seed: 7)
    guard
      let size = try? Convolution(
        kernelSize: c.kernelSize, stride: c.stride, padding: c.padding, dilation: c.dilation
      ).transposed(outputPadding: outputPadding).outputSize(input: y.size)
    else { return nil }
    let bias = Array(1...input)
    let scatter = try transposedConvolve(
      y, w, bias: bias, stride: c.stride, padding: c.padding, outputPadding: outputPadding,
      dilation: c.dilation, groups: groups)
    let others = [
      try convolveByMatrix(
        y, w, bias: bias,
        by: Convolution(
          of: w, stride: c.stride, padding: c.padding, dilation: c.dilation, groups: groups
        ).transposed(outputPadding: outputPadding)),
      try transposedConvolveByZeroInsertion(
        y, w, bias: bias,
        by: Convolution(
          of: w, stride: c.stride, padding: c.padding, dilation: c.dilation, groups: groups
        ).transposed(outputPadding: outputPadding)),
      try transposedConvolveByGradient(
        y, w, bias: bias,
        by: Convolution(
          of: w, stride: c.stride, padding: c.padding, dilation: c.dilation, groups: groups
        ).transposed(outputPadding: outputPadding)),
    ]
    for (name, other) in zip(["matrix", "zero insertion", "gradient"], others) {
      if let difference = other.difference(from: scatter) { return "\(name): \(difference)" }
    }
    let x = Sweep.map(batch, input, size)
    let byInput = try convolutionInputGradient(
      x, w,
      by: Convolution(
        of: w, stride: c.stride, padding: c.padding, dilation: c.dilation, groups: groups
      ).transposed(outputPadding: outputPadding), inputSize: y.size)
    let byKernel = try convolutionKernelGradient(
      y, x,
      by: Convolution(
        kernelSize: c.kernelSize, stride: c.stride, padding: c.padding, dilation: c.dilation,
        groups: groups
      ).transposed(outputPadding: outputPadding))
    let byBias = zip(try biasGradient(x), bias).reduce(0) { $0 + $1.0 * $1.1 }
    let sums = [inner(scatter, x) - byBias, inner(y, byInput), inner(w, byKernel)]
    return Set(sums).count == 1 ? nil : "⟨convᵀ y, x⟩, ⟨y, ŷ⟩, ⟨w, ŵ⟩ are \(sums)"
  }

  @Test func `Winograd in exact fractions is the convolution`() throws {
    let x = Sweep.map(1, 2, Size(height: 5, width: 6)).map { Fraction($0) }
    let w = Sweep.map(3, 2, 3, seed: 7).map { Fraction($0) }
    let padding = Padding(top: 1, left: 0, bottom: 0, right: 2)
    #expect(try convolveByWinograd(x, w, padding: padding) == convolve(x, w, padding: padding))
    let tile = try winograd1D([1, 2, 3, 4] as [Fraction], [1, 0, -1] as [Fraction])
    #expect(tile.output.elements == [Fraction(1 - 3), Fraction(2 - 4)])
    #expect(tile.products.shape.count == 4)
    let plane = try winograd2D(
      Tensor<Fraction>.ramp([4, 4]), Tensor(shape: [3, 3], repeating: 1))
    #expect(plane.products.shape.count == 16)
    #expect(plane.output[0, 0] == Fraction(9 * 6))
  }
}
