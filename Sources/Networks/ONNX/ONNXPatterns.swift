internal import Interchange
internal import Tensors
internal import WeightFiles

/// What exporters write in several nodes and the book has as one operation: GELU, of which they write
/// out x · (1 + erf(x / √2)) / 2, a softmax over channels that are turned to the end for it and back, and
/// a local response normalization made of PyTorch's pools over three axes.
struct ONNXPatterns {
  let nodes: [ONNXNode]
  private let outputs: [String]
  private(set) var producers: [String: Int] = [:]
  private var readers: [String: [Int]] = [:]
  /// The numbers that stand alone.
  private var numbers: [String: Double] = [:]

  init(_ nodes: [ONNXNode], _ graph: ONNXGraph) throws {
    self.nodes = nodes
    outputs = graph.outputs.map(\.name)
    // An output of the graph is read by somebody else.
    for output in graph.outputs { readers[output.name, default: []].append(-1) }
    for (index, node) in nodes.enumerated() {
      for output in node.outputs { producers[output] = index }
      for input in node.inputs { readers[input, default: []].append(index) }
    }
    guard nodes.contains(where: { ["Erf", "Pow"].contains($0.type) }) else { return }
    var folding = ONNXFolding()
    for tensor in graph.tensors where tensor.shape.count == 1 {
      // A number in a second file that is not there is none of those.
      do {
        numbers[tensor.name] = try ONNXConstant(tensor).scalar()
      } catch is FileProblem {}
    }
    for node in nodes where node.type == "Constant" {
      guard let output = node.outputs.first else { continue }
      do {
        numbers[output] = try folding.results(node, [])?.first?.scalar()
      } catch is FileProblem {}
    }
  }

  /// The nodes, each such group as one node.
  func merged() throws -> [ONNXNode] {
    var merged = nodes.map(Optional.some)
    for (index, node) in nodes.enumerated() where node.type == "Erf" {
      guard let group = gelu(around: index) else { continue }
      for other in group.others { merged[other] = nil }
      merged[group.last] = nodes[group.last].replaced(by: "Gelu", reading: [group.x])
    }
    for index in nodes.indices {
      if let group = try softmax(at: index) {
        for other in group.others { merged[other] = nil }
        merged[group.last] = group.node
      }
    }
    var isLeft = false
    for index in nodes.indices where nodes[index].type == "Div" {
      guard let node = try localNormalization(endingAt: index) else { continue }
      (merged[index], isLeft) = (node, true)
    }
    let result = merged.compactMap(\.self)
    return isLeft ? needed(of: result) : result
  }

  /// The nodes that outputs are made of; what led to a pattern alone is left over.
  private func needed(of nodes: [ONNXNode]) -> [ONNXNode] {
    var wanted = Set(outputs)
    var needed: [ONNXNode] = []
    for node in nodes.reversed() where node.outputs.contains(where: wanted.contains) {
      wanted.formUnion(node.inputs)
      needed.append(node)
    }
    return needed.reversed()
  }

  private func gelu(around erf: Int) -> (x: String, others: [Int], last: Int)? {
    guard let scaled = nodes[erf].inputs.first, let scaling = producers[scaled],
      let x = factor(scaling, "Mul", 0.5.squareRoot()) ?? factor(scaling, "Div", 2.0.squareRoot()),
      let sum = soleReader(of: erf), factor(sum, "Add", 1) == nodes[erf].outputs[0],
      let product = soleReader(of: sum), nodes[product].type == "Mul"
    else { return nil }
    // What only this reads goes with it.
    let inner = [erf, sum] + (soleReader(of: scaling) == nil ? [] : [scaling])
    let one = nodes[sum].outputs[0]
    // (x · (1 + …)) · ½, or x · ((1 + …) · ½).
    let others = nodes[product].inputs.filter { $0 != one }
    if others == [x] || factor(product, "Mul", 0.5) == one {
      guard let last = soleReader(of: product) else { return nil }
      let whole = nodes[product].outputs[0]
      let isRight =
        others == [x]
        ? factor(last, "Mul", 0.5) == whole
        : nodes[last].type == "Mul" && nodes[last].inputs.sorted() == [x, whole].sorted()
      return isRight ? (x, inner + [product], last) : nil
    }
    // (x · ½) · (1 + …).
    guard others.count == 1, let half = producers[others[0]], factor(half, "Mul", 0.5) == x,
      soleReader(of: half) == product
    else { return nil }
    return (x, inner + [half], product)
  }

  /// The one node that reads what a node gives; nil if there are more, or it is an output of the graph.
  func soleReader(of index: Int) -> Int? {
    guard nodes[index].outputs.count == 1, let all = readers[nodes[index].outputs[0]],
      all.count == 1, all[0] >= 0
    else { return nil }
    return all[0]
  }

  /// What a node of this type joins with the number, nil if it is no such node.
  private func factor(_ index: Int, _ type: String, _ number: Double) -> String? {
    let node = nodes[index]
    guard node.type == type, node.inputs.count == 2 else { return nil }
    func isNumber(_ name: String) -> Bool {
      numbers[name].map { abs($0 - number) < 1e-3 * number } ?? false
    }
    if isNumber(node.inputs[1]) { return node.inputs[0] }
    return type != "Div" && isNumber(node.inputs[0]) ? node.inputs[1] : nil
  }

  /// What a node of this type joins with some number, and the number; nil if it joins with none.
  func number(_ index: Int, _ type: String) -> (x: String, number: Double)? {
    let node = nodes[index]
    guard node.type == type, node.inputs.count == 2 else { return nil }
    if let number = numbers[node.inputs[1]] { return (node.inputs[0], number) }
    guard type != "Pow", let number = numbers[node.inputs[0]] else { return nil }
    return (node.inputs[1], number)
  }
}

/// Operations over the channels that older operators have along other axes alone.
extension ONNXPatterns {
  /// The attribute of a softmax that goes along its axis alone, whatever the version.
  static let alongOne = "along_one"

  /// Before version 13 a softmax goes over all axes from one on, so that PyTorch turns the channels to the
  /// end, takes the last axis, and turns them back.
  func softmax(at index: Int) throws -> (node: ONNXNode, others: [Int], last: Int)? {
    let node = nodes[index]
    guard ["Softmax", "LogSoftmax"].contains(node.type), node.domain.isEmpty,
      let turned = node.inputs.first, let first = producers[turned],
      nodes[first].type == "Transpose", soleReader(of: first) == index,
      let last = soleReader(of: index), nodes[last].type == "Transpose",
      let there = try nodes[first].ints("perm"), let back = try nodes[last].ints("perm"),
      there.sorted() == Array(there.indices), back.count == there.count,
      back.sorted() == there.sorted(), back.map({ there[$0] }) == Array(there.indices),
      let axis = try node.int("axis"), axis == there.count - 1 || axis == -1
    else { return nil }
    let made = nodes[last].replaced(
      by: node.type, reading: [nodes[first].inputs[0]],
      ints: ["axis": there[there.count - 1], Self.alongOne: 1])
    return (made, [first, index], last)
  }

  /// PyTorch's x / (k + α · mean of x² over neighbouring channels)^β, which it writes as a pool over three
  /// axes of which the channels are the first.
  func localNormalization(endingAt index: Int) throws -> ONNXNode? {
    let node = nodes[index]
    guard node.inputs.count == 2, let power = producers[node.inputs[1]],
      let (sum, beta) = number(power, "Pow"), let adding = producers[sum],
      let (product, k) = number(adding, "Add"), let scaling = producers[product],
      let (mean, alpha) = number(scaling, "Mul")
    else { return nil }
    // What gives the mean its shape back; an If asks for the shape of the pool, which it reads itself.
    let shaping: Set = ["Reshape", "Squeeze", "If", "Equal", "Gather", "Shape"]
    guard let pool = producer(of: mean, through: shaping), nodes[pool].type == "AveragePool",
      let kernel = try nodes[pool].ints("kernel_shape"), kernel.count == 3,
      kernel[1...] == [1, 1], kernel[0] % 2 == 1,
      try nodes[pool].ints("strides") ?? [1, 1, 1] == [1, 1, 1],
      try nodes[pool].ints("pads")?.allSatisfy({ $0 == 0 }) ?? true,
      let padded = nodes[pool].inputs.first, let padding = producers[padded],
      nodes[padding].type == "Pad", try nodes[padding].text("mode") ?? "constant" == "constant",
      let square = producer(of: padded, through: ["Pad", "Reshape", "Unsqueeze"]),
      nodes[square].type == "Mul",
      nodes[square].inputs == [node.inputs[0], node.inputs[0]]
    else { return nil }
    return node.replaced(
      by: "LRN", reading: [node.inputs[0]], ints: ["size": kernel[0]],
      floats: ["alpha": alpha, "beta": beta, "bias": k])
  }

  /// The node that makes a value, seen through what nodes of some types read first.
  private func producer(of value: String, through types: Set<String>) -> Int? {
    var value = value
    for _ in 0..<16 {
      guard let index = producers[value] else { return nil }
      guard types.contains(nodes[index].type) else { return index }
      guard let read = nodes[index].inputs.first else { return nil }
      value = read
    }
    return nil
  }
}
