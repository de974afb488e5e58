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
  /// The number of channels that each layer gives, by layer name. They do not depend on the picture.
  public var channels: [String: Int] {
    layers.reduce(into: [:]) { channels, layer in
      let inputs = layer.inputs.map { channels[$0]! }
      channels[layer.name] =
        switch layer.operation {
        case .input(let count): count
        case .convolution(_, let outputs, _, _), .transposedConvolution(_, let outputs, _): outputs
        case .concatenate: inputs.reduce(0, +)
        default: inputs[0]
        }
    }
  }

  /// The shape of each layer's maps for a picture of this size, in the order of ``layers``.
  ///
  /// - Throws: `GeometryError` that names the layer in which no window fits any more.
  public func shapes(input size: Size) throws(GeometryError) -> [MapShape] {
    do {
      return try shapesAsTheyCome(input: size)
    } catch {
      throw GeometryError(error.description + advice(for: size))
    }
  }

  private func shapesAsTheyCome(input size: Size) throws(GeometryError) -> [MapShape] {
    let channels = channels
    var sizes: [String: Size] = [:]
    var result: [MapShape] = []
    for layer in layers {
      let output: Size
      do throws(GeometryError) {
        try check(layer, channels: layer.inputs.map { channels[$0]! })
        output = try outputSize(of: layer, inputs: layer.inputs.map { sizes[$0]! }, picture: size)
      } catch {
        throw GeometryError("\(name) on a picture of \(size), layer \(layer.name): \(error)")
      }
      sizes[layer.name] = output
      result.append(MapShape(channels: channels[layer.name]!, size: output))
    }
    return result
  }

  /// The smallest size, from a picture's on, for which every window has its cells and all crops of the
  /// network fit.
  ///
  /// The full-size FCNs take every picture. With a smaller fc6 a skip may end before the stream that it
  /// is added to: an FCN-8s with kernels 3×3 takes only every second run of 16 pixels. A picture that is
  /// continued to this size with zeros, below and to the right, is one that has more padding there.
  ///
  /// - Throws: `GeometryError` if no such size will do.
  public func workableSize(for picture: Size) throws(GeometryError) -> Size {
    guard let height = workableExtent(from: picture.height, along: .height),
      let width = workableExtent(from: picture.width, along: .width)
    else {
      _ = try shapes(input: picture)
      return picture
    }
    return Size(height: height, width: width)
  }

  /// The smallest extent, not below `least`, of a picture that goes through along an axis; nil if none
  /// is found.
  ///
  /// Below the smallest input of a layer's own path nothing goes through; above it what fits repeats with
  /// the jump of the coarsest layer.
  private func workableExtent(from least: Int, along axis: Axis) -> Int? {
    func works(_ extent: Int) -> Bool { (try? extents(input: extent, along: axis)) != nil }
    if works(least) { return least }
    // The way to a layer that another one reads first is a part of the way to that one.
    let passed = Set(layers.compactMap(\.inputs.first))
    let ends = layers.filter { !passed.contains($0.name) }
    let smallest =
      ends.compactMap { (try? path(to: $0.name, along: axis))?.smallestInput() }.max() ?? 1
    let first = max(least, smallest)
    return (first...first + 127).first(where: works)
  }

  /// The next size that goes through, in words.
  private func advice(for picture: Size) -> String {
    guard let leastHeight = workableExtent(from: 1, along: .height),
      let leastWidth = workableExtent(from: 1, along: .width)
    else { return "" }
    let least = Size(height: leastHeight, width: leastWidth)
    if picture.height < least.height || picture.width < least.width {
      return isOneDimensional
        ? "; the input needs at least \(least.width) cells"
        : least.height == least.width
          ? "; the picture needs at least \(least.height) pixels each way"
          : "; the picture needs at least \(least) pixels"
    }
    // An axis that fits by itself stays as it is.
    guard let height = workableExtent(from: picture.height, along: .height),
      let width = workableExtent(from: picture.width, along: .width)
    else { return "" }
    let next = Size(height: height, width: width)
    guard next != picture else { return "" }
    if isOneDimensional { return "; the next longer input that goes through is \(width)" }
    return next.height == next.width && picture.height == picture.width
      ? "; the next larger extent that goes through is \(height)"
      : "; the next larger size that goes through is \(next)"
  }

  /// The extents of all layers along one axis.
  private func extents(input: Int, along axis: Axis) throws(GeometryError) -> [Int] {
    var extents: [String: Int] = [:]
    return try layers.map { (layer) throws(GeometryError) in
      let inputs = layer.inputs.map { extents[$0]! }
      let output = try extent(of: layer, inputs: inputs, picture: input, along: axis)
      if layer.operation == .sum || layer.operation == .concatenate,
        inputs.contains(where: { $0 != output })
      {
        throw GeometryError("the streams have different extents, \(inputs)")
      }
      if case .crop = layer.operation, try cropOffset(of: layer, along: axis) + output > inputs[0] {
        throw GeometryError("the crop does not fit")
      }
      extents[layer.name] = output
      return output
    }
  }

  private func extent(
    of layer: Layer, inputs: [Int], picture: Int, along axis: Axis
  ) throws(GeometryError) -> Int {
    if let window = try layer.operation.window(along: axis) {
      return try window.outputSize(input: inputs[0])
    }
    return switch layer.operation {
    case .input: picture
    case .globalPool: 1
    case .crop: inputs[1]
    default: inputs[0]
    }
  }

  private func outputSize(
    of layer: Layer, inputs: [Size], picture: Size
  ) throws(GeometryError) -> Size {
    switch layer.operation {
    case .crop:
      let offset = try cropOffsets(of: layer)
      guard offset.height + inputs[1].height <= inputs[0].height,
        offset.width + inputs[1].width <= inputs[0].width
      else {
        let place = offset.height == offset.width ? "\(offset.height)" : "\(offset)"
        throw GeometryError(
          "a crop of \(inputs[1]) at offset \(place) does not fit into \(inputs[0])")
      }
    case .sum, .concatenate:
      if let other = inputs.first(where: { $0 != inputs[0] }) {
        throw GeometryError("the streams have different sizes, \(inputs[0]) and \(other)")
      }
    default: break
    }
    return Size(
      height: try extent(
        of: layer, inputs: inputs.map(\.height), picture: picture.height, along: .height),
      width: try extent(
        of: layer, inputs: inputs.map(\.width), picture: picture.width, along: .width))
  }

  /// Refuses channels that a layer cannot take.
  private func check(_ layer: Layer, channels: [Int]) throws(GeometryError) {
    switch layer.operation {
    case .convolution(let convolution, let outputs, _, _),
      .transposedConvolution(let convolution, let outputs, _):
      let groups = convolution.groups
      guard channels[0] % groups == 0, outputs % groups == 0 else {
        throw GeometryError(
          "\(groups) groups must divide its \(channels[0]) input channels and \(outputs) outputs")
      }
    case .sum:
      guard channels[0] == channels[1] else {
        throw GeometryError(
          "a sum is of equally many channels, and these are \(channels[0]) and \(channels[1])")
      }
    default: break
    }
  }
}
