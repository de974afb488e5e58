import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

@Suite struct ConvolutionTests {
  @Test func `a window slides along a row`() throws {
    let y = try convolve(Tensor(row: [1, 2, 3, 4, 5]), Tensor(row: [1, 0, -1]))
    #expect(y == Tensor(row: [1 - 3, 2 - 4, 3 - 5]))
  }

  @Test func `the guide's example, with and without stride`() throws {
    let x = Tensor([
      [3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1],
    ])
    let w = Tensor([[0, 1, 2], [2, 2, 0], [0, 1, 2]])
    #expect(try convolve(x, w) == Tensor([[12, 12, 17], [10, 17, 19], [9, 6, 14]]))
    #expect(
      try convolve(x, w, stride: 2, padding: 1) == Tensor([[6, 17, 3], [8, 17, 13], [6, 4, 4]]))
  }

  @Test func `the convolution of mathematics turns the kernel`() throws {
    let (x, w) = (Tensor(row: [1, 2, 3, 4, 5]), Tensor(row: [1, 0, -1]))
    #expect(try trueConvolve(x, w) == Tensor(row: [3 - 1, 4 - 2, 5 - 3]))
    #expect(Tensor([[1, 2], [3, 4]]).flipped() == Tensor([[4, 3], [2, 1]]))
    let symmetric = Tensor(row: [1, 2, 1])
    #expect(try trueConvolve(x, symmetric) == convolve(x, symmetric))
  }

  @Test func `the full convolution multiplies polynomials, commutes, and is a transpose`() throws {
    let (a, b) = (Tensor(row: [1, 2, 3]), Tensor(row: [1, 10]))
    #expect(try fullConvolve(a, b) == Tensor(row: [1, 2 + 10, 3 + 20, 30]))
    #expect(try fullConvolve(a, b) == fullConvolve(b, a))
    #expect(try fullConvolve(a, b) == transposedConvolve(a, b))
  }

  @Test func `the matrix repeats the weights`() throws {
    let row = try convolutionMatrix(Tensor(row: [1, 2]), inputSize: Size(height: 1, width: 3))
    #expect(row == Tensor(shape: [2, 3], elements: [1, 2, 0, 0, 1, 2]))
    let plane = try convolutionMatrix(Tensor<Int>.ramp([1, 1, 3, 3]), inputSize: 5)
    #expect(plane.shape == [9, 25])
    #expect(plane.elements.count { $0 != 0 } == 9 * 9)
    #expect(Set(plane.elements).subtracting([0]).count == 9)
  }

  @Test func `arrays that do not fit each other are errors`() {
    let x = Tensor<Int>.ramp([1, 2, 3, 3])
    #expect(throws: GeometryError.self) { try convolve(x, .ramp([1, 1, 2, 2])) }
    #expect(throws: GeometryError.self) { try convolve(x, .ramp([1, 2, 4, 4])) }
    #expect(throws: GeometryError.self) { try convolve(x, .ramp([2, 1, 2, 2]), groups: 3) }
    #expect(throws: GeometryError.self) { try convolve(x, .ramp([2, 2, 2, 2]), bias: [1]) }
    for groups in [0, -1, Int.max] {
      #expect(throws: GeometryError.self) { try convolve(x, .ramp([2, 2, 2, 2]), groups: groups) }
      #expect(throws: GeometryError.self) {
        try transposedConvolve(x, .ramp([2, 20, 2, 2]), groups: groups)
      }
    }
    #expect(throws: GeometryError.self) {
      try transposedConvolve(x, .zeros([0, Int.max, 2, 2]), groups: 2)
    }
    #expect(throws: GeometryError.self) {
      try convolve(x, .ramp([1, 2, 1, 1]), padding: 500_000_000)
    }
    #expect(throws: GeometryError.self) {
      try convolutionMatrix(Tensor<Int>.ramp([2, 2]), inputSize: 3)
    }
    #expect(throws: GeometryError.self) {
      try convolutionMatrix(Tensor<Int>.ramp([1, 1, 1, 1]), inputSize: 100_000)
    }
    #expect(throws: GeometryError.self) {
      try convolutionInputGradient(x, .ramp([2, 1, 2, 2]), inputSize: 9)
    }
  }

  @Test func `infinities and NaN pass through`() throws {
    let y = try convolve(Tensor<Float>(row: [.infinity, 1, .nan]), Tensor<Float>(row: [1, 0]))
    #expect(y[0] == .infinity && y[1].isFinite == false)
  }
}
