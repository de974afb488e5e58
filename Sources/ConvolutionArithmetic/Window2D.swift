public import Tensors

/// A sliding window over a map: one ``Window`` for the rows and one for the columns.
public struct Window2D: Hashable, Sendable {
  /// The window downwards.
  public let rows: Window
  /// The window to the right.
  public let columns: Window

  /// A window of these two axes.
  public init(rows: Window, columns: Window) {
    self.rows = rows
    self.columns = columns
  }

  /// A window from a kernel size, stride, dilation and padding for both axes.
  public init(
    kernelSize: Size, stride: Size = 1, padding: Padding = 0, dilation: Size = 1
  ) throws(GeometryError) {
    rows = try Window(
      kernelSize: kernelSize.height, stride: stride.height, dilation: dilation.height,
      paddingBefore: padding.top, paddingAfter: padding.bottom)
    columns = try Window(
      kernelSize: kernelSize.width, stride: stride.width, dilation: dilation.width,
      paddingBefore: padding.left, paddingAfter: padding.right)
  }

  /// The size of the output for an input of this size.
  public func outputSize(input: Size, rounding: Rounding = .floor) throws(GeometryError) -> Size {
    try geometry(input: input, rounding: rounding).outputSize
  }

  /// The relation between the cells of an input of this size and the output's.
  public func geometry(input: Size, rounding: Rounding = .floor) throws(GeometryError) -> Geometry {
    // Caffe looks at both axes: a padding along either clips the last windows of both.
    let clips = rounding == .caffe && (rows.isPadded || columns.isPadded)
    let rounding = clips ? .ceil : rounding
    return Geometry(
      rows: try rows.axis(input: input.height, rounding: rounding),
      columns: try columns.axis(input: input.width, rounding: rounding))
  }
}

/// The transpose of a window over a map: one ``TransposedWindow`` for the rows, one for the columns.
public struct TransposedWindow2D: Hashable, Sendable {
  /// The transposed window downwards.
  public let rows: TransposedWindow
  /// The transposed window to the right.
  public let columns: TransposedWindow

  /// A transposed window of these two axes.
  public init(rows: TransposedWindow, columns: TransposedWindow) {
    self.rows = rows
    self.columns = columns
  }

  /// The transpose of a forward window.
  public init(of window: Window2D, outputPadding: Size = 0) throws(GeometryError) {
    rows = try TransposedWindow(of: window.rows, outputPadding: outputPadding.height)
    columns = try TransposedWindow(of: window.columns, outputPadding: outputPadding.width)
  }

  /// The transpose of the forward window with these parameters.
  public init(
    kernelSize: Size, stride: Size = 1, padding: Padding = 0, outputPadding: Size = 0,
    dilation: Size = 1
  ) throws(GeometryError) {
    try self.init(
      of: Window2D(kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation),
      outputPadding: outputPadding)
  }

  /// The size restored from an input of this size.
  public func outputSize(input: Size) throws(GeometryError) -> Size {
    try geometry(input: input).inputSize
  }

  /// The relation, named as the forward convolution names its cells: `inputSize` is the size
  /// restored, `outputSize` the size of what the transposed convolution is given.
  public func geometry(input: Size) throws(GeometryError) -> Geometry {
    Geometry(
      rows: try rows.axis(input: input.height), columns: try columns.axis(input: input.width))
  }
}

/// Both axes of a relation with their extents. A tap in two dimensions is a pair of taps, one of
/// each axis.
public struct Geometry: Hashable, Sendable {
  /// The axis downwards.
  public let rows: Axis
  /// The axis to the right.
  public let columns: Axis

  /// The size of the (forward) input.
  public var inputSize: Size { Size(height: rows.inputSize, width: columns.inputSize) }
  /// The size of the (forward) output.
  public var outputSize: Size { Size(height: rows.outputSize, width: columns.outputSize) }
}
