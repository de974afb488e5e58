public import Tensors

/// A layer whose window slides over maps: a ``Window`` downwards and one to the right.
public protocol Windowed: Hashable, Sendable {
  /// The window downwards.
  var rows: Window { get }
  /// The window to the right.
  var columns: Window { get }
}

extension Windowed {
  public var kernelSize: Size { Size(height: rows.kernelSize, width: columns.kernelSize) }
  public var stride: Size { Size(height: rows.stride, width: columns.stride) }
  public var dilation: Size { Size(height: rows.dilation, width: columns.dilation) }
  public var effectiveKernelSize: Size {
    Size(height: rows.effectiveKernelSize, width: columns.effectiveKernelSize)
  }
  public var padding: Padding {
    Padding(
      top: rows.paddingBefore, left: columns.paddingBefore, bottom: rows.paddingAfter,
      right: columns.paddingAfter)
  }
  public var isPadded: Bool { rows.isPadded || columns.isPadded }

  /// The relation between the cells of an input of this size and those of the output.
  public func geometry(input: Size) throws(GeometryError) -> Geometry {
    Geometry(
      rows: try rows.axis(input: input.height), columns: try columns.axis(input: input.width))
  }

  public func outputSize(input: Size) throws(GeometryError) -> Size {
    Size(
      height: try rows.outputSize(input: input.height),
      width: try columns.outputSize(input: input.width))
  }
}

/// A convolution, or its transpose, but for the numbers of its kernels: all that its sizes and its taps
/// depend on.
///
/// ```swift
/// let down = try Convolution(kernelSize: 3, stride: 2, padding: 1)
/// try down.outputSize(input: 6)                                  // 3×3
/// try down.transposed(outputPadding: 1).outputSize(input: 3)     // 6×6
/// ```
public struct Convolution: Windowed {
  public let rows: Window
  public let columns: Window
  /// The channels are cut into this many groups; output channels see their own group only.
  public let groups: Int

  /// A convolution of these two axes; both are transposed, or neither.
  public init(rows: Window, columns: Window, groups: Int = 1) throws(GeometryError) {
    precondition(rows.isTransposed == columns.isTransposed, "one axis alone cannot be transposed")
    guard 1 <= groups && groups <= largestExtent else {
      throw GeometryError("groups is \(groups); it must be from 1 to \(largestExtent)")
    }
    (self.rows, self.columns, self.groups) = (rows, columns, groups)
  }

  public init(
    kernelSize: Size, stride: Size = 1, padding: Padding = 0, dilation: Size = 1, groups: Int = 1
  ) throws(GeometryError) {
    let (rows, columns) = try windows(kernelSize, stride, padding, dilation, .floor)
    try self.init(rows: rows, columns: columns, groups: groups)
  }

  /// The same taps read the other way. The padding stays that of the forward convolution, which is
  /// taken away here; the output padding chooses which forward size is restored.
  ///
  /// - Throws: ``GeometryError`` unless the output padding is below max(stride, dilation).
  public func transposed(outputPadding: Size = 0) throws(GeometryError) -> Convolution {
    try Convolution(
      rows: rows.transposed(outputPadding: outputPadding.height),
      columns: columns.transposed(outputPadding: outputPadding.width), groups: groups)
  }

  /// The direct convolution that computes the same as this transposed one, once zeros are inserted and
  /// the kernels turned.
  public func equivalentConvolution() throws(GeometryError) -> Convolution {
    try Convolution(
      rows: rows.equivalentConvolution(), columns: columns.equivalentConvolution(), groups: groups)
  }

  /// The layer that leads back from its output to an input of this size, as a gradient goes.
  public func back(toInput input: Size) throws(GeometryError) -> Convolution {
    try Convolution(
      rows: rows.back(toInput: input.height), columns: columns.back(toInput: input.width),
      groups: groups)
  }

  /// The same taps read as a convolution.
  public var forward: Convolution {
    Convolution(forward: rows.forward, columns.forward, groups)
  }

  private init(forward rows: Window, _ columns: Window, _ groups: Int) {
    (self.rows, self.columns, self.groups) = (rows, columns, groups)
  }

  public var isTransposed: Bool { rows.isTransposed }

  /// 0 unless it is transposed.
  public var outputPadding: Size {
    Size(height: rows.outputPadding, width: columns.outputPadding)
  }
}

/// A pooling, whatever it makes of the cells of a window.
public struct Pooling: Windowed {
  public let rows: Window
  public let columns: Window
  /// Whether a mean divides by the cells of padding too.
  public let countIncludePad: Bool

  /// - `stride`: from one window to the next; none means the kernel size.
  public init(
    kernelSize: Size, stride: Size? = nil, padding: Padding = 0, dilation: Size = 1,
    rounding: Rounding = .floor, countIncludePad: Bool = false
  ) throws(GeometryError) {
    let (rows, columns) = try windows(
      kernelSize, stride ?? kernelSize, padding, dilation, rounding)
    self.init(rows: rows, columns: columns, countIncludePad: countIncludePad)
  }

  /// A pooling of these two axes. Caffe looks at both: a padding along either clips the last windows of
  /// both.
  public init(rows: Window, columns: Window, countIncludePad: Bool = false) {
    let isPadded = rows.isPadded || columns.isPadded
    self.rows = rows.rounding(rows.rounding.resolved(isPadded: isPadded))
    self.columns = columns.rounding(columns.rounding.resolved(isPadded: isPadded))
    self.countIncludePad = countIncludePad
  }

  public var rounding: Rounding { rows.rounding }

  /// The same windows rounded another way.
  func rounding(_ rounding: Rounding) -> Pooling {
    Pooling(
      rows: rows.rounding(rounding), columns: columns.rounding(rounding),
      countIncludePad: countIncludePad)
  }
}

/// The windows of both axes.
private func windows(
  _ kernelSize: Size, _ stride: Size, _ padding: Padding, _ dilation: Size, _ rounding: Rounding
) throws(GeometryError) -> (rows: Window, columns: Window) {
  (
    try Window(
      kernelSize: kernelSize.height, stride: stride.height, dilation: dilation.height,
      paddingBefore: padding.top, paddingAfter: padding.bottom, rounding: rounding),
    try Window(
      kernelSize: kernelSize.width, stride: stride.width, dilation: dilation.width,
      paddingBefore: padding.left, paddingAfter: padding.right, rounding: rounding)
  )
}

/// Both axes of a relation with their extents. A tap in two dimensions is a pair of taps, one of
/// each axis.
public struct Geometry: Hashable, Sendable {
  public let rows: Axis
  public let columns: Axis

  /// The size of the (forward) input.
  public var inputSize: Size { Size(height: rows.inputSize, width: columns.inputSize) }
  /// The size of the (forward) output.
  public var outputSize: Size { Size(height: rows.outputSize, width: columns.outputSize) }
  /// The size of what comes out, whichever way the taps are read.
  public var resultSize: Size { Size(height: rows.resultSize, width: columns.resultSize) }
}
