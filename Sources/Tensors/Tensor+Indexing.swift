extension Tensor {
  /// The cell at position `index` of a list, or of any tensor in row-major order.
  @inlinable
  public subscript(index: Int) -> Scalar {
    get { elements[index] }
    set { elements[index] = newValue }
  }

  /// The cell of a matrix (rank 2).
  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    get { elements[row * stride0 + column] }
    set { elements[row * stride0 + column] = newValue }
  }

  /// The cell of a stack of maps (rank 4): batch and channel, or out and in; row; column.
  @inlinable
  public subscript(batch: Int, channel: Int, row: Int, column: Int) -> Scalar {
    get { elements[batch * stride0 + channel * stride1 + row * stride2 + column] }
    set { elements[batch * stride0 + channel * stride1 + row * stride2 + column] = newValue }
  }

  /// The number of pictures of a feature map (rank 4): dimension 0.
  public var batch: Int { shape[0] }
  /// The number of channels of a feature map (rank 4): dimension 1.
  public var channels: Int { shape[1] }
  /// The number of rows of a map or kernel (rank 4): dimension 2.
  public var height: Int { shape[2] }
  /// The number of columns of a map or kernel (rank 4): dimension 3.
  public var width: Int { shape[3] }
  /// Height and width of a map or kernel (rank 4).
  public var size: Size { Size(height: height, width: width) }

  /// The coordinates of the cell at row-major position `position`, outermost first.
  ///
  /// ```swift
  /// Tensor<Int>.ramp([2, 3]).coordinates(of: 4)   // [1, 1]
  /// ```
  public func coordinates(of position: Int) -> [Int] {
    var rest = position
    var reversed: [Int] = []
    for extent in shape.dimensions.reversed() {
      reversed.append(rest % extent)
      rest /= extent
    }
    return reversed.reversed()
  }
}
