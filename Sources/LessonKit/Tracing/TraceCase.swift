public import ConvolutionArithmetic
import Primitives
public import Tensors

/// A convolution or transposed convolution whose arithmetic is to be shown.
///
/// ```swift
/// let example = try TraceCase.convolution(Tensor(row: [1, 2, 3, 4, 5]), Tensor(row: [1, 0, -1]))
/// try example.equation(row: 0, column: 2).text   // output 2 = 3·1 + 4·0 + 5·(-1) = -2
/// try example.trace(.window)                     // all cells
/// ```
///
/// Every term comes from the taps of the geometry, the same relation that the primitives add up.
public struct TraceCase<Scalar: Numeric & Sendable>: Sendable {
  /// What is given, (batch, channels, height, width); every picture is traced.
  public let input: Tensor<Scalar>
  /// The kernels, in the layout of the convolution.
  public let weight: Tensor<Scalar>
  /// One number for each output channel.
  public let bias: [Scalar]?
  /// The convolution, or transposed one.
  public let convolution: Convolution

  public init(
    _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil, by convolution: Convolution
  ) {
    (input, weight, self.bias, self.convolution) = (x, w, bias, convolution)
  }

  /// The case of a convolution.
  public static func convolution(
    _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil,
    stride: Size = 1, padding: Padding = 0, dilation: Size = 1, groups: Int = 1
  ) throws(GeometryError) -> TraceCase {
    let convolution = try Convolution(
      of: w, stride: stride, padding: padding, dilation: dilation, groups: groups)
    return TraceCase(x, w, bias: bias, by: convolution)
  }

  /// The case of a transposed convolution.
  public static func transposed(
    _ y: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil,
    stride: Size = 1, padding: Padding = 0, outputPadding: Size = 0, dilation: Size = 1,
    groups: Int = 1
  ) throws(GeometryError) -> TraceCase {
    let forward = try Convolution(
      of: w, stride: stride, padding: padding, dilation: dilation, groups: groups)
    return TraceCase(y, w, bias: bias, by: try forward.transposed(outputPadding: outputPadding))
  }

  /// The result of the whole case, by the primitive.
  public func output() throws(GeometryError) -> Tensor<Scalar> {
    try convolve(input, weight, bias: bias, by: convolution)
  }

  /// The arithmetic of one output cell.
  ///
  /// - Throws: `GeometryError` if the case is impossible or the output has no such cell.
  public func equation(
    row: Int, column: Int, channel: Int = 0, picture: Int = 0
  ) throws(GeometryError) -> Equation {
    try TraceReader(self).equation(picture: picture, channel: channel, row: row, column: column)
  }

  /// The arithmetic in one form: of all cells, or of one cell in every map of every picture.
  ///
  /// - Throws: `GeometryError` if the case is impossible, the output has no such cell, or a
  ///   convolution is asked for in the form of a zero insertion.
  public func trace(
    _ form: TraceForm = .window, cell: (row: Int, column: Int)? = nil
  ) throws(GeometryError) -> Trace {
    let reader = try TraceReader(self)
    switch form {
    case .window: return try reader.windowTrace(cell: cell)
    case .scatter: return try reader.scatterTrace(cell: cell)
    case .matrix: return try reader.matrixTrace(cell: cell)
    case .zeroInsertion: return try reader.zeroInsertionTrace(cell: cell)
    }
  }
}
