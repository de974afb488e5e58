public import ConvolutionArithmetic
public import Tensors

/// Returns the windows of a convolution written out as columns: im2col, PyTorch's `unfold`.
///
///     columns[n][(c, k), o] = x[n, c, i]  for each tap (o, i, k),  0 where k meets padding
///
/// ```swift
/// let two = try Convolution(kernelSize: Size(height: 1, width: 2))
/// try windowColumns(Tensor(row: [1, 2, 3, 4]), by: two)
/// // 1 2 3
/// // 2 3 4
/// ```
///
/// Each input cell is copied as often as it is read, up to kernel-area times; that is the price for
/// turning the convolution into one matrix product.
///
/// - Returns: (batch, channels · kernel height · kernel width, output height · output width).
/// - Throws: `GeometryError` if the input is not of rank 4, no window fits, or the result is too
///   large.
public func windowColumns<Scalar: Numeric>(
  _ x: Tensor<Scalar>, by convolution: Convolution
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the input", x)
  let geometry = try convolution.geometry(input: x.size)
  let kernelSize = convolution.kernelSize
  let windows = try cellCount(geometry.outputSize.height, geometry.outputSize.width)
  let height = try cellCount(x.channels, kernelSize.height, kernelSize.width)
  var columns = try zeros(
    x.batch, height, Size(height: 1, width: windows), like: x)
  let (rowTaps, columnTaps) = (geometry.rows.taps, geometry.columns.taps)
  for n in 0..<x.batch {
    for c in 0..<x.channels {
      for row in rowTaps {
        for column in columnTaps {
          let line = (c * kernelSize.height + row.kernel) * kernelSize.width + column.kernel
          let window = row.output * geometry.outputSize.width + column.output
          columns[n, line, 0, window] = x[n, c, row.input, column.input]
        }
      }
    }
  }
  return columns.reshaped([x.batch, height, windows])
}

/// Returns the product of two matrices: `result[i, j] = Σ a[i, l] · b[l, j]`.
///
/// - Throws: `GeometryError` if a rank is not 2 or the inner extents differ.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func matrixProduct<Scalar: Numeric>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>
) throws(GeometryError) -> Tensor<Scalar> {
  guard a.shape.rank == 2, b.shape.rank == 2, a.shape[1] == b.shape[0] else {
    throw GeometryError(
      "shapes \(a.shape) and \(b.shape) cannot be multiplied; matrices (m, l) and (l, n) are "
        + "expected")
  }
  var result = try zeros(a.shape[0], b.shape[1], like: a)
  let width = b.shape[1]
  for i in 0..<a.shape[0] {
    for l in 0..<a.shape[1] {
      // A row of b at a time: what lies side by side is read in turn.
      let (factor, from, to) = (a[i, l], l * width, i * width)
      for j in 0..<width {
        result.elements[to + j] += factor * b.elements[from + j]
      }
    }
  }
  return result
}

/// Returns the convolution computed as a matrix product over ``windowColumns(_:by:)``: kernels as rows,
/// times windows as columns.
///
/// The same result as ``convolve(_:_:bias:stride:padding:dilation:groups:)`` without groups, the bias added
/// last.
///
/// - Throws: `GeometryError` if shapes do not fit each other or no window fits.
public func convolveByColumns<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil, by convolution: Convolution
) throws(GeometryError) -> Tensor<Scalar> {
  precondition(convolution.groups == 1, "each group would have columns of its own")
  _ = try ChannelGroups(convolution, input: x.shape, weight: w.shape, bias: bias?.count)
  let outputSize = try convolution.outputSize(input: x.size)
  let columns = try windowColumns(x, by: convolution)
  let (height, windows) = (columns.shape[1], columns.shape[2])
  let kernels = w.reshaped([w.shape[0], height])
  var elements: [Scalar] = []
  for n in 0..<x.batch {
    let picture = Tensor(
      shape: [height, windows],
      elements: Array(columns.elements[(n * height * windows)..<((n + 1) * height * windows)]))
    elements += try matrixProduct(kernels, picture).elements
  }
  if let bias {
    for index in elements.indices { elements[index] += bias[index / windows % bias.count] }
  }
  return Tensor(
    shape: [x.batch, w.shape[0], outputSize.height, outputSize.width], elements: elements)
}
