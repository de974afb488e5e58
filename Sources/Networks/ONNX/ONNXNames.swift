internal import Interchange

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
