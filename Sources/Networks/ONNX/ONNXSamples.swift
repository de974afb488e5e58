internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// The sizes of a network's maps for some pictures beside the one that it is read for.
///
/// What a file computes from the sizes of maps is computed for these pictures too; so it is seen what it
/// follows: whether it is one number for all, or the size of another map at each of them. Exporters write
/// the same in many ways, and this does not ask how.
struct ONNXSamples {
  /// The pictures: those that follow each other tell apart what steps of layers round, the far ones what
  /// grows.
  let pictures: [Size]
  private var sizes: [String: [Size?]] = [:]
  private var single: Set<String> = []
  private var done = 0

  init(around size: Size, isLine: Bool) {
    func extents(_ extent: Int, _ turn: Int) -> [Int] {
      let smaller = [extent / 2, extent / 2 + 1, extent * 2 / 3, extent - 1, extent - 2]
      let larger = [2 * extent + 1, 3 * extent + 2, 5 * extent + 3].map { $0 + turn }
      // In another order for the other axis, so that the axes are not taken for each other.
      let near = (0..<28).map { extent + ($0 * (turn == 0 ? 1 : 5) + turn) % 28 }
      return (smaller + near + larger).map { max($0, 1) }
    }
    let across = extents(size.width, 0)
    let down = isLine ? across.map { _ in 1 } : extents(size.height, 3)
    pictures = zip(down, across).map { Size(height: $0, width: $1) }
  }

  /// The sizes of a layer's maps, one for each picture; nil where a layer before it has no window.
  mutating func sizes(of name: String, _ network: ONNXImporter) -> [Size?] {
    for layer in network.layers[min(done, network.layers.count)...] {
      if layer.hasOneCell(behind: single) { single.insert(layer.name) }
      let read = layer.inputs.map { sizes[$0] }
      let stand =
        network.stretching[layer.name].map {
          Network.Layer(name: layer.name, operation: $0, inputs: layer.inputs)
        } ?? layer
      sizes[layer.name] = pictures.indices.map { picture in
        if case .unknown = layer.operation { return nil }
        let inputs = read.compactMap { $0?[picture] }
        guard inputs.count == read.count else { return nil }
        guard !inputs.isEmpty else { return pictures[picture] }
        let first = stand.wideInputs(single)[0]
        guard
          let height = try? stand.extent(
            inputs: inputs.map(\.height), along: .height, first: first),
          let width = try? stand.extent(inputs: inputs.map(\.width), along: .width, first: first)
        else { return nil }
        return Size(height: height, width: width)
      }
    }
    done = network.layers.count
    return sizes[name] ?? pictures.map { _ in nil }
  }

  /// Says how large the maps of the last layer are, which was made for one picture.
  mutating func set(_ name: String, _ sizes: [Size?], _ network: ONNXImporter) {
    _ = self.sizes(of: name, network)
    self.sizes[name] = sizes
  }

  /// Forgets the last layer, which is to be replaced.
  mutating func removeLast(_ name: String) {
    sizes[name] = nil
    single.remove(name)
    done -= 1
  }

  /// The layer that is as large as this at every picture, the picture itself before others, of those the
  /// latest; nil if there is none.
  func layer(as large: [Size?], among layers: [Network.Layer]) -> String? {
    guard large.count(where: { $0 != nil }) >= 8 else { return nil }
    func isAlike(_ name: String) -> Bool {
      guard let sizes = sizes[name] else { return false }
      return zip(sizes, large).allSatisfy { $0 == $1 || $1 == nil }
    }
    if let picture = layers.first?.name, isAlike(picture) { return picture }
    return layers.reversed().first { isAlike($0.name) }?.name
  }
}

extension ONNXConstant {
  /// The same for another picture; nil if its numbers are not known there.
  func sample(_ picture: Int) -> ONNXConstant? {
    guard let samples else { return self }
    return samples[picture].map { ONNXConstant($0, extents: extents) }
  }

  /// Whether it is another for other pictures.
  var followsPicture: Bool {
    guard let samples else { return false }
    return !samples.allSatisfy { $0 != nil && $0?.floats == samples[0]?.floats }
  }
}

extension ONNXArguments {
  /// Its known numbers as they are for another picture; nil if some are not known there.
  func constants(_ picture: Int) -> [ONNXConstant?]? {
    var result: [ONNXConstant?] = []
    for constant in constants {
      guard let constant else {
        result.append(nil)
        continue
      }
      guard let sample = constant.sample(picture) else { return nil }
      result.append(sample)
    }
    return result
  }

  /// The number of pictures for which there are samples; 0 if all that it reads is one for all.
  var samples: Int { constants.compactMap { $0?.samples?.count }.first ?? 0 }
}

/// What a file computes from the sizes of maps, for other pictures too.
extension ONNXImporter {
  /// Results with what they are for other pictures, where what the node reads is other there.
  func sampled(
    _ results: [ONNXConstant], _ node: ONNXNode, _ constants: [ONNXConstant?]
  ) -> [ONNXConstant] {
    let read = constants.compactMap(\.self)
    guard read.contains(where: { $0.samples != nil }), results.allSatisfy({ $0.count <= 1024 }),
      read.allSatisfy({ $0.count <= 1024 })
    else { return results }
    var results = results
    for index in results.indices { results[index].samples = [] }
    for picture in samples.pictures.indices {
      let inputs = constants.map { $0?.sample(picture) }
      // Each of them is a computation of its own, bounded like the first.
      var folding = ONNXFolding()
      let isKnown = zip(inputs, constants).allSatisfy { ($0 == nil) == ($1 == nil) }
      let made = isKnown ? (try? folding.results(node, inputs)) ?? nil : nil
      for index in results.indices {
        var numbers: ONNXConstant.Numbers?
        if let other = made?[index], other.extents == results[index].extents {
          numbers = (try? other.numbers()) ?? nil
        }
        results[index].samples!.append(numbers)
      }
    }
    return results
  }

  /// What a Shape node would tell of maps for other pictures.
  mutating func extents(of maps: ONNXMaps) -> [[Int]?] {
    let sizes = sizes(of: maps.layer)
    return sizes.map { size in
      guard let size, let shape = maps.shape else { return nil }
      guard let roles = maps.roles else {
        // Maps in a row, whole or channel by channel.
        return switch maps.extents {
        case [maps.batch, shape.channels * shape.size.area]:
          [maps.batch, shape.channels * size.area]
        case [maps.batch, shape.channels, shape.size.area]:
          [maps.batch, shape.channels, size.area]
        default: nil
        }
      }
      return zip(maps.extents, roles).map { extent, role in
        switch role {
        case .height: size.height
        case .width: size.width
        case .batch, .channel, nil: extent
        }
      }
    }
  }

  /// The sizes of a layer's maps for other pictures.
  mutating func sizes(of layer: String) -> [Size?] {
    var samples = samples
    defer { self.samples = samples }
    return samples.sizes(of: layer, self)
  }

  /// Notes that a layer is right for this picture alone.
  ///
  /// - Parameters:
  ///   - sizes: how large its maps are for the others; nil if the layer tells it.
  ///   - isBlind: whether no rule tells how large they are for all.
  mutating func bind(_ layer: String, at sizes: [Size?]? = nil, isBlind: Bool = true) {
    if let sizes {
      var samples = samples
      samples.set(layer, sizes, self)
      self.samples = samples
    }
    var bound = bound ?? Network.Bound(size: size, layers: [], blind: [])
    bound.layers.append(layer)
    if isBlind { bound.blind.append(layer) }
    self.bound = bound
  }

  /// Binds a layer whose numbers, and not those of its shape, were computed from the picture's size.
  mutating func bindNumbers(_ x: ONNXArguments, _ layer: String) {
    let shaping = [
      "Resize", "Upsample", "Slice", "Pad", "Flatten", "Squeeze", "Unsqueeze", "Expand", "Split",
    ]
    var isBlock = false
    if case .pixelShuffle = layers.last?.operation { isBlock = true }
    guard !shaping.contains(x.node.type), x.node.type != "Reshape" || isBlock,
      x.constants.contains(where: { $0?.followsPicture ?? false })
    else { return }
    bind(layer, isBlind: isBlock)
  }
}
