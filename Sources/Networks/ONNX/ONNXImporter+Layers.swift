internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// The layers that nodes become, and the tensors that go with them.
extension ONNXImporter {
  /// Adds a layer for a node.
  ///
  /// - Parameters:
  ///   - weight: the tensor after which it may be called.
  ///   - extents: the shape in which its maps are seen; (batch, channels, height, width) if nil.
  mutating func add(
    _ operation: Network.Operation, _ inputs: [ONNXMaps], for node: ONNXNode, weight: String? = nil,
    part: String = "", extents: [Int]? = nil
  ) throws -> ONNXMaps {
    try add(
      operation, inputs, name: names.name(of: node, weight: weight, part: part), extents: extents)
  }

  mutating func add(
    _ operation: Network.Operation, _ inputs: [ONNXMaps], name: String, extents: [Int]? = nil
  ) throws -> ONNXMaps {
    let layer = Network.Layer(name: name, operation: operation, inputs: inputs.map(\.layer))
    layers.append(layer)
    let shape = try shape(of: layer, inputs)
    let batch = inputs[0].batch
    let usual = shape.map { [batch, $0.channels, $0.size.height, $0.size.width] } ?? []
    return try ONNXMaps(
      layer: name, shape: shape, batch: batch, extents: extents ?? usual,
      isChannelsLast: extents != nil && inputs[0].isChannelsLast
    ).checked()
  }

  /// Adds tensors to the layer that was added last.
  ///
  /// - Parameter sources: the names of the values that they are, as far as they are the file's.
  mutating func attach(_ tensors: [String: WeightEntry], sources: [String: String?] = [:]) {
    guard let layer = layers.last?.name else { return }
    for (part, entry) in tensors {
      weights["\(layer).\(part)"] = entry.renamed("\(layer).\(part)")
      if let source = sources[part], let source { sharing.note("\(layer).\(part)", source) }
    }
  }

  /// The shape of a layer's maps; nil behind an operator that is unknown.
  private func shape(of layer: Network.Layer, _ inputs: [ONNXMaps]) throws -> MapShape? {
    if case .unknown = layer.operation { return nil }
    let shapes = inputs.compactMap(\.shape)
    guard shapes.count == inputs.count else { return nil }
    do throws(GeometryError) {
      switch layer.operation {
      case .sum, .product, .maximum, .concatenate:
        // One of them may be a single cell.
        let size = Size(
          height: shapes.map(\.size.height).max()!, width: shapes.map(\.size.width).max()!)
        return layer.operation.channels(of: shapes.map(\.channels)).map {
          MapShape(channels: $0, size: size)
        }
      case _ where layer.operation.takesSizeOfSecond:
        return MapShape(channels: shapes[0].channels, size: shapes[1].size)
      default:
        // The layer alone, on a picture that is what it reads.
        let picture = Network.Layer(
          name: layer.inputs[0], operation: .input(channels: shapes[0].channels), inputs: [])
        return try Network(title, layers: [picture, layer]).shapes(input: shapes[0].size).last
      }
    } catch {
      // All layers together know which picture would do.
      _ = try network.knownShapes(input: size)
      throw error
    }
  }

  /// Refuses maps of different sizes for a layer that needs equal ones, in the words of all networks.
  mutating func refuseDifferentSizes(
    _ maps: [ONNXMaps], _ operation: Network.Operation, _ node: ONNXNode
  ) throws {
    guard maps.contains(where: { $0.shape?.size != maps[0].shape?.size }) else { return }
    _ = try add(operation, maps, for: node)
    _ = try network.knownShapes(input: size)
  }

  // MARK: Biases of matrix products

  /// Remembers that the last layer is a matrix product, whose bias may follow as a sum.
  mutating func rememberProduct(_ output: String) { products[output] = layers.count - 1 }

  /// Gives a matrix product the bias that is added to it; false if something else reads it too.
  mutating func addBias(_ bias: WeightEntry, from source: String?, toProduct output: String) -> Bool
  {
    guard let index = products[output], readers[output] == 1,
      case .convolution(let convolution, let outputs, false, let relu) = layers[index].operation
    else { return false }
    let layer = layers[index]
    layers[index] = Network.Layer(
      name: layer.name,
      operation: .convolution(convolution, outputs: outputs, bias: true, relu: relu),
      inputs: layer.inputs)
    weights["\(layer.name).bias"] = bias.renamed("\(layer.name).bias")
    if let source { sharing.note("\(layer.name).bias", source) }
    return true
  }
}
