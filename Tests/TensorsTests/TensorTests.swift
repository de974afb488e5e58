import Tensors
import Testing

@Suite struct TensorTests {
  @Test func `cells are stored row by row, the last dimension fastest`() {
    let x = Tensor<Int>.ramp([2, 3, 4, 5])
    for n in 0..<2 {
      for c in 0..<3 {
        for row in 0..<4 {
          for column in 0..<5 {
            let position = ((n * 3 + c) * 4 + row) * 5 + column
            #expect(x[n, c, row, column] == position + 1)
            #expect(x.coordinates(of: position) == [n, c, row, column])
          }
        }
      }
    }
    #expect(Tensor<Int>.ramp([2, 3])[1, 2] == 6)
  }

  @Test func `the first cell that differs is reported, with how many do`() {
    let x = Tensor<Int>([[1, 2, 3], [4, 5, 6]])
    var y = x
    #expect(y.difference(from: x) == nil)
    y[0, 0, 0, 2] = 9
    y[0, 0, 1, 1] = 8
    #expect(
      y.difference(from: x)
        == .cell(coordinates: [0, 0, 0, 2], got: "9", expected: "3", count: 2))
    #expect(
      y.difference(from: x)?.description
        == "cell (0, 0, 0, 2) is 9, expected 3; 2 cells differ")
    #expect(
      x.difference(from: x.reshaped([2, 3]))?.description
        == "the shape is (1, 1, 2, 3), expected (2, 3)")
  }

  @Test func `a tolerance is relative and absolute, and knows what is not a number`() {
    let x = Tensor<Double>(row: [100, .nan, .infinity])
    let near = Tensor<Double>(row: [100.5, .nan, .infinity])
    #expect(near.difference(from: x, relative: 0.01, absolute: 0) == nil)
    #expect(near.difference(from: x, relative: 0.001, absolute: 0) != nil)
    let far = Tensor<Double>(row: [100, 0, .infinity])
    #expect(far.difference(from: x, relative: 1, absolute: 1) != nil)
    let other = Tensor<Double>(row: [100, .nan, -.infinity])
    #expect(other.difference(from: x, relative: 0.5, absolute: 0.5) != nil)
  }
}
