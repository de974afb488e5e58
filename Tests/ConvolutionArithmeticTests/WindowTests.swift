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

  @Test func `stamps overlap as often as taps meet, phase by phase`() throws {
    #expect(try Window(kernelSize: 3, stride: 2).overlaps == [2, 1])
    #expect(try Window(kernelSize: 4, stride: 2).overlaps == [2, 2])
    #expect(try Window(kernelSize: 2, stride: 3).overlaps == [1, 1, 0])
    for kernelSize in 1...9 {
      for stride in 1...5 {
        for dilation in 1...5 {
          let window = try Window(kernelSize: kernelSize, stride: stride, dilation: dilation)
          let up = try window.transposed()
          // In the middle of a long input the ends play no part, and `middle` is of phase 0.
          let axis = try up.axis(input: 120)
          let middle = 60 * stride
          #expect(
            window.overlaps == (0..<stride).map { axis.taps(ofInput: middle + $0).count },
            "k \(kernelSize) s \(stride) d \(dilation)")
        }
      }
    }
  }
}
