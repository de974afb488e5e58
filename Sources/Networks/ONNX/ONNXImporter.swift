internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors

/// Goes through the nodes of a model in order and makes layers of them.
struct ONNXImporter {
  let model: ONNXModel
  let size: Size
  /// The name of the file without its folder and ending.
  private let title: String
  private let isLine: Bool
  private var folding = ONNXFolding()
  private(set) var layers: [Network.Layer] = []
  private(set) var weights: [String: WeightEntry] = [:]
  private(set) var notes: [String] = []
  private var values: [String: ONNXValue] = [:]
  private var names = ONNXNames()
  /// How many nodes and outputs read a value.
  private var readers: [String: Int] = [:]
  /// Operators that the book does not have, and a layer of each.
  private var unknown: [(type: String, layer: String)] = []
  /// Convolutions made of a matrix product, to which a bias may still be added: where their layers stand.
  private var products: [String: Int] = [:]
  private let nodes: [ONNXNode]

  init(
    _ model: ONNXModel, input: (_ isLine: Bool) throws -> (channels: Int?, size: Size?)
  ) throws {
    self.model = model
    nodes = try ONNXPatterns(model.graph.orderedNodes(), model.graph).merged()
    let file = model.path.split(separator: "/").last.map(String.init) ?? ""
    title = file.hasSuffix(".onnx") ? String(file.dropLast(".onnx".count)) : file
    for tensor in model.graph.tensors { values[tensor.name] = .constant(ONNXConstant(tensor)) }
    for name in nodes.flatMap(\.inputs) + model.graph.outputs.map(\.name) {
      readers[name, default: 0] += 1
    }
    let picture = try ONNXPicture(model.graph, nodes)
    let given = try input(picture.isLine)
    let maps = try picture.maps(channels: given.channels, size: given.size).checked()
    self.size = maps.shape!.size
    isLine = picture.isLine
    values[picture.name] = .maps(maps)
    layers.append(
      Network.Layer(
        name: maps.layer, operation: .input(channels: maps.shape!.channels), inputs: []))
  }

  /// The layers so far as a network.
  var network: Network { Network(title, layers: layers, isOneDimensional: isLine) }

  mutating func run() throws {
    for node in nodes { try read(node) }
    try end()
  }

  /// Makes the first output the last layer, and says what else there is to say.
  private mutating func end() throws {
    let outputs = model.graph.outputs.map(\.name)
    guard case .maps(let result) = values[outputs[0]] else {
      throw InterchangeError(
        "its output \(outputs[0].printable) does not depend on the picture, or is computed by what is no "
          + "operation of the book")
    }
    if layers.last?.name != result.layer || layers.count == 1 {
      _ = try add(.identity("output"), [result], name: names.unique(outputs[0]))
    }
    if outputs.count > 1 {
      let others = outputs.dropFirst().prefix(8).map(\.printable).joined(separator: ", ")
      notes.append(
        "The result is \(outputs[0].printable), the first of \(outputs.count) outputs; the others are "
          + "\(others)\(outputs.count > 9 ? ", …" : "").")
    }
    if result.isChannelsLast, result.shape?.size.area != 1 {
      notes.append("The file gives its result with the channels last; here they come first.")
    }
    for (type, layer) in unknown.prefix(8) {
      notes.append(
        "\(type.printable) (\(layer.printable)) is no operation of the book: what comes out of it, and of "
          + "all that reads it, is not known here.")
    }
  }

  // MARK: A node

  private mutating func read(_ node: ONNXNode) throws {
    let inputs = node.inputs.map { values[$0] }
    let constants = inputs.map { input -> ONNXConstant? in
      if case .constant(let constant) = input { constant } else { nil }
    }
    let isKnown = zip(node.inputs, constants).allSatisfy { $0.isEmpty || $1 != nil }
    if isKnown, !node.outputs.isEmpty {
      let result = node.domain.isEmpty ? try folding.result(node, constants) : nil
      return give(node, result.map { .constant($0) } ?? .lost(node.type))
    }
    if node.type == "Shape", node.domain.isEmpty, case .maps(let maps) = inputs.first {
      guard maps.shape != nil else { return give(node, .lost("Shape")) }
      let part = try ONNXFolding.part(of: maps.extents, node)
      return give(node, .constant(ONNXConstant(ints: part)))
    }
    let maps = inputs.compactMap { input -> ONNXMaps? in
      if case .maps(let maps) = input { maps } else { nil }
    }
    guard !maps.isEmpty else {
      // It reads what is lost: shape arithmetic behind an operator that is unknown.
      return give(node, .lost(node.type))
    }
    let arguments = ONNXArguments(
      node: node, inputs: inputs, constants: constants, opset: model.opset)
    if node.domain.isEmpty, try split(arguments) { return }
    let result = node.domain.isEmpty ? try layer(for: arguments) : nil
    give(node, .maps(try result ?? unknownLayer(node, maps)))
  }

  /// Gives the first output a value; what further outputs hold is not read here.
  private mutating func give(_ node: ONNXNode, _ value: ONNXValue) {
    for (index, output) in node.outputs.enumerated() where !output.isEmpty {
      if index == 0 {
        values[output] = value
      } else if case .maps(let maps) = value, maps.shape == nil {
        values[output] = value
      } else {
        values[output] = .lost(node.type)
      }
    }
  }

  /// Gives an output of a node with several.
  mutating func give(_ output: String, _ maps: ONNXMaps) { values[output] = .maps(maps) }

  private mutating func unknownLayer(_ node: ONNXNode, _ inputs: [ONNXMaps]) throws -> ONNXMaps {
    var read: [ONNXMaps] = []
    var seen: Set<String> = []
    for maps in inputs where seen.insert(maps.layer).inserted { read.append(maps) }
    let name = names.name(of: node)
    // What an operator gives whose numbers are missing is as unknown as it is.
    var missing: String?
    for input in node.inputs { if case .lost(let type) = values[input] { missing = type } }
    let type = missing ?? node.type
    // Behind what is unknown nothing else can be told.
    if inputs.allSatisfy({ $0.shape != nil }), !unknown.contains(where: { $0.type == type }) {
      unknown.append((type, name))
    }
    return try add(.unknown(node.type), read, name: name)
  }

  // MARK: Layers

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

  private mutating func add(
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
  mutating func attach(_ tensors: [String: WeightEntry]) {
    guard let layer = layers.last?.name else { return }
    for (part, entry) in tensors {
      weights["\(layer).\(part)"] = entry.renamed("\(layer).\(part)")
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
  mutating func addBias(_ bias: WeightEntry, toProduct output: String) -> Bool {
    guard let index = products[output], readers[output] == 1,
      case .convolution(let convolution, let outputs, false, let relu) = layers[index].operation
    else { return false }
    let layer = layers[index]
    layers[index] = Network.Layer(
      name: layer.name,
      operation: .convolution(convolution, outputs: outputs, bias: true, relu: relu),
      inputs: layer.inputs)
    weights["\(layer.name).bias"] = bias.renamed("\(layer.name).bias")
    return true
  }

  /// Whether anything reads a value.
  func isRead(_ output: String) -> Bool { readers[output] != nil }
}

/// A node with what it reads.
struct ONNXArguments {
  let node: ONNXNode
  let inputs: [ONNXValue?]
  let constants: [ONNXConstant?]
  let opset: Int

  func maps(_ index: Int) -> ONNXMaps? {
    guard inputs.indices.contains(index), case .maps(let maps) = inputs[index] else { return nil }
    return maps
  }

  func constant(_ index: Int) -> ONNXConstant? {
    constants.indices.contains(index) ? constants[index] : nil
  }

  /// Whether the file gives this input at all.
  func has(_ index: Int) -> Bool { node.input(index) != nil }

  /// Whole numbers that older operators have as an attribute, newer ones as an input.
  func ints(_ attribute: String, or index: Int) throws -> [Int]? {
    try node.ints(attribute) ?? constant(index)?.ints()
  }
}
