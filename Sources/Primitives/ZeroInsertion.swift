public import ConvolutionArithmetic
public import Tensors

/// Returns each map with zeros between neighbouring cells: the cell (r, c) moves to (s·r, s·c).
///
/// ```swift
/// insertZeros(Tensor([[1, 2], [3, 4]]), stride: 2)
/// // 1 0 2
/// // 0 0 0
/// // 3 0 4
/// ```
///
/// - `stride`: the distance between neighbours afterwards; stride − 1 zeros are inserted.
/// - Returns: the same channels, maps of s(i−1)+1 cells in each direction.
/// - Throws: `GeometryError` if a stride is below 1, or the result is too large.
public func insertZeros<Scalar: Numeric>(
  _ x: Tensor<Scalar>, stride: Size
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the input", x)
  // The transpose of a window of one cell: it spreads the cells and sums nothing.
  let spread = try Convolution(kernelSize: 1, stride: stride).transposed()
    .outputSize(input: x.size)
  var result = try zeros(x.batch, x.channels, spread, like: x)
  for n in 0..<x.batch {
    for c in 0..<x.channels {
      for row in 0..<x.height {
        for column in 0..<x.width {
          result[n, c, row * stride.height, column * stride.width] = x[n, c, row, column]
        }
      }
    }
  }
  return result
}

/// Returns the transposed convolution computed as a direct one: zeros inserted between the cells, p′
/// zeros around, and the kernel, turned by 180°, sliding with stride 1.
///
///     p′ = d(k−1) − p, and output padding more at the far end
///
/// ```swift
/// let across = Size(height: 1, width: 2)
/// let w = Tensor(row: [1, 2, 3])
/// try transposedConvolveByZeroInsertion(
///   Tensor(row: [1, 2]), w, by: Convolution(of: w, stride: across).transposed())   // 1 2 5 4 6
/// ```
///
/// With s = 1 nothing is inserted; with a negative p′ cells are cut off instead of added. In and out
/// channels change places in the kernels. This is why the field says "fractional stride". Source:
/// Dumoulin and Visin, arXiv 1603.07285, relationships 8 to 14. Shapes, errors and result are
/// those of ``transposedConvolve(_:_:bias:stride:padding:outputPadding:dilation:groups:)``.
public func transposedConvolveByZeroInsertion<Scalar: Numeric>(
  _ y: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil, by transposed: Convolution
) throws(GeometryError) -> Tensor<Scalar> {
  _ = try ChannelGroups(transposed, input: y.shape, weight: w.shape, bias: bias?.count)
  _ = try transposed.outputSize(input: y.size)
  return try convolve(
    insertZeros(y, stride: transposed.stride),
    w.flipped().channelsExchanged(groups: transposed.groups), bias: bias,
    by: transposed.equivalentConvolution())
}

extension Tensor {
  /// The kernels with in and out channels exchanged, group by group: (in, out / groups, ·) becomes
  /// (out, in / groups, ·), and back.
  ///
  /// ```swift
  /// Tensor<Int>.ramp([2, 3, 1, 1]).channelsExchanged()   // (3, 2, 1, 1): 1 4, 2 5, 3 6
  /// ```
  ///
  /// The groups must divide the outermost extent.
  public func channelsExchanged(groups: Int = 1) -> Tensor {
    precondition(
      groups >= 1 && shape[0] % groups == 0, "\(groups) groups do not divide \(shape[0]) channels")
    let (before, after) = (shape[0] / groups, shape[1])
    var result = reshaped([groups * after, before, height, width])
    for group in 0..<groups {
      for m in 0..<before {
        for c in 0..<after {
          for row in 0..<height {
            for column in 0..<width {
              result[group * after + c, m, row, column] = self[group * before + m, c, row, column]
            }
          }
        }
      }
    }
    return result
  }
}
