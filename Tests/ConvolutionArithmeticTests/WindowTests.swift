import ConvolutionArithmetic
import Testing

@Suite struct WindowTests {
  @Test func `the guide's example`() throws {
    let window = try Window(kernelSize: 3, stride: 2, padding: 1)
    #expect(try window.outputSize(input: 5) == 3)
    #expect(window.inputSizes(output: 3) == 5...6)
    #expect(try window.axis(input: 6).unreadInputs == [])
    #expect(try Window(kernelSize: 3, stride: 2).axis(input: 6).unreadInputs == [5])
  }
}
