public import ConvolutionArithmetic
public import Testing

@Suite struct RelationshipTests {
  @Test func `the guide has fifteen`() {
    #expect(Relationship.guide.map(\.number) == Array(1...15))
    #expect(Relationship.further.allSatisfy { $0.number == nil })
  }

  @Test(arguments: Relationship.guide + Relationship.further)
  func `equals counting wherever its condition holds`(relationship: Relationship) throws {
    var applied = 0
    for input in 1...7 {
      for kernel in 1...5 {
        for stride in 1...4 {
          for dilation in 1...2 {
            for before in 0...4 {
              for after in 0...1 {
                let window = try Window(
                  kernelSize: kernel, stride: stride, dilation: dilation, paddingBefore: before,
                  paddingAfter: before + after)
                for window in readings(of: window) {
                  guard let size = relationship.outputSize(of: window, input: input) else {
                    continue
                  }
                  let padded = try relationship.padded(window, input: input)
                  let counted = Counting.size(padded, input: input)
                  if size != counted {
                    Issue.record("\(relationship.name) \(window): \(size), counted \(counted)")
                    return
                  }
                  applied += 1
                }
              }
            }
          }
        }
      }
    }
    #expect(applied >= 7)
  }

  /// All ways to read a window.
  private func readings(of window: Window) -> [Window] {
    Rounding.allCases.map(window.rounding)
      + (0..<4).compactMap { try? window.transposed(outputPadding: $0) }
  }

  /// The transposes, as the guide states them: from the forward convolution of i cells, with
  /// a = (i + 2p − k) mod s, back to i.
  @Test(arguments: Relationship.guide[7..<14])
  func `a transpose leads back to the forward input`(relationship: Relationship) throws {
    for input in 1...9 {
      for kernel in 1...5 {
        for stride in 1...4 {
          for padding in 0...4 where input + 2 * padding >= kernel {
            let forward = try Window(kernelSize: kernel, stride: stride, padding: padding)
            let up = try forward.transposed(
              outputPadding: (input + 2 * padding - kernel) % stride)
            let given = Counting.positions(forward, input: input)
            guard let restored = relationship.outputSize(of: up, input: given) else { continue }
            #expect(restored == input, "\(relationship.name) \(up)")
          }
        }
      }
    }
  }

  @Test func `worked instances`() {
    let lines = (Relationship.guide + Relationship.further).map(\.workedInstance)
    #expect(lines[0] == "o = (4 − 3) + 1 = 2")
    #expect(lines[5] == "o = ⌊(5 + 2·1 − 3)/2⌋ + 1 = 3")
    #expect(lines[13] == "o′ = 2·(3 − 1) + 1 + 3 − 2·1 = 6")
    #expect(lines[14] == "o = ⌊(7 + 2·0 − 3 − (3 − 1)·(2 − 1))/1⌋ + 1 = 3")
    #expect(lines.last == "o = ⌈(5 + 2·0 − 1)/3⌉ + 1 = ⌈4/3⌉ + 1 = 2 + 1 = 3")
  }
}

extension Relationship: CustomTestStringConvertible {
  /// The number and the name.
  public var testDescription: String { number.map { "\($0): \(name)" } ?? name }
}
