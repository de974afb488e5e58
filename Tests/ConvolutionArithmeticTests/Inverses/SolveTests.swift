import ConvolutionArithmetic
import Testing

@Suite struct SolveTests {
  @Test func `seven to fourteen and back`() throws {
    let up = try solve(.transposedConvolution, from: 7, to: 14).map(\.description)
    #expect(up.prefix(2) == ["kernel 2, stride 2", "kernel 4, stride 2, padding 1"])
    #expect(
      try solve(.transposedConvolution, from: 7, to: 14, limit: 100).map(\.description)
        .contains("kernel 3, stride 2, padding 1, output padding 1"))
    let down = try solve(.convolution, from: 14, to: 7).map(\.description)
    #expect(down.prefix(2) == ["kernel 2, stride 2", "kernel 3, stride 2, padding 1"])
  }

  @Test func `what is fixed is kept`() throws {
    let seven = SolveConstraints(kernelSize: 7, stride: 2)
    let first = try solve(.convolution, from: 224, to: 112, keeping: seven)
    #expect(first.first?.description == "kernel 7, stride 2, padding 3")
    let ceil = SolveConstraints(kernelSize: 2, stride: 2, padding: 0)
    #expect(
      try solve(.pooling, from: 175, to: 88, keeping: ceil).map(\.description)
        == ["kernel 2, stride 2, rounding ceil"])
    #expect(throws: GeometryError.self) {
      try solve(.convolution, from: 7, to: 7, keeping: SolveConstraints(stride: 0))
    }
  }

  @Test(arguments: LayerOperation.allCases)
  func `every solution leads from the one size to the other`(operation: LayerOperation) throws {
    for from in 1...8 {
      for to in 1...8 {
        for solution in try solve(operation, from: from, to: to, limit: 12) {
          let size = Counting.size(solution.window, input: from)
          if size != to {
            Issue.record("\(operation) from \(from) to \(to): \(solution) gives \(size)")
            return
          }
        }
      }
    }
  }

  @Test func `the identity, and huge sizes`() throws {
    #expect(try solve(.convolution, from: 9, to: 9).first?.description == "kernel 1, stride 1")
    let most = largestExtent
    for (from, to) in [(most, 1), (1, most), (most, most), (most, most / 2)] {
      for operation in LayerOperation.allCases {
        _ = try solve(operation, from: from, to: to)
      }
    }
    #expect(throws: GeometryError.self) { try solve(.convolution, from: 0, to: 3) }
    #expect(throws: GeometryError.self) { try solve(.convolution, from: 3, to: most * most) }
  }
}
