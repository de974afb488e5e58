import Tensors
import Testing

@Suite struct ShapeTests {
  @Test func `the number of cells is the product of the extents`() throws {
    #expect(try Shape(validating: [2, 3, 4]).count == 2 * 3 * 4)
    #expect(try Shape(validating: []).count == 1)
    #expect(try Shape(validating: [5, 0]).count == 0)
    #expect(Shape([1, 3, 500, 500]).description == "(1, 3, 500, 500)")
    #expect(Shape([1, 2, 3, 4, 5, 6, 7, 8]).description == "(1, 2, 3, 4, 5, 6, 7, 8)")
    let long = [Int](repeating: 1, count: 64)
    #expect(Shape(long).description == "(1, 1, 1, … 61 more)")
    #expect(
      ShapeError.negativeExtent(long + [-1]).description.hasPrefix("the shape [1, 1, 1, … 62 more]")
    )
  }

  @Test func `a shape that cannot be counted is an error`() {
    #expect(throws: ShapeError.negativeExtent([2, -1])) { try Shape(validating: [2, -1]) }
    #expect(throws: ShapeError.tooManyCells([1 << 40, 1 << 40])) {
      try Shape(validating: [1 << 40, 1 << 40])
    }
    #expect(
      ShapeError.wrongElementCount(got: 5, shape: [2, 3]).description
        == "5 elements do not fill the shape (2, 3), which has 6 cells")
    #expect(
      ShapeError.negativeExtent([2, -1]).description
        == "the shape [2, -1] has a negative extent; extents are 0 or more")
  }
}
