internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

extension Network {
  /// Writes the network with its weights as an ONNX model, for pictures of every size and number.
  ///
  /// The file appears whole or not at all; tensors pass through memory one at a time. Dropout is left out,
  /// for it does nothing there.
  ///
  /// - Throws: `GeometryError` if a layer has no operator in ONNX, or a tensor is missing or of another
  ///   shape; `FileProblem.cannotWrite`; what the source throws.
  public func writeONNX(
    weights: WeightSource, to path: String, metadata: [(key: String, value: String)] = []
  ) throws {
    let problems = parameters.compactMap { $0.problem(got: weights.shape($0.name)) }
    guard problems.isEmpty else {
      throw GeometryError(
        "the weights do not fit \(name): " + problems.joined(separator: "; "))
    }
    if let bound {
      throw GeometryError(
        "\(name), layer \(bound.layers[0]): it is made for \(bound.size) alone, and a model is written for every "
          + "size" + (bound.blind.isEmpty ? "; padding told in numbers, as in p0,1,0,1, is" : ""))
    }
    var exporter = ONNXExporter(self, weights)
    try exporter.draft().write(to: path, metadata: metadata)
  }
}

/// Makes nodes of layers.
struct ONNXExporter {
  let network: Network
  private let source: WeightSource
  private var graph: ONNXDraft
  /// The value that each layer gives.
  private(set) var values: [String: String] = [:]
  private var taken: Set<String> = []

  init(_ network: Network, _ source: WeightSource) {
    (self.network, self.source) = (network, source)
    graph = ONNXDraft(name: network.name)
  }

  mutating func draft() throws -> ONNXDraft {
    taken = Set(network.layers.map(\.name) + network.parameters.map(\.name))
    let channels = network.channels
    for layer in network.layers {
      do throws(GeometryError) {
        values[layer.name] = try value(of: layer, channels: layer.inputs.map { channels[$0] ?? 0 })
      } catch {
        throw GeometryError("\(network.name), layer \(layer.name): \(error)")
      }
    }
    let last = network.layers.last!.name
    // A graph's output has to come out of a node.
    if values[last] == "input" { values[last] = add("Identity", ["input"], last) }
    let height: ONNXGraph.Extent = network.isOneDimensional ? .fixed(1) : .open("height")
    graph.inputs = [
      ONNXDraft.Port(
        "input", [.open("batch"), .fixed(network.inputChannels), height, .open("width")])
    ]
    graph.outputs = [
      ONNXDraft.Port(
        values[last]!,
        [
          .open("batch"), .fixed(channels[last]!),
          network.isOneDimensional ? .fixed(1) : .open("output_height"), .open("output_width"),
        ])
    ]
    return graph
  }

  // MARK: Pieces

  /// A name that nothing has yet.
  private mutating func unique(_ wanted: String) -> String {
    var (name, number) = (wanted, 2)
    while !taken.insert(name).inserted {
      name = "\(wanted)_\(number)"
      number += 1
    }
    return name
  }

  /// Adds a node, whose value has the node's name.
  mutating func add(
    _ type: String, _ inputs: [String], _ name: String,
    _ attributes: [(name: String, value: ONNXDraft.Attribute)] = []
  ) -> String {
    graph.nodes.append(
      ONNXDraft.Node(type, name: name, inputs: inputs, output: name, attributes: attributes))
    return name
  }

  mutating func add(
    _ type: String, _ inputs: [String], _ layer: Network.Layer, part: String,
    _ attributes: [(name: String, value: ONNXDraft.Attribute)] = []
  ) -> String {
    add(type, inputs, unique("\(layer.name)_\(part)"), attributes)
  }

  /// Adds a parameter of a layer, perhaps in another shape of as many cells.
  mutating func parameter(_ layer: Network.Layer, _ part: String, extents: [Int]? = nil)
    -> String
  {
    let (name, source) = ("\(layer.name).\(part)", source)
    let shape = source.shape(name)?.dimensions ?? []
    graph.tensors.append(
      ONNXDraft.Tensor(name: name, extents: extents ?? shape) { body in
        try source.read(name) { numbers, _ in try body(numbers) }
      })
    return name
  }

  /// Adds a few floats.
  mutating func floats(
    _ numbers: [Float], _ layer: Network.Layer, _ part: String, isScalar: Bool = false
  ) -> String {
    let name = unique("\(layer.name)_\(part)")
    graph.tensors.append(
      ONNXDraft.Tensor(name: name, extents: isScalar ? [] : [numbers.count]) { body in
        try numbers.withUnsafeBufferPointer(body)
      })
    return name
  }

  mutating func scalar(_ number: Double, _ layer: Network.Layer, _ part: String) -> String {
    floats([Float(number)], layer, part, isScalar: true)
  }

  mutating func ints(_ numbers: [Int], _ layer: Network.Layer, _ part: String) -> String {
    let name = unique("\(layer.name)_\(part)")
    graph.numbers.append((name, numbers))
    return name
  }
}
