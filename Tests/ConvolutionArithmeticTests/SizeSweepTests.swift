import Tensors
import Testing

@testable import ConvolutionArithmetic

/// Every closed form against counting, over every combination of small numbers.
@Suite struct SizeSweepTests {
  @Test(arguments: Rounding.allCases)
  func `the size of a window equals counting its positions`(rounding: Rounding) throws {
    var compared = 0
    for input in 1...9 {
      for kernel in 1...5 {
        for stride in 1...4 {
          for dilation in 1...3 {
            for before in 0...4 {
              for after in 0...4 {
                let window = try Window(
                  kernelSize: kernel, stride: stride, dilation: dilation, paddingBefore: before,
                  paddingAfter: after, rounding: rounding)
                let counted = Counting.positions(window, input: input)
                let size: Int
                do {
                  size = try window.outputSize(input: input)
                } catch {
                  size = 0
                }
                if size != counted {
                  Issue.record("\(rounding) i=\(input) \(window): \(size), counted \(counted)")
                  return
                }
                compared += 1
              }
            }
          }
        }
      }
    }
    #expect(compared == 9 * 5 * 4 * 3 * 5 * 5)
  }

  @Test func `the layer that leads back restores the input, along the same taps`() throws {
    for input in 1...7 {
      for kernel in 1...4 {
        for stride in 1...3 {
          for dilation in 1...3 {
            for (before, after) in [(0, 0), (1, 1), (2, 0), (0, 2)] {
              let window = try Window(
                kernelSize: kernel, stride: stride, dilation: dilation, paddingBefore: before,
                paddingAfter: after)
              let ups = try (0..<max(stride, dilation)).map {
                try window.transposed(outputPadding: $0)
              }
              for layer in [window] + ups {
                guard let axis = try? layer.axis(input: input) else { continue }
                let back = try layer.back(toInput: input).axis(input: axis.resultSize)
                #expect(back.resultSize == input, "i=\(input) \(layer)")
                for cell in 0..<input {
                  let went = axis.destinations(ofGiven: cell)
                  let came = back.sources(ofResult: cell)
                  #expect(went.map { $0.result } == came.map { $0.given }, "i=\(input) \(layer)")
                  #expect(went.map { $0.kernel } == came.map { $0.kernel }, "i=\(input) \(layer)")
                }
              }
            }
          }
        }
      }
    }
  }

  @Test func `the size of a transposed window equals counting its stamps`() throws {
    var compared = 0
    for input in 1...9 {
      for kernel in 1...5 {
        for stride in 1...4 {
          for dilation in 1...3 {
            for before in 0...4 {
              for after in 0...4 {
                let window = try Window(
                  kernelSize: kernel, stride: stride, dilation: dilation, paddingBefore: before,
                  paddingAfter: after)
                for outputPadding in 0..<max(stride, dilation) {
                  let up = try window.transposed(outputPadding: outputPadding)
                  let counted = Counting.restored(up, input: input)
                  let size: Int
                  do {
                    size = try up.outputSize(input: input)
                  } catch {
                    size = 0
                  }
                  if size != max(0, counted) {
                    Issue.record("i′=\(input) \(up): \(size), counted \(counted)")
                    return
                  }
                  // Below the stride, the forward window leads from the restored size back.
                  if size > 0 && outputPadding < stride {
                    let back = Counting.positions(window, input: size)
                    if back != input || up.inputSizes(output: size) != input...input {
                      Issue.record("i′=\(input) \(up): \(size) goes back to \(back)")
                      return
                    }
                  }
                  compared += 1
                }
              }
            }
          }
        }
      }
    }
    #expect(compared > 9 * 5 * 4 * 3 * 5 * 5 * 2)
  }

  @Test func `the inputs of an output are exactly those that give it`() throws {
    for kernel in 1...4 {
      for stride in 1...4 {
        for padding in 0...3 {
          for rounding in Rounding.allCases {
            let window = try Window(
              kernelSize: kernel, stride: stride, padding: padding, rounding: rounding)
            for output in 1...5 {
              var counted: [Int] = []
              for input in 1...30
              where Counting.positions(window, input: input) == output {
                counted.append(input)
              }
              let found =
                window.inputSizes(output: output).map(Array.init) ?? []
              if found != counted {
                Issue.record("o=\(output) \(rounding) \(window): \(found), counted \(counted)")
                return
              }
            }
          }
        }
      }
    }
  }

  @Test func `the rules called same and valid`() throws {
    for input in 1...9 {
      for kernel in 1...5 {
        for stride in 1...4 {
          for dilation in 1...3 {
            for (rule, odd) in [(PaddingRule.sameUpper, 1), (.sameLower, -1)] {
              let window = try Window(kernelSize: kernel, stride: stride, dilation: dilation)
                .padded(by: rule, input: input)
              let (before, after) = (window.paddingBefore, window.paddingAfter)
              let total = before + after
              #expect(after - before == (total % 2) * odd)
              let outputs = (input + stride - 1) / stride
              let counted = Counting.positions(window, input: input)
              if counted != outputs {
                Issue.record("\(rule) i=\(input) \(window): counted \(counted), not \(outputs)")
                return
              }
              // One cell less of padding would not do, unless there is none.
              if total > 0 {
                let less = try window.padded(before: before, after: after - 1)
                #expect(Counting.positions(less, input: input) < outputs)
              }
            }
          }
        }
      }
    }
  }
}
