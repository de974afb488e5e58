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
