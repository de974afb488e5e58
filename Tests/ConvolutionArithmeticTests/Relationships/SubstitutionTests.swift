import ConvolutionArithmetic
import Testing

@Suite struct SubstitutionTests {
  @Test func `a convolution`() throws {
    let text = try Window(kernelSize: 3, stride: 2, padding: 1).substitution(input: 5)
    #expect(
      text.lines == [
        "o = ⌊(i + 2p − k)/s⌋ + 1", "  = ⌊(5 + 2·1 − 3)/2⌋ + 1", "  = ⌊4/2⌋ + 1", "  = 2 + 1",
        "  = 3",
      ])
    #expect(text.result == 3)
  }

  @Test func `dilation and different ends`() throws {
    let window = try Window(
      kernelSize: 3, stride: 2, dilation: 2, paddingBefore: 0, paddingAfter: 1)
    #expect(
      try window.substitution(input: 7).numbersLine
        == "o = ⌊(7 + 0 + 1 − 2·(3 − 1) − 1)/2⌋ + 1 = ⌊3/2⌋ + 1 = 1 + 1 = 2")
  }

  @Test func `rounding up, with a window that is dropped`() throws {
    let window = try Window(kernelSize: 2, stride: 2, padding: 1, rounding: .ceil)
    let text = try window.substitution(input: 5)
    #expect(text.result == 3)
    #expect(
      text.lines.suffix(2) == [
        "  = 4, less 1 (the last window would begin at 3·2 = 6, past the 5 + 1 cells of input and padding)",
        "  = 3",
      ])
  }

  @Test func `a transposed convolution`() throws {
    let up = try Window(kernelSize: 3, stride: 2, padding: 1).transposed(outputPadding: 1)
    #expect(
      try up.substitution(input: 3).line
        == "o′ = s(i′ − 1) + k − 2p + a = 2·(3 − 1) + 3 − 2·1 + 1 = 4 + 3 − 2 + 1 = 6")
  }

  /// The numbers in the last steps add up to the result.
  @Test func `the result is the size`() throws {
    for input in 3...9 {
      for stride in 1...3 {
        for rounding in Rounding.allCases {
          let window = try Window(
            kernelSize: 3, stride: stride, padding: 1, rounding: rounding)
          let text = try window.substitution(input: input)
          #expect(try text.result == window.outputSize(input: input))
          #expect(text.steps.last == "\(text.result)")
        }
      }
    }
  }
}
