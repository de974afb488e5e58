/// A named layer along one axis, so that a network is a list of them.
///
/// ```swift
/// let stack = [
///   AxisLayer("conv1", try Window(kernelSize: 3, padding: 1)),
///   AxisLayer("pool1", try Window(kernelSize: 2, stride: 2, rounding: .ceil)),
/// ]
/// try stack.sizes(input: 5)        // [5, 3]
/// ```
public struct AxisLayer: Hashable, Sendable {
  /// What a layer does to the cells of an axis.
  public enum Operation: Hashable, Sendable {
    /// A convolution, a pooling or a transposed convolution.
    case window(Window)
    /// The cells from `offset` on; `size` of them, or all the rest.
    case crop(offset: Int, size: Int?)
  }

  /// The name by which the network calls it.
  public let name: String
  public let operation: Operation

  public init(_ name: String, _ window: Window) {
    (self.name, operation) = (name, .window(window))
  }

  /// A crop of `size` cells from `offset` on, or of all the rest.
  public static func crop(
    _ name: String, offset: Int, size: Int? = nil
  ) throws(GeometryError) -> AxisLayer {
    try require("the crop offset", offset, atLeast: 0)
    if let size { try require("the cropped size", size, atLeast: 1) }
    return AxisLayer(name: name, operation: .crop(offset: offset, size: size))
  }

  private init(name: String, operation: Operation) {
    (self.name, self.operation) = (name, operation)
  }

  /// What slides, if the layer has a window.
  public var window: Window? { if case .window(let window) = operation { window } else { nil } }

  /// The number of cells that come out of `input` cells.
  ///
  /// - Throws: ``GeometryError`` if there would be none.
  public func outputSize(input: Int) throws(GeometryError) -> Int {
    switch operation {
    case .window(let window):
      return try window.outputSize(input: input)
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
    case .window(let window): CoordinateMap(window)
    case .crop(let offset, _): CoordinateMap(cropping: offset)
    }
  }

  /// The smallest input size with at least `output` cells coming out; nil if none has.
  public func leastInput(reaching output: Int) -> Int? {
    switch operation {
    case .window(let window):
      return window.leastInput(reaching: output)
    case .crop(let offset, let size):
      let needed = size ?? output
      guard output <= needed, needed <= largestExtent else { return nil }
      return offset + max(1, needed)
    }
  }
}

/// A stack of layers is a list of them, first layer first.
extension [AxisLayer] {
  /// The size after each layer.
  ///
  /// - Throws: ``GeometryError`` that names the layer from which nothing comes out.
  public func sizes(input: Int) throws(GeometryError) -> [Int] {
    var sizes: [Int] = []
    var size = input
    for layer in self {
      do {
        size = try layer.outputSize(input: size)
      } catch {
        throw GeometryError("\(layer.name): \(error)")
      }
      sizes.append(size)
    }
    return sizes
  }

  /// The size after the last layer.
  ///
  /// - Throws: ``GeometryError`` that names the layer from which nothing comes out.
  public func outputSize(input: Int) throws(GeometryError) -> Int {
    try sizes(input: input).last ?? input
  }

  /// The coordinate map from the input to the output of each layer.
  ///
  /// - Throws: ``GeometryError`` if exact numbers do not fit 64 bits.
  public func coordinateMaps() throws(GeometryError) -> [CoordinateMap] {
    var maps: [CoordinateMap] = []
    var map = CoordinateMap.identity
    for layer in self {
      map = try map.then(layer.coordinateMap)
      maps.append(map)
    }
    return maps
  }

  /// The coordinate map from the input to the output of the stack.
  ///
  /// - Throws: ``GeometryError`` if exact numbers do not fit 64 bits.
  public func coordinateMap() throws(GeometryError) -> CoordinateMap {
    try coordinateMaps().last ?? .identity
  }

  /// The smallest input for which the whole stack has an output; nil if there is none.
  ///
  /// Found backwards: each layer tells the smallest input with enough cells for the next. That is
  /// enough, because no layer's output shrinks as its input grows.
  public func smallestInput() -> Int? { leastInput(reaching: 1) }

  /// The input sizes from which exactly `output` cells come out; nil if there are none.
  public func inputSizes(output: Int) -> ClosedRange<Int>? {
    guard output >= 1, output < largestExtent, let least = leastInput(reaching: output) else {
      return nil
    }
    let next = leastInput(reaching: output + 1) ?? largestExtent + 1
    return least < next ? least...(next - 1) : nil
  }

  private func leastInput(reaching output: Int) -> Int? {
    var size = output
    for layer in reversed() {
      guard let least = layer.leastInput(reaching: size) else { return nil }
      size = least
    }
    return size
  }
}
