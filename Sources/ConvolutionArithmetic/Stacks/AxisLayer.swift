/// A named layer along one axis, so that a network is a list of them.
///
/// ```swift
/// let stack = [
///   try AxisLayer.convolution("conv1", kernelSize: 3, padding: 1),
///   try AxisLayer.pooling("pool1", kernelSize: 2, stride: 2, rounding: .ceil),
/// ]
/// try stack.sizes(input: 5)        // [5, 3]
/// ```
public struct AxisLayer: Hashable, Sendable {
  /// What a layer does to the cells of an axis.
  public enum Operation: Hashable, Sendable {
    /// A convolution or pooling: a window slides.
    case window(Window, rounding: Rounding)
    /// A transposed convolution.
    case transposed(TransposedWindow)
    /// The cells from `offset` on; `size` of them, or all the rest.
    case crop(offset: Int, size: Int?)
  }

  /// The name by which the network calls it.
  public let name: String
  /// What it does.
  public let operation: Operation

  /// A layer with its name.
  public init(_ name: String, _ operation: Operation) {
    (self.name, self.operation) = (name, operation)
  }

  /// A convolution.
  public static func convolution(
    _ name: String, kernelSize: Int, stride: Int = 1, dilation: Int = 1, padding: Int = 0
  ) throws(GeometryError) -> AxisLayer {
    let window = try Window(
      kernelSize: kernelSize, stride: stride, dilation: dilation, padding: padding)
    return AxisLayer(name, .window(window, rounding: .floor))
  }

  /// A pooling.
  public static func pooling(
    _ name: String, kernelSize: Int, stride: Int, padding: Int = 0, rounding: Rounding = .floor
  ) throws(GeometryError) -> AxisLayer {
    let window = try Window(kernelSize: kernelSize, stride: stride, padding: padding)
    return AxisLayer(name, .window(window, rounding: rounding))
  }

  /// A transposed convolution; `padding` is the forward convolution's.
  public static func transposedConvolution(
    _ name: String, kernelSize: Int, stride: Int = 1, dilation: Int = 1, padding: Int = 0,
    outputPadding: Int = 0
  ) throws(GeometryError) -> AxisLayer {
    AxisLayer(
      name,
      .transposed(
        try TransposedWindow(
          kernelSize: kernelSize, stride: stride, dilation: dilation, padding: padding,
          outputPadding: outputPadding)))
  }

  /// A crop of `size` cells from `offset` on, or of all the rest.
  public static func crop(
    _ name: String, offset: Int, size: Int? = nil
  ) throws(GeometryError) -> AxisLayer {
    try require("the crop offset", offset, atLeast: 0)
    if let size { try require("the cropped size", size, atLeast: 1) }
    return AxisLayer(name, .crop(offset: offset, size: size))
  }

  /// The number of cells that come out of `input` cells.
  ///
  /// - Throws: ``GeometryError`` if there would be none.
  public func outputSize(input: Int) throws(GeometryError) -> Int {
    switch operation {
    case .window(let window, let rounding):
      return try window.outputSize(input: input, rounding: rounding)
    case .transposed(let transposed):
      return try transposed.outputSize(input: input)
    case .crop(let offset, let size):
      try require("the input size", input, atLeast: 1)
      let output = size ?? (input - offset)
      guard output >= 1, output <= input - offset else {
        throw GeometryError(
          "a crop of \(size.map { "\($0) cells" } ?? "the rest") from offset \(offset) does not lie "
            + "in \(input) cells; at least \(offset + (size ?? 1)) are needed")
      }
      return output
    }
  }

  /// Where an input position lies on the output.
  public var coordinateMap: CoordinateMap {
    switch operation {
    case .window(let window, _): CoordinateMap(window)
    case .transposed(let transposed): CoordinateMap(transposed)
    case .crop(let offset, _): CoordinateMap(cropping: offset)
    }
  }

  /// The smallest input size with at least `output` cells coming out; nil if none has.
  public func leastInput(reaching output: Int) -> Int? {
    switch operation {
    case .window(let window, let rounding):
      return window.leastInput(reaching: output, rounding: rounding)
    case .transposed(let transposed):
      return transposed.leastInput(reaching: output)
    case .crop(let offset, let size):
      let needed = size ?? output
      guard output <= needed, needed <= largestExtent else { return nil }
      return offset + max(1, needed)
    }
  }
}
