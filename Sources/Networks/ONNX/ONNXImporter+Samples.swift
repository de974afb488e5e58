internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors

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
