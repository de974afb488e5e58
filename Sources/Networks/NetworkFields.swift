public import ConvolutionArithmetic

extension Network {
  /// The layers from the picture to `name` along one axis, following the first input of each layer:
  /// for a fused map that is the coarse stream, for a cropped map the stream that is cropped. Layers
  /// that move no cell (a sum, dropout) are left out.
  public func path(to name: String) throws(GeometryError) -> [AxisLayer] {
    guard let layer = self[name] else {
      throw GeometryError("\(self.name) has no layer \(name)")
    }
    guard let first = layer.inputs.first else { return [] }
    let path = try path(to: first)
    return if let last = try axisLayer(layer) { path + [last] } else { path }
  }

  /// Where a picture's pixels lie on a layer's cells. Rows and columns have the same map.
  public func coordinateMap(of name: String) throws(GeometryError) -> CoordinateMap {
    try path(to: name).coordinateMap()
  }

  /// How many cells a crop layer takes off before, so that its two inputs lie on each other.
  ///
  /// It is derived from the coordinate maps of both inputs and never written down: 5, 9 and 31 in
  /// FCN-8s, 5 and 27 in FCN-16s, 19 in FCN-32s, 18 in FCN-AlexNet.
  ///
  /// - Throws: `GeometryError` if no whole offset aligns the two.
  public func cropOffset(of layer: Layer) throws(GeometryError) -> Int {
    try ConvolutionArithmetic.cropOffset(
      of: coordinateMap(of: layer.inputs[0]), to: coordinateMap(of: layer.inputs[1]))
  }

  /// The layers along one axis with all their branches, from the picture to the last of them; its nodes
  /// are ``layers`` in their order.
  public func axisGraph() throws(GeometryError) -> AxisGraph {
    var graph = AxisGraph()
    var nodes = [layers[0].name: graph.input]
    for layer in layers.dropFirst() {
      // A crop takes nothing but its size from its second input.
      let inputs = layer.inputs.map { nodes[$0]! }
      nodes[layer.name] =
        if let moving = try axisLayer(layer) { graph.add(moving, reading: inputs[0]) } else {
          graph.join(inputs)
        }
    }
    return graph
  }

  /// What a cell of a layer sees of the picture, by whichever stream.
  ///
  /// - Throws: `GeometryError` as ``axisGraph()`` and `AxisGraph.receptiveField(of:)`.
  public func receptiveField(of name: String) throws(GeometryError) -> ReceptiveField {
    guard let index = layers.firstIndex(where: { $0.name == name }) else {
      throw GeometryError("\(self.name) has no layer \(name)")
    }
    let graph = try Network(self.name, layers: Array(layers[...index])).axisGraph()
    return try graph.receptiveField(of: graph.last)
  }

  private func axisLayer(_ layer: Layer) throws(GeometryError) -> AxisLayer? {
    switch layer.operation {
    case .convolution, .maxPool, .transposedConvolution:
      return layer.operation.window.map { AxisLayer(layer.name, $0) }
    case .crop:
      return try .crop(layer.name, offset: cropOffset(of: layer))
    case .input, .normalization, .dropout, .scale, .sum, .concatenate:
      return nil
    }
  }
}
