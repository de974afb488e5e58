public import ConvolutionArithmetic
import Primitives
public import Tensors

/// A convolution or transposed convolution whose arithmetic is to be shown.
///
/// ```swift
/// let example = TraceCase.convolution(Tensor(row: [1, 2, 3, 4, 5]), Tensor(row: [1, 0, -1]))
/// try example.equation(row: 0, column: 2).text   // output 2 = 3·1 + 4·0 + 5·(-1) = -2
/// try example.trace(.window)                     // all cells
/// ```
///
/// Every term comes from the taps of the geometry, the same relation that the primitives add up.
public struct TraceCase<Scalar: Numeric & Sendable>: Sendable {
  /// Which way the taps are read.
  public enum Operation: Hashable, Sendable {
    /// From input to output.
    case convolution
    /// From output to input.
    case transposed
  }

  /// Which way the taps are read.
  public let operation: Operation
  /// What is given, (batch, channels, height, width); every picture is traced.
  public let input: Tensor<Scalar>
  /// The kernels, in the layout of the operation.
  public let weight: Tensor<Scalar>
  /// One number for each output channel.
  public let bias: [Scalar]?
  /// The stride.
  public let stride: Size
  /// The padding (of the forward convolution).
  public let padding: Padding
  /// The dilation.
  public let dilation: Size
  /// The output padding of a transposed convolution.
  public let outputPadding: Size
  /// The number of groups.
  public let groups: Int

  /// The case of a convolution.
  public static func convolution(
    _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil,
    stride: Size = 1, padding: Padding = 0, dilation: Size = 1, groups: Int = 1
  ) -> TraceCase {
    TraceCase(
      operation: .convolution, input: x, weight: w, bias: bias, stride: stride, padding: padding,
      dilation: dilation, outputPadding: 0, groups: groups)
  }

  /// The case of a transposed convolution.
  public static func transposed(
    _ y: Tensor<Scalar>, _ w: Tensor<Scalar>, bias: [Scalar]? = nil,
    stride: Size = 1, padding: Padding = 0, outputPadding: Size = 0, dilation: Size = 1,
    groups: Int = 1
  ) -> TraceCase {
    TraceCase(
      operation: .transposed, input: y, weight: w, bias: bias, stride: stride, padding: padding,
      dilation: dilation, outputPadding: outputPadding, groups: groups)
  }

  /// The result of the whole case, by the primitive.
  public func output() throws(GeometryError) -> Tensor<Scalar> {
    switch operation {
    case .convolution:
      try convolve(
        input, weight, bias: bias, stride: stride, padding: padding, dilation: dilation,
        groups: groups)
    case .transposed:
      try transposedConvolve(
        input, weight, bias: bias, stride: stride, padding: padding,
        outputPadding: outputPadding, dilation: dilation, groups: groups)
    }
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
