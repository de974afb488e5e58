import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

/// The four forms of the transposed convolution, cell by cell: every k ≤ 5, s ≤ 4, d ≤ 3, p ≤ 4 at
/// each end and every admissible output padding, for inputs of 1 to 3 cells; and of up to 9 cells
/// where the paddings are equal. (A longer input repeats the same stamps; all paddings with all inputs
/// are covered by the adjoint law.)
@Suite struct TransposedFormsTests {
  @Test(arguments: 1...5)
  func `scatter, matrix, zero insertion and gradient agree`(kernelSize: Int) throws {
    var failure: String?
    var count = 0
    let w = Sweep.row(kernelSize, seed: 7)
    sweep: for window in Sweep.windows where window.kernelSize == kernelSize {
      let inputs = window.paddingBefore == window.paddingAfter ? [1, 2, 3, 5, 9] : [1, 2, 3]
      for spare in 0..<max(window.stride, window.dilation) {
        for input in inputs {
          let transposed = try window.transposed(outputPadding: spare)
          guard (try? transposed.outputSize(input: input)) != nil else { continue }
          count += 1
          if let found = try Self.disagreement(Sweep.row(input), w, window, spare) {
            failure = "i=\(input) \(window.text) output padding \(spare): \(found)"
            break sweep
          }
        }
      }
    }
    #expect(failure == nil)
    #expect(count > 1000)
  }

  private static func disagreement(
    _ y: Tensor<Int>, _ w: Tensor<Int>, _ window: Window, _ spare: Int
  ) throws -> String? {
    let (stride, padding, dilation) = (window.across, window.paddingAcross, window.dilationAcross)
    let outputPadding = Size(height: 0, width: spare)
    let scatter = try transposedConvolve(
      y, w, stride: stride, padding: padding, outputPadding: outputPadding, dilation: dilation)
    let matrix = try convolveByMatrix(
      y, w,
      by: Convolution(of: w, stride: stride, padding: padding, dilation: dilation).transposed(
        outputPadding: outputPadding))
    if let difference = matrix.difference(from: scatter) { return "matrix: \(difference)" }
    let inserted = try transposedConvolveByZeroInsertion(
      y, w,
      by: Convolution(of: w, stride: stride, padding: padding, dilation: dilation).transposed(
        outputPadding: outputPadding))
    if let difference = inserted.difference(from: scatter) { return "insertion: \(difference)" }
    let gradient = try transposedConvolveByGradient(
      y, w,
      by: Convolution(of: w, stride: stride, padding: padding, dilation: dilation).transposed(
        outputPadding: outputPadding))
    return gradient.difference(from: scatter).map { "gradient: \($0)" }
  }

  @Test func `what the forms teach`() throws {
    let (y, w) = (Tensor(row: [1, 2]), Tensor(row: [1, 2, 3]))
    let across = Size(height: 1, width: 2)
    #expect(try insertZeros(y, stride: across) == Tensor(row: [1, 0, 2]))
    let stamped = Tensor(row: [1, 2, 3 + 2, 2 * 2, 2 * 3])
    #expect(
      try transposedConvolveByZeroInsertion(
        y, w, by: Convolution(of: w, stride: across).transposed()) == stamped)
    // Without the flip, the stamps are mirrored.
    let full = Padding(top: 0, left: 2, bottom: 0, right: 2)
    #expect(
      try convolve(insertZeros(y, stride: across), w, padding: full)
        == Tensor(row: [3, 2, 1 + 2 * 3, 2 * 2, 2 * 1]))
    // The padding takes away; output padding uncovers what was computed all along.
    let one = Padding(top: 0, left: 1, bottom: 0, right: 1)
    #expect(
      try transposedConvolve(y, w, stride: across, padding: one) == Tensor(row: [2, 5, 4]))
    let spare = Size(height: 0, width: 1)
    #expect(
      try transposedConvolve(y, w, stride: across, padding: one, outputPadding: spare)
        == Tensor(row: [2, 5, 4, 6]))
    #expect(
      try transposedConvolve(y, w, stride: across, outputPadding: spare)
        == Tensor(row: [1, 2, 5, 4, 6, 0]))
    // A transpose is no inverse.
    let x = Tensor(row: [1, 2, 3, 4])
    #expect(try convolve(x, w) == Tensor(row: [14, 20]))
    #expect(
      try convolveByMatrix(convolve(x, w), w, by: Convolution(of: w).transposed())
        == Tensor(row: [14 * 1, 14 * 2 + 20 * 1, 14 * 3 + 20 * 2, 20 * 3]))
  }

  @Test func `impossible transposes say what is possible`() {
    let y = Tensor(row: [1, 2])
    #expect(throws: GeometryError.self) { try transposedConvolve(y, y, padding: 2) }
    #expect(throws: GeometryError.self) { try transposedConvolve(y, y, outputPadding: 1) }
    #expect(throws: GeometryError.self) { try insertZeros(y, stride: 0) }
    #expect(throws: GeometryError.self) {
      try transposedConvolveByZeroInsertion(
        y, Tensor(shape: [2], elements: [1, 2]),
        by: Convolution(of: Tensor(shape: [2], elements: [1, 2])).transposed())
    }
  }
}
