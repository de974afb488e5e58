public import ConvolutionArithmetic
public import Tensors

/// Returns the mean of each window.
///
///     y[n, c, o] = Σ over taps (o, i) of  x[n, c, i] / divisor(o)
///
/// ```swift
/// let x = Tensor<Fraction>([[1, 2], [3, 4]])
/// try averagePool(x, kernelSize: 2)   // 5/2
/// ```
///
/// The divisor is the number of input cells that the window reads, or with `countIncludePad` the
/// number of its cells in the padded input: the padding then counts as zeros. Cells beyond the
/// padding, where a last window hangs over the end, never count. These are PyTorch's rules (whose
/// default is to count the padding) and, for `.floor` and `.ceil`, ONNX's (whose default is not to).
/// A window that reads no input cell gives 0.
///
/// - `x`: the input, (batch, channels, height, width).
/// - `stride`: from one window to the next; none means the kernel size.
/// - `dilation`: ONNX allows it since opset 19, PyTorch does not.
/// - `rounding`: what becomes of a last window that hangs over the end.
/// - `countIncludePad`: whether padding counts in the divisor.
/// - `divisor`: divides every window's sum instead, PyTorch's `divisor_override`.
/// - Throws: `GeometryError` if the input is not of rank 4, no window fits, or the divisor is 0.
public func averagePool<Scalar: Divisible>(
  _ x: Tensor<Scalar>, kernelSize: Size, stride: Size? = nil, padding: Padding = 0,
  dilation: Size = 1, rounding: Rounding = .floor, countIncludePad: Bool = false,
  divisor: Int? = nil
) throws(GeometryError) -> Tensor<Scalar> {
  let pooling = try Pooling(
    kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation,
    rounding: rounding, countIncludePad: countIncludePad)
  return try averagePool(x, by: pooling, divisor: divisor)
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func averagePool<Scalar: Divisible>(
  _ x: Tensor<Scalar>, by pooling: Pooling, divisor: Int? = nil
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the input", x)
  let windows = try AveragingWindows(pooling, inputSize: x.size, divisor: divisor)

  var y = try zeros(x.batch, x.channels, windows.geometry.outputSize, like: x)
  for n in 0..<x.batch {
    for c in 0..<x.channels {
      for r in windows.rowTaps.indices {
        for column in windows.columnTaps.indices {
          guard let divisor = windows.divisor(row: r, column: column) else { continue }
          var sum = Scalar.zero
          for down in windows.rowTaps[r] {
            for right in windows.columnTaps[column] {
              sum += x[n, c, down.input, right.input]
            }
          }
          y[n, c, r, column] = sum / Scalar(divisor)
        }
      }
    }
  }
  return y
}

/// Returns the gradient of average pooling by its input: each output's gradient, divided as its sum
/// was, goes to every cell of its window.
///
///     x̂[n, c, i] = Σ over taps (o, i) of  ŷ[n, c, o] / divisor(o)
///
/// - `gradient`: ŷ, the gradient by the output.
/// - `inputSize`: the size of the input's maps.
/// - Throws: `GeometryError` if shapes do not fit each other or no window fits.
public func averagePoolGradient<Scalar: Divisible>(
  _ gradient: Tensor<Scalar>, by pooling: Pooling, inputSize: Size, divisor: Int? = nil
) throws(GeometryError) -> Tensor<Scalar> {
  try requireMaps("the gradient by the output", gradient)
  let windows = try AveragingWindows(pooling, inputSize: inputSize, divisor: divisor)
  let outputSize = windows.geometry.outputSize
  try requireShape(
    "the gradient by the output", gradient.shape,
    [gradient.batch, gradient.channels, outputSize.height, outputSize.width])

  var x = try zeros(gradient.batch, gradient.channels, inputSize, like: gradient)
  for n in 0..<gradient.batch {
    for c in 0..<gradient.channels {
      for r in windows.rowTaps.indices {
        for column in windows.columnTaps.indices {
          guard let divisor = windows.divisor(row: r, column: column) else { continue }
          let share = gradient[n, c, r, column] / Scalar(divisor)
          for down in windows.rowTaps[r] {
            for right in windows.columnTaps[column] {
              x[n, c, down.input, right.input] += share
            }
          }
        }
      }
    }
  }
  return x
}

/// The windows of an average pooling: the cells each reads, and the number its sum is divided by.
public struct AveragingWindows: Sendable {
  public let geometry: Geometry
  public let rowTaps: [[Tap]]
  public let columnTaps: [[Tap]]
  private let rowCounts: [Int]
  private let columnCounts: [Int]
  private let fixedDivisor: Int?

  /// - Throws: `GeometryError` if no window fits or the divisor is 0.
  public init(
    _ pooling: Pooling, inputSize: Size, divisor: Int? = nil
  ) throws(GeometryError) {
    if let divisor, divisor == 0 {
      throw GeometryError("the divisor is 0; any other whole number will do")
    }
    geometry = try pooling.geometry(input: inputSize)
    _ = try cellCount(geometry.outputSize.height, geometry.outputSize.width)
    rowTaps = geometry.rows.tapsByOutput
    columnTaps = geometry.columns.tapsByOutput
    let counts = pooling.countIncludePad
    rowCounts = counts ? geometry.rows.cellsInPaddedInput : rowTaps.map { $0.count }
    columnCounts = counts ? geometry.columns.cellsInPaddedInput : columnTaps.map { $0.count }
    fixedDivisor = divisor
  }

  /// What the sum of a window is divided by; nil for a window that reads no input cell.
  public func divisor(row: Int, column: Int) -> Int? {
    guard !rowTaps[row].isEmpty, !columnTaps[column].isEmpty else { return nil }
    return fixedDivisor ?? rowCounts[row] * columnCounts[column]
  }
}

extension Axis {
  /// For each output, the kernel cells that meet the input or its padding, not what is beyond.
  fileprivate var cellsInPaddedInput: [Int] {
    (0..<outputSize).map { output in
      let room = inputSize + window.paddingAfter - position(output: output, kernel: 0)
      return min(window.kernelSize, max(0, (room + window.dilation - 1) / window.dilation))
    }
  }
}
