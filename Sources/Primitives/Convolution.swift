public import ConvolutionArithmetic
public import Tensors

/// Returns the convolution of `x` with the kernels `w`: at each output cell, the sum over the window
/// of input times kernel.
///
///     y[n, m, o] = bias[m] + Σ over channels c and taps (o, i, k) of  x[n, c, i] · w[m, c, k]
///
/// ```swift
/// try convolve(Tensor(row: [1, 2, 3, 4, 5]), Tensor(row: [1, 0, -1]))   // -2 -2 -2
/// ```
///
/// The kernel is not turned: this is the cross-correlation that the field calls convolution. For the
/// convolution of mathematics see ``trueConvolve(_:_:bias:by:)``.
///
/// - `x`: the input, (batch, channels, height, width).
/// - `w`: the kernels, (out, channels / groups, height, width).
/// - `bias`: one number for each output channel; none means 0.
/// - `groups`: the channels are cut into this many groups; output channels see their own group only.
/// - Returns: (batch, out, output height, output width); see `Window.outputSize(input:)`.
/// - Throws: `GeometryError` if shapes do not fit each other or no window fits.
/// - Complexity: one multiplication for each output cell, kernel cell and input channel of a group.
public func convolve<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil,
  stride: Size = 1, padding: Padding = 0, dilation: Size = 1, groups: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  let convolution = try Convolution(
    of: w, stride: stride, padding: padding, dilation: dilation, groups: groups)
  return try convolve(x, w, bias: bias, by: convolution)
}

/// Returns the convolution of `x` with the kernels `w`, or with a transposed one the transposed
/// convolution, as ``convolve(_:_:bias:stride:padding:dilation:groups:)`` and
/// ``transposedConvolve(_:_:bias:stride:padding:outputPadding:dilation:groups:)`` tell.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
@specialized(where Scalar == Int)
public func convolve<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil, by convolution: Convolution
) throws(GeometryError) -> Tensor<Scalar> {
  let channels = try ChannelGroups(
    convolution, input: x.shape, weight: w.shape, bias: bias?.count)
  let geometry = try convolution.geometry(input: x.size)
  return convolution.isTransposed
    ? try scatter(x, w, bias: bias, geometry, channels)
    : try gather(x, w, bias: bias, geometry, channels)
}

extension Convolution {
  /// The convolution whose kernels these are.
  ///
  /// - Throws: `GeometryError` if they are not of rank 4, or a number is out of range.
  public init<Scalar>(
    of w: Tensor<Scalar>, stride: Size = 1, padding: Padding = 0, dilation: Size = 1,
    groups: Int = 1
  ) throws(GeometryError) {
    try requireMaps("the array of weights", w)
    try self.init(
      kernelSize: w.size, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}

/// The sum of a convolution over the taps of any geometry. The gradient of a transposed convolution
/// is the same sum over the geometry of the transpose.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
@specialized(where Scalar == Int)
func gather<Scalar: Numeric>(
  _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]?, _ geometry: Geometry,
  _ channels: ChannelGroups
) throws(GeometryError) -> Tensor<Scalar> {
  var y = try zeros(x.batch, channels.output, geometry.outputSize, like: x)
  let columnTaps = geometry.columns.tapsByOutput
  for row in 0..<y.height {
    for (column, taps) in geometry.cellTaps(ofOutputRow: row, columns: columnTaps).enumerated() {
      for n in 0..<y.batch {
        for m in 0..<y.channels {
          var sum = bias?[m] ?? .zero
          for (kernelChannel, channel) in channels.inputs(ofOutput: m).enumerated() {
            let (map, kernel) = (x.start(n, channel), w.start(m, kernelChannel))
            for tap in taps {
              sum += x[map + tap.input] * w[kernel + tap.kernel]
            }
          }
          y[n, m, row, column] = sum
        }
      }
    }
  }
  return y
}

extension Geometry {
  /// The taps of every output cell of a row, cell by cell.
  ///
  /// A tap of a map is a pair of taps, one of each axis. It is again written as one ``Tap``, with the
  /// positions of the output, input and kernel cell counted row by row in their own map.
  func cellTaps(ofOutputRow row: Int, columns columnTaps: [[Tap]]) -> [[Tap]] {
    let rowTaps = rows.taps(ofOutput: row)
    return columnTaps.map { pairs(rowTaps, $0) }
  }

  /// The taps of every input cell of a row, cell by cell.
  func cellTaps(ofInputRow row: Int, columns columnTaps: [[Tap]]) -> [[Tap]] {
    let rowTaps = rows.taps(ofInput: row)
    return columnTaps.map { pairs(rowTaps, $0) }
  }

  private func pairs(_ rowTaps: [Tap], _ columnTaps: [Tap]) -> [Tap] {
    var taps: [Tap] = []
    taps.reserveCapacity(rowTaps.count * columnTaps.count)
    for row in rowTaps {
      for column in columnTaps {
        taps.append(
          Tap(
            output: row.output * columns.outputSize + column.output,
            input: row.input * columns.inputSize + column.input,
            kernel: row.kernel * columns.window.kernelSize + column.kernel))
      }
    }
    return taps
  }
}

extension Tensor {
  /// The position in row-major order of the first cell of a map: batch or out, channel or in.
  func start(_ batch: Int, _ channel: Int) -> Int {
    (batch * channels + channel) * height * width
  }
}

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
