import ConvolutionArithmetic
import Testing

@Suite struct AxisTests {
  @Test func `every input cell is read but the last padding cell is not`() throws {
    let axis = try Window(kernelSize: 3, stride: 2, padding: 1).axis(input: 6)
    #expect(axis.unreadInputs == [])
    #expect(axis.inputsPastLastWindow == 0)
    #expect(axis.paddingPastLastWindow == 1)
  }

  @Test func `the rest of the division is not read`() throws {
    let axis = try Window(kernelSize: 3, stride: 4, paddingBefore: 0, paddingAfter: 1).axis(
      input: 9)
    #expect(axis.outputSize == (9 + 1 - 3) / 4 + 1)
    #expect(axis.unreadInputs == [3, 7, 8])
    #expect(axis.inputsPastLastWindow == 2)
    #expect(axis.paddingPastLastWindow == 1)
  }

  /// Taps, listed in three ways, against the relation itself; and the cells never read.
  @Test func `taps equal the relation, and unread cells are counted without listing`() throws {
    var compared = 0
    for input in 1...9 {
      for kernel in 1...4 {
        for stride in 1...4 {
          for dilation in 1...3 {
            for before in -1...4 {
              for rounding in [Rounding.floor, .ceil] {
                let window = try Window(
                  kernelSize: kernel, stride: stride, dilation: dilation, paddingBefore: before,
                  paddingAfter: 1, rounding: rounding)
                guard let axis = try? window.axis(input: input) else {
                  continue
                }
                var read = [Bool](repeating: false, count: input)
                for o in 0..<axis.outputSize {
                  let cells = axis.kernelCells(ofOutput: o)
                  for k in 0..<kernel {
                    let position = o * stride + k * dilation - before
                    let meets = position >= 0 && position < input
                    if meets { read[position] = true }
                    if meets != (cells.lowerBound <= k && k < cells.upperBound) {
                      Issue.record("kernelCells of \(axis) at output \(o), kernel \(k)")
                      return
                    }
                  }
                }
                let unread = read.indices.filter { !read[$0] }
                guard axis.unreadInputs == unread, axis.unreadInputCount == unread.count else {
                  Issue.record("unread inputs of \(axis): \(unread), got \(axis.unreadInputs)")
                  return
                }
                compared += 1
              }
            }
          }
        }
      }
    }
    #expect(compared > 3000)
  }

  @Test func `the taps of an input are those of the outputs that read it`() throws {
    let axis = try Window(kernelSize: 4, stride: 3, dilation: 2, padding: 2).axis(input: 17)
    for cell in 0..<17 {
      #expect(axis.taps(ofInput: cell) == axis.taps.filter { $0.input == cell })
    }
  }

  @Test func `huge extents are computed without listing`() throws {
    let most = largestExtent
    let one = try Window(kernelSize: most).axis(input: most)
    #expect(one.outputSize == 1)
    #expect(one.unreadInputCount == 0)
    let strided = try Window(kernelSize: 3, stride: 7, dilation: 2).axis(input: most)
    #expect(strided.outputSize == (most - 5) / 7 + 1)
    #expect(strided.unreadInputCount == most - 3 * strided.outputSize)
    #expect(strided.unreadInputs(limit: 4) == [1, 3, 5, 6])
    let even = try Window(kernelSize: 2, stride: 2).axis(input: most - 1)
    #expect(even.unreadInputs(limit: 4) == [most - 2])
    let up = try Window(kernelSize: most, stride: most).transposed().axis(input: most)
    #expect(up.inputSize == most * (most - 1) + most)
    #expect(up.unreadInputCount == 0)
    #expect(
      throws: GeometryError("the stride is 1000000000000000000; it must be from 1 to 1000000000")
    ) { try Window(kernelSize: 3, stride: 1_000_000_000_000_000_000) }
  }
}
