internal import Interchange
internal import WeightFiles

extension ONNXGraph {
  /// The nodes that lead to an output, each behind those that it reads.
  ///
  /// - Throws: `InterchangeError` if a value is given twice, or by nothing, or the nodes go in a circle.
  func orderedNodes() throws(InterchangeError) -> [ONNXNode] {
    guard !outputs.isEmpty else { throw InterchangeError("the graph has no outputs") }
    let producers = try producers()
    let needed = try neededNodes(producers)
    var order: [Int] = []
    var isPlaced = Array(repeating: false, count: nodes.count)
    // Each node waits for those that it reads; nearly all files have them in order already.
    var waiting = Array(repeating: 0, count: nodes.count)
    var readers: [Int: [Int]] = [:]
    for index in needed {
      for source in Set(nodes[index].inputs.compactMap { producers[$0] }) {
        waiting[index] += 1
        readers[source, default: []].append(index)
      }
    }
    var ready = needed.filter { waiting[$0] == 0 }
    var next = 0
    while next < ready.count {
      let index = ready[next]
      next += 1
      order.append(index)
      isPlaced[index] = true
      for reader in readers[index] ?? [] {
        waiting[reader] -= 1
        if waiting[reader] == 0 { ready.append(reader) }
      }
    }
    guard order.count == needed.count else {
      throw circle(from: needed.first { !isPlaced[$0] }!, producers) { isPlaced[$0] }
    }
    // The file's own order where it is one, as it reads best.
    let isOrdered = needed.allSatisfy { index in
      nodes[index].inputs.allSatisfy { producers[$0].map { $0 < index } ?? true }
    }
    return (isOrdered ? needed : order).map { nodes[$0] }
  }

  /// Which node gives each value.
  private func producers() throws(InterchangeError) -> [String: Int] {
    var producers: [String: Int] = [:]
    let given = Set(inputs.map(\.name) + tensors.map(\.name))
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty {
        guard producers.updateValue(index, forKey: output) == nil, !given.contains(output) else {
          throw InterchangeError(
            "\(node.subject) gives \(output.printable), which something else gives already")
        }
      }
    }
    return producers
  }

  /// The nodes from which a way leads to an output, in the file's order.
  private func neededNodes(_ producers: [String: Int]) throws(InterchangeError) -> [Int] {
    let given = Set(inputs.map(\.name) + tensors.map(\.name))
    var isNeeded = Array(repeating: false, count: nodes.count)
    var pending: [Int] = []
    for output in outputs {
      guard let producer = producers[output.name] else {
        guard given.contains(output.name) else {
          throw InterchangeError("the output \(output.name.printable) is given by nothing")
        }
        continue
      }
      pending.append(producer)
    }
    while let index = pending.popLast() {
      guard !isNeeded[index] else { continue }
      isNeeded[index] = true
      for input in nodes[index].inputs where !input.isEmpty {
        if let producer = producers[input] {
          pending.append(producer)
        } else if !given.contains(input) {
          throw InterchangeError(
            "\(nodes[index].subject) reads \(input.printable), which nothing gives")
        }
      }
    }
    return nodes.indices.filter { isNeeded[$0] }
  }

  /// Names the nodes of a circle that leads to a node.
  private func circle(
    from start: Int, _ producers: [String: Int], isPlaced: (Int) -> Bool
  ) -> InterchangeError {
    var way: [Int] = []
    var places: [Int: Int] = [:]
    var index = start
    // Every node that waits reads another one that waits.
    while places[index] == nil {
      places[index] = way.count
      way.append(index)
      index = nodes[index].inputs.compactMap { producers[$0] }.first { !isPlaced($0) }!
    }
    let circle = way[places[index]!...].map { nodes[$0].subject }
    let shown = circle.count > 4 ? Array(circle[..<4]) + ["…"] : circle
    return InterchangeError(
      "its nodes go in a circle: " + (shown + [circle[0]]).joined(separator: " reads "))
  }
}

/// Short names for the layers that nodes become, each once.
struct ONNXNames {
  private var taken: Set<String> = ["input"]
  /// The next number to try behind a name that is taken.
  private var numbers: [String: Int] = [:]

  /// A name for a layer of a node: that of its weights where PyTorch has named them, else the node's.
  ///
  /// - Parameter part: which of several layers that a node becomes.
  mutating func name(of node: ONNXNode, weight: String? = nil, part: String = "") -> String {
    var name = Self.shortened(node.name, type: node.type)
    if let weight, weight.hasSuffix(".weight") { name = String(weight.dropLast(".weight".count)) }
    if name.isEmpty {
      let output = node.outputs.first ?? ""
      name =
        output.allSatisfy(\.isNumber) ? node.type.lowercased() : Self.shortened(output, type: "")
    }
    return unique(part.isEmpty ? name : "\(name)_\(part)")
  }

  mutating func unique(_ wanted: String) -> String {
    let name = wanted.isEmpty ? "layer" : wanted.printable
    guard !taken.insert(name).inserted else { return name }
    var number = numbers[name] ?? 2
    while !taken.insert("\(name)_\(number)").inserted { number += 1 }
    numbers[name] = number + 1
    return "\(name)_\(number)"
  }

  /// `/layer1/layer1.0/relu_1/Relu` as `layer1.0.relu_1`, `node_conv2d_3` as `conv2d_3`.
  static func shortened(_ name: String, type: String) -> String {
    if name.hasPrefix("node_") { return String(name.dropFirst("node_".count)) }
    var parts = name.split(separator: "/").map(String.init)
    // The operator itself, perhaps with a number, says nothing new behind a module's name.
    if parts.count > 1, let last = parts.last, last == type || last.hasPrefix("\(type)_") {
      parts.removeLast()
      if let number = last.dropFirst(type.count + 1).wholeMatch(of: /\d+/)?.output {
        parts[parts.count - 1] += "_\(number)"
      }
    }
    var short: [String] = []
    for part in parts.suffix(32) {
      // A module that repeats the name of the one around it.
      if let around = short.last, part.hasPrefix("\(around).") { short.removeLast() }
      short.append(part)
    }
    return short.joined(separator: ".")
  }
}
