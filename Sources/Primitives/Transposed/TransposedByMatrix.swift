public import ConvolutionArithmetic
public import Tensors

/// Returns the transposed convolution computed with the transpose of the convolution's matrix:
/// x̂ = Cᵀ y.
///
/// ```swift
/// let w = Tensor(row: [1, 2, 3])
/// try convolve(Tensor(row: [1, 2, 3, 4]), w)             // 14 20
/// try transposedConvolveByMatrix(Tensor(row: [14, 20]), w)   // 14 48 82 60, not 1 2 3 4
/// ```
///
/// The shape comes back, the values do not: a transpose is no inverse. Parameters, shapes, errors and
/// result are those of
/// ``transposedConvolve(_:_:bias:stride:padding:outputPadding:dilation:groups:)``.
public func transposedConvolveByMatrix<Scalar: Numeric>(
  _ y: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil,
  stride: Size = 1, padding: Padding = 0, outputPadding: Size = 0, dilation: Size = 1,
  groups: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  let channels = try ChannelGroups(
    input: y.shape, weight: w.shape, bias: bias?.count, groups: groups, transposed: true)
  let geometry = try TransposedWindow2D(
    kernelSize: w.size, stride: stride, padding: padding, outputPadding: outputPadding,
    dilation: dilation
  ).geometry(input: y.size)
  let matrix = try matrix(of: w, geometry, groups: groups)
  return try apply(matrix.transposed(), to: y, bias: bias, channels.output, geometry.inputSize)
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
