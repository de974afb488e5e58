public import ConvolutionArithmetic
public import Tensors

/// Returns the convolution of mathematics: the kernel is turned by 180° before it slides.
///
///     y[n, m, o] = bias[m] + Σ over channels c and taps (o, i, k) of  x[n, c, i] · w[m, c, K − 1 − k]
///
/// ```swift
/// try trueConvolve(Tensor(row: [1, 2, 3, 4, 5]), Tensor(row: [1, 0, -1]))   // 2 2 2
/// ```
///
/// Shapes and errors are those of ``convolve(_:_:bias:by:)``; without a convolution the stride is 1, and
/// there is no padding. The two agree exactly when the kernel is its own half-turn.
public func trueConvolve<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil,
  by convolution: Convolution? = nil
) throws(GeometryError) -> Tensor<Scalar> {
  let convolution = if let convolution { convolution } else { try Convolution(of: w) }
  return try convolve(x, w.flipped(), bias: bias, by: convolution)
}

/// Returns the full convolution: the true convolution at every position where kernel and input
/// overlap in at least one cell.
///
/// ```swift
/// try fullConvolve(Tensor(row: [1, 2, 3]), Tensor(row: [1, 10]))   // 1 12 23 30
/// ```
///
/// It multiplies polynomials: (1 + 2t + 3t²)(1 + 10t) = 1 + 12t + 23t² + 30t³. For one channel it
/// commutes, and it is the transposed convolution with stride 1 and no padding. The padding is
/// d(k−1) on every side, so the output has i + d(k−1) cells: Dumoulin and Visin, arXiv 1603.07285,
/// relationship 4.
///
/// - Throws: `GeometryError` if shapes do not fit each other.
public func fullConvolve<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, dilation: Size = 1, groups: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  let bare = try Convolution(of: w, dilation: dilation, groups: groups)
  let reach = bare.effectiveKernelSize
  return try trueConvolve(
    x, w,
    by: Convolution(
      of: w, padding: Padding(Size(height: reach.height - 1, width: reach.width - 1)),
      dilation: dilation, groups: groups))
}

extension Tensor {
  /// Each kernel turned by 180°: rows and columns in reverse order, channels kept.
  ///
  /// ```swift
  /// Tensor([[1, 2], [3, 4]]).flipped()   // 4 3 / 2 1
  /// ```
  public func flipped() -> Tensor {
    var result = self
    for n in 0..<batch {
      for c in 0..<channels {
        for row in 0..<height {
          for column in 0..<width {
            result[n, c, row, column] = self[n, c, height - 1 - row, width - 1 - column]
          }
        }
      }
    }
    return result
  }
}
