internal import Interchange
internal import Tensors

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
