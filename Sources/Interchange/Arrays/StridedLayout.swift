package import Tensors

/// Where the cells of a tensor lie in a block of bytes, counted in elements.
package struct StridedLayout: Sendable {
  package let shape: Shape
  /// The step in memory for one step along each dimension.
  package let strides: [Int]
  /// The element that holds the first cell.
  package let offset: Int

  /// Cells one after another, the last dimension fastest.
  package init(rowMajor shape: Shape, offset: Int = 0) {
    self.init(shape: shape, strides: Self.rowMajorStrides(shape.dimensions), offset: offset)
  }

  /// Cells one after another, the first dimension fastest: Fortran's order.
  package init(columnMajor shape: Shape) {
    let reversed = Self.rowMajorStrides(shape.dimensions.reversed())
    self.init(shape: shape, strides: reversed.reversed(), offset: 0)
  }

  package init(shape: Shape, strides: [Int], offset: Int) {
    self.shape = shape
    self.strides = strides
    self.offset = offset
  }

  private static func rowMajorStrides(_ dimensions: [Int]) -> [Int] {
    var strides: [Int] = []
    var step = 1
    for extent in dimensions.reversed() {
      strides.append(step)
      // An empty tensor may have extents whose product is out of range; it has no cells to find.
      step = step.multipliedReportingOverflow(by: max(extent, 1)).partialValue
    }
    return strides.reversed()
  }

  /// Whether the cells lie one after another in row-major order.
  package var isRowMajor: Bool {
    guard shape.count > 0 else { return true }
    var step = 1
    for (extent, stride) in zip(shape.dimensions, strides).reversed() where extent != 1 {
      if stride != step { return false }
      step *= extent
    }
    return true
  }

  /// The number of elements that the block needs to have: one past the last cell.
  ///
  /// `nil` if a stride or the offset is negative, or the number is out of range.
  package var elementsNeeded: Int? {
    guard offset >= 0, strides.allSatisfy({ $0 >= 0 }) else { return nil }
    guard shape.count > 0 else { return offset }
    var last = offset
    for (extent, stride) in zip(shape.dimensions, strides) {
      let (reach, tooFar) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, overflow) = last.addingReportingOverflow(reach)
      guard !tooFar, !overflow else { return nil }
      last = sum
    }
    return last < Int.max ? last + 1 : nil
  }

  /// Copies the cells at row-major positions `cells`, of `width` bytes each, one after another.
  package func gather(
    _ cells: Range<Int>, width: Int, from source: UnsafeRawBufferPointer,
    into target: UnsafeMutableRawBufferPointer
  ) {
    guard !cells.isEmpty else { return }
    var coordinates = [Int](repeating: 0, count: shape.rank)
    var rest = cells.lowerBound
    var element = offset
    for axis in coordinates.indices.reversed() {
      coordinates[axis] = rest % shape[axis]
      rest /= shape[axis]
      element += coordinates[axis] * strides[axis]
    }
    for written in 0..<cells.count {
      let cell = UnsafeRawBufferPointer(rebasing: source[element * width..<(element + 1) * width])
      UnsafeMutableRawBufferPointer(rebasing: target[written * width..<(written + 1) * width])
        .copyMemory(from: cell)
      var axis = shape.rank - 1
      while axis >= 0 {
        coordinates[axis] += 1
        element += strides[axis]
        if coordinates[axis] < shape[axis] { break }
        element -= coordinates[axis] * strides[axis]
        coordinates[axis] = 0
        axis -= 1
      }
    }
  }
}

extension Shape {
  /// The shape of these extents, which a file states.
  package init(_ extents: [Int], of subject: String) throws(InterchangeError) {
    do { self = try Shape(validating: extents) } catch {
      throw InterchangeError("of \(subject): \(error.description)")
    }
  }
}
