import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

/// Every geometry with i ≤ 9, k ≤ 5, s ≤ 4, p ≤ 4 at each end and d ≤ 3: the convolution, its
/// transpose, its gradients and its matrix are one relation, read in several ways.
@Suite struct ConvolutionLawTests {
  @Test(arguments: 1...5)
  func `the convolution, its transpose, gradients and matrix agree`(kernelSize: Int) throws {
    var failure: String?
    var count = 0
    sweep: for window in Sweep.windows where window.kernelSize == kernelSize {
      for input in 1...9 {
        guard let output = try? window.outputSize(input: input) else { continue }
        count += 1
        if let found = try Self.disagreement(window, input: input, output: output) {
          failure = "i=\(input) \(window.text): \(found)"
          break sweep
        }
      }
    }
    #expect(failure == nil)
    #expect(count > 1000)
  }

  private static func disagreement(
    _ window: Window, input: Int, output: Int
  ) throws -> String? {
    let (x, y) = (Sweep.row(input), Sweep.row(output, seed: 5))
    let w = Sweep.row(window.kernelSize, seed: 7)
    let (stride, padding, dilation) = (window.across, window.paddingAcross, window.dilationAcross)

    let forward = try convolve(x, w, stride: stride, padding: padding, dilation: dilation)
    guard forward.width == output else { return "the output has \(forward.width) cells" }

    // The output padding below the stride that restores the input size.
    let restoring = (0..<window.stride).filter {
      (try? window.transposed(outputPadding: $0).outputSize(input: output)) == input
    }
    guard restoring.count == 1 else { return "the output paddings \(restoring) restore the size" }
    let back = try transposedConvolve(
      y, w, stride: stride, padding: padding,
      outputPadding: Size(height: 0, width: restoring[0]), dilation: dilation)
    let byInput = try convolutionInputGradient(
      y, w, by: Convolution(of: w, stride: stride, padding: padding, dilation: dilation),
      inputSize: x.size)
    guard back == byInput else { return "the transpose and the input gradient differ" }

    let byKernel = try convolutionKernelGradient(
      x, y,
      by: Convolution(kernelSize: w.size, stride: stride, padding: padding, dilation: dilation))
    let sums = [inner(forward, y), inner(x, back), inner(w, byKernel)]
    guard Set(sums).count == 1 else { return "⟨conv x, y⟩, ⟨x, convᵀ y⟩, ⟨w, ŵ⟩ are \(sums)" }

    let byMatrix = try convolveByMatrix(
      x, w, by: Convolution(of: w, stride: stride, padding: padding, dilation: dilation))
    return byMatrix.difference(from: forward).map { "by matrix, \($0)" }
  }
}
