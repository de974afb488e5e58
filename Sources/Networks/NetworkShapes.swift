public import ConvolutionArithmetic
public import Tensors

/// The shape of the maps that one layer gives for one picture.
public struct MapShape: Hashable, Sendable, CustomStringConvertible {
  /// The number of maps.
  public var channels: Int
  /// The size of each.
  public var size: Size

  /// So many maps of this size.
  public init(channels: Int, size: Size) {
    self.channels = channels
    self.size = size
  }

  /// `21×500×500`: channels, height, width.
  public var description: String { "\(channels)×\(size)" }
}

extension Network {
  /// The first layer that the book does not have; see ``Layer/whyUnknown``.
  public var unknownLayer: Layer? {
    layers.first { if case .unknown = $0.operation { true } else { false } }
  }

  /// The shape of each layer's maps for a picture of this size, in the order of ``layers``.
  ///
  /// - Throws: `GeometryError` that names the layer in which no window fits any more, or that the book
  ///   does not have.
  public func shapes(input size: Size) throws(GeometryError) -> [MapShape] {
    if let layer = unknownLayer {
      throw GeometryError("\(name), layer \(layer.whyUnknown!)")
    }
    return try knownShapes(input: size).map { $0! }
  }

  /// The shapes, nil for unknown layers and for all that read one.
  ///
  /// - Throws: `GeometryError` that names the layer in which no window fits any more.
  public func knownShapes(input size: Size) throws(GeometryError) -> [MapShape?] {
    try checkBound(size)
    do {
      return try shapesAsTheyCome(input: size)
    } catch {
      throw GeometryError(error.description + advice(for: size))
    }
  }

  private func shapesAsTheyCome(input size: Size) throws(GeometryError) -> [MapShape?] {
    let channels = channels
    let (rows, columns) = (NetworkAxis(self, along: .height), NetworkAxis(self, along: .width))
    var sizes: [Size?] = []
    var result: [MapShape?] = []
    for (index, layer) in layers.enumerated() {
      guard let count = channels[layer.name] else {
        sizes.append(nil)
        result.append(nil)
        continue
      }
      let inputs = rows.inputs[index].map { sizes[$0]! }
      var (down, across): ([NetworkAxis.Demand], [NetworkAxis.Demand]) = ([], [])
      do throws(GeometryError) {
        var output = size
        if !inputs.isEmpty {
          try layer.check(channels: layer.inputs.map { channels[$0]! })
          output = Size(
            height: try rows.extent(of: index, inputs: inputs.map { $0.height }, &down),
            width: try columns.extent(of: index, inputs: inputs.map { $0.width }, &across))
        }
        guard (down + across).allSatisfy({ $0.isMet || $0.isStrict }) else {
          throw try misfit(of: layer, inputs: inputs)
        }
        sizes.append(output)
        result.append(MapShape(channels: count, size: output))
      } catch {
        throw GeometryError("\(name) on a picture of \(size), layer \(layer.name): \(error)")
      }
    }
    return result
  }

  /// Why a layer cannot take maps of these sizes.
  private func misfit(of layer: Layer, inputs: [Size]) throws(GeometryError) -> GeometryError {
    func short(_ size: Size) -> String {
      size.height == size.width ? "\(size.height)" : "\(size)"
    }
    switch layer.operation {
    case .crop:
      let offset = short(try cropOffsets(of: layer))
      return GeometryError(
        "a crop of \(inputs[1]) at offset \(offset) does not fit into \(inputs[0])")
    case .cut(let offset, let size):
      return GeometryError(
        "\(short(size)) cells from cell \(short(offset)) on do not lie in \(short(inputs[0]))")
    case .pad(let padding, _):
      return GeometryError(
        "a map of \(inputs[0]) cannot be mirrored over a padding of \(padding); it must be below the "
          + "size")
    default:
      let wide = layer.wideInputs(oneCellLayers).map { inputs[$0] }
      let other = wide.first { $0 != wide[0] } ?? wide[0]
      return GeometryError(
        "the streams have different sizes, \(wide[0]) and \(other); crop the one or pad the other "
          + "(convbook fit tells where and by how much)")
    }
  }

  /// The smallest size, from a picture's on, for which every window has its cells and all crops of the
  /// network fit.
  ///
  /// The full-size FCNs take every picture. With a smaller fc6 a skip may end before the stream that it
  /// is added to: an FCN-8s with kernels 3×3 takes only every second run of 16 pixels. A picture that is
  /// continued to this size with zeros, below and to the right, is one that has more padding there.
  ///
  /// - Parameter comingBack: whether what comes out must be as large as the picture; if no size does
  ///   that, the smallest one that goes through at all is returned.
  /// - Throws: `GeometryError` if no such size will do.
  public func workableSize(
    for picture: Size, comingBack: Bool = false
  ) throws(GeometryError) -> Size {
    // Of what follows no rule nobody knows another size.
    if let bound, !bound.blind.isEmpty {
      try checkBound(picture)
      return picture
    }
    if comingBack,
      let height = workableExtent(from: picture.height, along: .height, comingBack: true),
      let width = workableExtent(from: picture.width, along: .width, comingBack: true)
    {
      return Size(height: height, width: width)
    }
    guard let height = workableExtent(from: picture.height, along: .height),
      let width = workableExtent(from: picture.width, along: .width)
    else {
      _ = try shapes(input: picture)
      return picture
    }
    return Size(height: height, width: width)
  }

  /// The smallest extent, not below `least`, of a picture that goes through along an axis; nil if there
  /// is none.
  private func workableExtent(
    from least: Int, along axis: Axis, comingBack: Bool = false
  ) -> Int? {
    let line = NetworkAxis(self, along: axis, isStretched: bound != nil)
    if line.passes(least), !comingBack || line.output(input: least) == least { return least }
    return try? (comingBack ? line.fit().same : line.fit().passing).next(atLeast: least)
  }

  /// The next size that goes through, in words.
  private func advice(for picture: Size) -> String {
    // Layers that were made for this size would be others for the size that is advised.
    let network = with(
      layers.map { layer in
        Layer(
          name: layer.name, operation: stretching[layer.name] ?? layer.operation,
          inputs: layer.inputs)
      })
    func next(_ picture: Size) -> Size? {
      // An axis that fits by itself stays as it is.
      guard let height = network.workableExtent(from: picture.height, along: .height),
        let width = network.workableExtent(from: picture.width, along: .width)
      else { return nil }
      return Size(height: height, width: width)
    }
    guard let least = next(1) else {
      let isHopeless = [Axis.height, .width].contains { axis in
        let line = NetworkAxis(network, along: axis)
        return line.least == nil || (try? line.fit().passing.isEmpty) ?? false
      }
      return isHopeless
        ? "; no other size of the \(isOneDimensional ? "input" : "picture"), up to \(largestExtent), goes "
          + "through" : ""
    }
    if picture.height < least.height || picture.width < least.width {
      return isOneDimensional
        ? "; the input needs at least \(counted(least.width, "cell"))"
        : least.height == least.width
          ? "; the picture needs at least \(counted(least.height, "pixel")) each way"
          : "; the picture needs at least \(least) pixels"
    }
    guard let next = next(picture), next != picture else { return "" }
    if isOneDimensional { return "; the next longer input that goes through is \(next.width)" }
    return next.height == next.width && picture.height == picture.width
      ? "; the next larger extent that goes through is \(next.height)"
      : "; the next larger size that goes through is \(next)"
  }

  /// The layers whose maps have one cell, whatever the picture: global pools and what keeps their size.
  var oneCellLayers: Set<String> {
    layers.reduce(into: []) { if $1.hasOneCell(behind: $0) { $0.insert($1.name) } }
  }
}
