public import ConvolutionArithmetic
public import Tensors

/// Returns the matrix of a convolution: sparse, with the same few weights over and over.
///
///     C[(m, o), (c, i)] = w[m, c, k]  for each tap (o, i, k),  0 elsewhere
///
/// ```swift
/// try convolutionMatrix(Tensor(row: [1, 2]), inputSize: Size(height: 1, width: 3))
/// // 1 2 0
/// // 0 1 2
/// ```
///
/// A row for each output cell and a column for each input cell, both counted channel by channel, row
/// by row. So it is the weight of the fully connected layer that computes the same (see
/// ``linear(_:_:bias:)``); its transpose belongs to the transposed convolution: x̂ = Cᵀ y.
///
/// - Parameters:
///   - w: the kernels, (out, in / groups, height, width).
///   - convolution: none means stride 1 and no padding.
///   - inputSize: the size of the map that the convolution is to be applied to.
/// - Returns: (out · output height · output width, in · input height · input width).
/// - Throws: `GeometryError` if shapes do not fit each other, no window fits, or the matrix is too
///   large.
public func convolutionMatrix<Scalar: Numeric>(
  _ w: Tensor<Scalar>, by convolution: Convolution? = nil, inputSize: Size
) throws(GeometryError) -> Tensor<Scalar> {
  let convolution = if let convolution { convolution } else { try Convolution(of: w) }
  try requireMaps("the array of weights", w)
  let matrix = try matrix(
    of: w, convolution.geometry(input: inputSize), groups: convolution.groups)
  return convolution.isTransposed ? matrix.transposed() : matrix
}

/// The matrix of the kernels over any geometry.
func matrix<Scalar: Numeric>(
  of w: Tensor<Scalar>, _ geometry: Geometry, groups: Int
) throws(GeometryError) -> Tensor<Scalar> {
  let (inputSize, outputSize) = (geometry.inputSize, geometry.outputSize)
  let channels = try ChannelGroups(
    input: [1, cellCount(w.channels, groups), 1, 1], weight: w.shape, bias: nil, groups: groups,
    isTransposed: false)
  var matrix = try zeros(
    cellCount(channels.output, outputSize.height, outputSize.width),
    cellCount(channels.input, inputSize.height, inputSize.width), like: w)
  let (rowTaps, columnTaps) = (geometry.rows.taps, geometry.columns.taps)
  for m in 0..<channels.output {
    let inputs = channels.inputs(ofOutput: m)
    for channel in inputs {
      for row in rowTaps {
        for column in columnTaps {
          let output = (m * outputSize.height + row.output) * outputSize.width + column.output
          let input = (channel * inputSize.height + row.input) * inputSize.width + column.input
          matrix[output, input] = w[m, channel - inputs.lowerBound, row.kernel, column.kernel]
        }
      }
    }
  }
  return matrix
}

/// Returns the convolution computed as one matrix product, y = C x, or the transposed convolution with
/// the transpose of that matrix, x̂ = Cᵀ y.
///
/// ```swift
/// let w = Tensor(row: [1, 2, 3])
/// let c = try Convolution(of: w)
/// try convolveByMatrix(Tensor(row: [1, 2, 3, 4]), w, by: c)              // 14 20
/// try convolveByMatrix(Tensor(row: [14, 20]), w, by: c.transposed())     // 14 48 82 60, not 1 2 3 4
/// ```
///
/// The shape comes back, the values do not: a transpose is no inverse. The same result as
/// ``convolve(_:_:bias:by:)``, cell by cell. For teaching: the matrix has a cell for each pair of an
/// input and an output cell, nearly all of them 0.
public func convolveByMatrix<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil, by convolution: Convolution
) throws(GeometryError) -> Tensor<Scalar> {
  let channels = try ChannelGroups(
    convolution, input: x.shape, weight: w.shape, bias: bias?.count)
  return try apply(
    convolutionMatrix(w, by: convolution, inputSize: x.size), to: x, bias: bias, channels.output,
    convolution.outputSize(input: x.size))
}

/// Each picture flattened, multiplied by `matrix`, and cut into maps again.
func apply<Scalar: Numeric>(
  _ matrix: Tensor<Scalar>, to x: Tensor<Scalar>, bias: [Scalar]?, _ channels: Int, _ size: Size
) throws(GeometryError) -> Tensor<Scalar> {
  let flat = x.reshaped([x.batch, x.channels * x.size.area])
  let biasOfEachCell = bias.map { $0.flatMap { Array(repeating: $0, count: size.area) } }
  let product = try linear(flat, matrix, bias: biasOfEachCell)
  return product.reshaped([x.batch, channels, size.height, size.width])
}

extension Tensor {
  /// A matrix (rank 2) with rows and columns exchanged.
  public func transposed() -> Tensor {
    precondition(shape.rank == 2, "a matrix has rank 2; this shape is \(shape)")
    var result = reshaped([shape[1], shape[0]])
    for row in 0..<shape[0] {
      for column in 0..<shape[1] {
        result[column, row] = self[row, column]
      }
    }
    return result
  }
}
