internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// Goes through the nodes of a model in order and makes layers of them.
struct ONNXImporter {
  let model: ONNXModel
  let size: Size
  /// The name of the file without its folder and ending.
  let title: String
  let isLine: Bool
  /// Whether the file leaves the size of the picture open.
  let isOpen: Bool
  private var folding = ONNXFolding()
  var layers: [Network.Layer] = []
  var weights: [String: WeightEntry] = [:]
  /// Which tensors of the file the weights of layers are.
  var sharing = ONNXSharing()
  /// What was made for the size of the picture; see ``Network/stretching``.
  var stretching: [String: Network.Operation] = [:]
  /// What follows the picture by a rule that no layer here has.
  var bound: Network.Bound?
  var samples: ONNXSamples
  /// Cuts of which a next one may cut the other axis; see ``ONNXCut``.
  var cuts: [String: ONNXCut] = [:]
  private(set) var notes: [String] = []
  private(set) var values: [String: ONNXValue] = [:]
  var names = ONNXNames()
  /// How many nodes and outputs read a value.
  private(set) var readers: [String: Int] = [:]
  /// What the book does not have, and a layer of each.
  private var unknown: [(gap: ONNXGap, layer: String)] = []
  /// Convolutions made of a matrix product, to which a bias may still be added: where their layers stand.
  var products: [String: Int] = [:]
  private let nodes: [ONNXNode]

  init(
    _ model: ONNXModel, usual: Size?,
    input: (_ isLine: Bool) throws -> (channels: Int?, size: Size?)
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
    let maps = try picture.maps(channels: given.channels, size: given.size, usual: usual).checked()
    self.size = maps.shape!.size
    isLine = picture.isLine
    isOpen = picture.isOpen
    samples = ONNXSamples(around: maps.shape!.size, isLine: picture.isLine)
    values[picture.name] = .maps(maps)
    layers.append(
      Network.Layer(
        name: maps.layer, operation: .input(channels: maps.shape!.channels), inputs: []))
  }

  /// The layers so far as a network.
  var network: Network {
    Network(
      title, layers: layers, isOneDimensional: isLine,
      sharing: sharing.labels(among: layers, weights), stretching: stretching, bound: bound)
  }

  mutating func run() throws {
    for node in nodes {
      try read(node)
      guard layers.count <= Network.mostLayers else {
        throw InterchangeError(
          "it has more than \(Network.mostLayers) layers, which is as many as a network here may have"
        )
      }
    }
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
    for (gap, layer) in unknown.prefix(8) {
      notes.append(
        "\(gap.type.printable) (\(layer.printable)) \(gap.predicate): what comes out of it, and of all that "
          + "reads it, is not known here.")
    }
  }

  // MARK: A node

  private mutating func read(_ node: ONNXNode) throws {
    let inputs = node.inputs.map { values[$0] }
    let constants = inputs.map { input -> ONNXConstant? in
      if case .constant(let constant) = input { constant } else { nil }
    }
    let isKnown = zip(node.inputs, constants).allSatisfy { $0.isEmpty || $1 != nil }
    if isKnown, !node.outputs.isEmpty { return try fold(node, constants) }
    if node.type == "Shape", node.domain.isEmpty, case .maps(let maps) = inputs.first {
      guard maps.shape != nil else {
        return give(node, .lost(ONNXGap(node, "tells the shape of maps that are not known")))
      }
      var shape = ONNXConstant(ints: try ONNXFolding.part(of: maps.extents, node))
      shape.samples = try extents(of: maps).map { extents in
        try extents.map { .ints(try ONNXFolding.part(of: $0, node)) }
      }
      return give(node, .constant(shape))
    }
    let maps = inputs.compactMap { input -> ONNXMaps? in
      if case .maps(let maps) = input { maps } else { nil }
    }
    guard !maps.isEmpty else {
      // It reads what is lost: shape arithmetic behind an operator that is unknown.
      return give(node, .lost(lost(node) ?? ONNXGap(node, "reads what is not known")))
    }
    let arguments = ONNXArguments(
      node: node, inputs: inputs, constants: constants, opset: model.opset)
    let result: ONNXMaps
    do {
      guard node.domain.isEmpty else { throw ONNXGap.noOperation(node) }
      if try split(arguments) { return }
      let count = layers.count
      guard let made = try layer(for: arguments) else {
        throw ONNXGap(
          node,
          "reads \(maps.map(\.text).joined(separator: " and ")) here, which is no form that the "
            + "book has for it")
      }
      result = made
      if layers.count > count { bindNumbers(arguments, made.layer) }
    } catch let gap as ONNXGap {
      result = try unknownLayer(node, maps, lost(node) ?? gap)
    }
    give(node, .maps(result))
  }

  /// Computes what a node makes of known numbers.
  private mutating func fold(_ node: ONNXNode, _ constants: [ONNXConstant?]) throws {
    if ONNXSharing.keepsNumbers(node) { sharing.alias(node) }
    do {
      guard node.domain.isEmpty, let results = try folding.results(node, constants) else {
        return give(node, .lost(ONNXGap(node, "is not computed here of numbers")))
      }
      for (output, result) in zip(node.outputs, sampled(results, node, constants))
      where !output.isEmpty {
        values[output] = .constant(result)
      }
    } catch let gap as ONNXGap {
      give(node, .lost(gap))
    }
  }

  /// What a node reads whose numbers are lost.
  private func lost(_ node: ONNXNode) -> ONNXGap? {
    node.inputs.lazy.compactMap { name -> ONNXGap? in
      if case .lost(let gap) = values[name] { gap } else { nil }
    }.first
  }

  /// Gives the first output a value; what further outputs hold is not read here.
  private mutating func give(_ node: ONNXNode, _ value: ONNXValue) {
    for (index, output) in node.outputs.enumerated() where !output.isEmpty {
      if index == 0 {
        values[output] = value
      } else if case .maps(let maps) = value, maps.shape == nil {
        values[output] = value
      } else {
        values[output] = .lost(
          ONNXGap(node, "gives more than one output, of which the first is known"))
      }
    }
  }

  /// Gives an output of a node with several.
  mutating func give(_ output: String, _ maps: ONNXMaps) { values[output] = .maps(maps) }

  private mutating func unknownLayer(
    _ node: ONNXNode, _ inputs: [ONNXMaps], _ gap: ONNXGap
  ) throws -> ONNXMaps {
    var read: [ONNXMaps] = []
    var seen: Set<String> = []
    for maps in inputs where seen.insert(maps.layer).inserted { read.append(maps) }
    let name = names.name(of: node)
    // Behind what is unknown nothing else can be told.
    if inputs.allSatisfy({ $0.shape != nil }),
      !unknown.contains(where: { $0.gap.type == gap.type && $0.gap.predicate == gap.predicate })
    {
      unknown.append((gap, name))
    }
    return try add(.unknown(node.type, reason: gap.predicate), read, name: name)
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

  /// Why the node is no layer here, as a predicate of a sentence.
  func gap(_ predicate: String) -> ONNXGap { ONNXGap(node, predicate) }

  /// Whether the file gives this input at all.
  func has(_ index: Int) -> Bool { node.input(index) != nil }

  /// Whole numbers that older operators have as an attribute, newer ones as an input.
  func ints(_ attribute: String, or index: Int) throws -> [Int]? {
    try node.ints(attribute) ?? constant(index)?.ints()
  }
}
