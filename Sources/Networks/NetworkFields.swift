public import ConvolutionArithmetic
public import Tensors

extension Network {
  /// The layers from the picture to `name` along one axis, following the first input of each layer:
  /// for a fused map that is the coarse stream, for a cropped map the stream that is cropped. Layers
  /// that move no cell (a sum, dropout) are left out.
  ///
  /// - Throws: `GeometryError` if there is no such layer, or one on the way sees the whole picture.
  public func path(
    to name: String, along axis: Axis = .height
  ) throws(GeometryError) -> [AxisLayer] {
    guard var layer = self[name] else {
      throw GeometryError("\(self.name) has no layer \(name)")
    }
    let places = axisPlaces(along: axis)
    var path: [AxisLayer] = []
    while true {
      if let last = try places[layer.name]!.moving() { path.append(last) }
      guard let first = layer.inputs.first else { return path.reversed() }
      layer = self[first]!
    }
  }

  /// Where a picture's pixels lie on a layer's cells, along one axis.
  public func coordinateMap(
    of name: String, along axis: Axis = .height
  ) throws(GeometryError) -> CoordinateMap {
    guard let place = axisPlaces(along: axis)[name] else {
      throw GeometryError("\(self.name) has no layer \(name)")
    }
    return try place.map.get()
  }

  /// Where every layer lies along one axis, found in one pass.
  func axisPlaces(along axis: Axis) -> [String: AxisPlace] {
    layers.reduce(into: [:]) { places, layer in
      places[layer.name] = AxisPlace(of: layer, along: axis, behind: places)
    }
  }

  /// How many cells a crop layer takes off before, so that its two inputs lie on each other, or as many
  /// as it says itself.
  ///
  /// It is derived from the coordinate maps of both inputs: 5, 9 and 31 in FCN-8s, 5 and 27 in FCN-16s,
  /// 19 in FCN-32s, 18 in FCN-AlexNet.
  ///
  /// - Throws: `GeometryError` if no whole offset aligns the two.
  public func cropOffset(
    of layer: Layer, along axis: Axis = .height
  ) throws(GeometryError) -> Int {
    try AxisPlace.cropOffset(of: layer, along: axis, behind: axisPlaces(along: axis))
  }

  /// The rows and columns that a crop layer takes off before.
  public func cropOffsets(of layer: Layer) throws(GeometryError) -> Size {
    try LayerPlaces(self).cropOffsets(of: layer)
  }

  /// The layers along one axis with all their branches, from the picture to the last of them; its nodes
  /// are ``layers`` in their order.
  ///
  /// - Throws: `GeometryError` if there is a layer without a place on the picture, as a global pool, which
  ///   sees all of it.
  public func axisGraph(along axis: Axis = .height) throws(GeometryError) -> AxisGraph {
    let (graph, nodes) = try placedLayers(along: axis)
    if let index = nodes.firstIndex(of: nil) {
      let layer = layers[index]
      throw GeometryError(
        "\(layer.name) \(try layer.operation.placelessness(along: axis) ?? "has no place")")
    }
    return graph
  }

  /// The layers that have a place on the picture, and which nodes they are; nil for a global pool and
  /// all that reads one.
  private func placedLayers(
    along axis: Axis
  ) throws(GeometryError) -> (graph: AxisGraph, nodes: [AxisGraph.Node?]) {
    let places = axisPlaces(along: axis)
    var graph = AxisGraph()
    var nodes: [String: AxisGraph.Node] = [layers[0].name: graph.input]
    for layer in layers.dropFirst() {
      // Several pictures lie on each other.
      if case .input = layer.operation { nodes[layer.name] = graph.input }
      guard !layer.inputs.isEmpty else { continue }
      // A crop and its like take nothing but their size from their second input.
      var inputs = layer.inputs.map { nodes[$0] }
      if layer.operation.takesSizeOfSecond { inputs = [inputs[0]] }
      if try layer.operation.placelessness(along: axis) != nil { continue }
      let known = inputs.compactMap { $0 }
      guard known.count == inputs.count else { continue }
      nodes[layer.name] =
        if let moving = try places[layer.name]!.moving() {
          graph.add(moving, reading: known[0])
        } else {
          graph.join(known)
        }
    }
    return (graph, layers.map { nodes[$0.name] })
  }

  /// What a cell of each layer sees of the picture along one axis; nil where that has no end, as behind
  /// a global pool, or is another for every cell, as where streams of different jumps meet.
  func receptiveFields(along axis: Axis) throws(GeometryError) -> [ReceptiveField?] {
    let (graph, nodes) = try placedLayers(along: axis)
    let fields = Dictionary(uniqueKeysWithValues: zip(graph.nodes, graph.receptiveFields()))
    return nodes.map { node in node.flatMap { try? fields[$0]?.get() } }
  }

  /// What a cell of a layer sees of the picture, by whichever stream.
  ///
  /// - Throws: `GeometryError` as ``axisGraph(along:)`` and `AxisGraph.receptiveField(of:)`.
  public func receptiveField(
    of name: String, along axis: Axis = .height
  ) throws(GeometryError) -> ReceptiveField {
    guard let index = layers.firstIndex(where: { $0.name == name }) else {
      throw GeometryError("\(self.name) has no layer \(name)")
    }
    let (graph, nodes) = try Network(self.name, layers: Array(layers[...index]))
      .placedLayers(along: axis)
    guard let node = nodes[index] else {
      throw GeometryError("\(name) sees the whole picture, or has no one place on it")
    }
    return try graph.receptiveField(of: node)
  }
}

/// Where every layer lies along both axes, found in one pass of each.
struct LayerPlaces {
  let down: [String: AxisPlace]
  let across: [String: AxisPlace]

  init(_ network: Network) {
    (down, across) = (network.axisPlaces(along: .height), network.axisPlaces(along: .width))
  }

  /// The rows and columns that a crop takes off before.
  func cropOffsets(of layer: Network.Layer) throws(GeometryError) -> Size {
    Size(
      height: try AxisPlace.cropOffset(of: layer, along: .height, behind: down),
      width: try AxisPlace.cropOffset(of: layer, along: .width, behind: across))
  }
}

/// Where a layer lies along one axis.
struct AxisPlace {
  /// Where a picture's pixels lie on its cells, by way of the first input of each layer.
  let map: Result<CoordinateMap, GeometryError>
  /// What it does to the cells of its first input; nil if it moves none.
  private let own: Result<AxisLayer?, GeometryError>

  /// - Parameter places: those of all layers before it.
  init(of layer: Network.Layer, along axis: Network.Axis, behind places: [String: AxisPlace]) {
    let own = Result { () throws(GeometryError) in
      if let reason = try layer.operation.placelessness(along: axis) {
        throw GeometryError(
          "\(layer.name) \(reason), so that what follows it has no place on the picture")
      }
      return try Self.moving(layer, along: axis, behind: places)
    }
    self.own = own
    map = Result { () throws(GeometryError) in
      let moving = try own.get()
      let before = try layer.inputs.first.map { places[$0]!.map }?.get() ?? .identity
      return try moving.map { (layer) throws(GeometryError) in
        try before.then(layer.coordinateMap)
      } ?? before
    }
  }

  /// What the layer does to the cells of its first input; nil if it moves none.
  ///
  /// - Throws: `GeometryError` if that depends on the picture, or no crop aligns the two.
  func moving() throws(GeometryError) -> AxisLayer? { try own.get() }

  private static func moving(
    _ layer: Network.Layer, along axis: Network.Axis, behind places: [String: AxisPlace]
  ) throws(GeometryError) -> AxisLayer? {
    switch layer.operation {
    case .crop:
      try .crop(layer.name, offset: cropOffset(of: layer, along: axis, behind: places))
    case .cut(let offset, let size):
      try .crop(layer.name, offset: offset[axis], size: size[axis])
    case .padTo(let offset?):
      AxisLayer(
        layer.name, try Window(kernelSize: 1, paddingBefore: offset[axis], paddingAfter: 0))
    default: try layer.operation.window(along: axis).map { AxisLayer(layer.name, $0) }
    }
  }

  /// How many cells a crop takes off before: what it says itself, or else what lays its first input on its
  /// second.
  static func cropOffset(
    of layer: Network.Layer, along axis: Network.Axis, behind places: [String: AxisPlace]
  ) throws(GeometryError) -> Int {
    if case .crop(let offset?) = layer.operation { return offset[axis] }
    return try ConvolutionArithmetic.cropOffset(
      of: places[layer.inputs[0]]!.map.get(), to: places[layer.inputs[1]]!.map.get())
  }
}

extension Network.Operation {
  /// Why its cells have no place on the picture, as a predicate of a sentence; nil if they have one.
  fileprivate func placelessness(along axis: Network.Axis) throws(GeometryError) -> String? {
    switch self {
    case .globalPool: "sees the whole picture"
    case .resize where try window(along: axis) == nil:
      "puts its cells at places that depend on the picture"
    case .centerCrop, .padTo(nil): "begins at a cell that depends on the picture"
    case .unknown(let kind, let reason): "(\(kind.visible)) \(reason)"
    default: nil
    }
  }
}
