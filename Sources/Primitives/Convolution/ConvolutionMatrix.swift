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
/// ``linear(_:_:bias:)``); its transpose belongs to the transposed convolution.
///
/// - Parameters:
///   - w: the kernels, (out, in / groups, height, width).
///   - inputSize: the size of the map that the convolution is to be applied to.
/// - Returns: (out · output height · output width, in · input height · input width).
/// - Throws: `GeometryError` if shapes do not fit each other, no window fits, or the matrix is too
///   large.
public func convolutionMatrix<Scalar: Numeric>(
  _ w: Tensor<Scalar>, inputSize: Size, stride: Size = 1, padding: Padding = 0, dilation: Size = 1,
  groups: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  guard w.shape.rank == 4 else { throw wrongRank("the weights", w.shape, expected: 4) }
  let geometry = try Window2D(
    kernelSize: w.size, stride: stride, padding: padding, dilation: dilation
  ).geometry(input: inputSize)
  return try matrix(of: w, geometry, groups: groups)
}

/// The matrix of the kernels over any geometry.
func matrix<Scalar: Numeric>(
  of w: Tensor<Scalar>, _ geometry: Geometry, groups: Int
) throws(GeometryError) -> Tensor<Scalar> {
  let (inputSize, outputSize) = (geometry.inputSize, geometry.outputSize)
  let inputChannels = try cellCount(w.channels, max(groups, 1))
  let channels = try ChannelGroups(
    input: [1, inputChannels, 1, 1], weight: w.shape, bias: nil, groups: groups, transposed: false)
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

/// Returns the convolution computed as one matrix product: y = C x.
///
/// The same result as ``convolve(_:_:bias:stride:padding:dilation:groups:)`` with the same
/// parameters, cell by cell. For teaching: the matrix has a cell for each pair of an input and an
/// output cell, nearly all of them 0.
public func convolveByMatrix<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil,
  stride: Size = 1, padding: Padding = 0, dilation: Size = 1, groups: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  let channels = try ChannelGroups(
    input: x.shape, weight: w.shape, bias: bias?.count, groups: groups, transposed: false)
  let geometry = try Window2D(
    kernelSize: w.size, stride: stride, padding: padding, dilation: dilation
  ).geometry(input: x.size)
  let matrix = try matrix(of: w, geometry, groups: groups)
  return try apply(matrix, to: x, bias: bias, channels.output, geometry.outputSize)
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
