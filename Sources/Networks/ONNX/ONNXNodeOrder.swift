internal import Interchange

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
