import Tensors

/// Layers along one axis where several may read one, and a join reads several: what a network with
/// skips or branches is, where a stack is a list.
///
/// ```swift
/// var graph = AxisGraph()
/// let wide = graph.add(AxisLayer("wide", try Window(kernelSize: 5, padding: 2)), reading: graph.input)
/// let sum = graph.join([graph.input, wide])
/// try graph.receptiveField(of: sum).size   // 5: a cell sees what any of the two streams sees
/// ```
public struct AxisGraph: Hashable, Sendable {
  /// A layer of the graph.
  public struct Node: Hashable, Sendable {
    fileprivate let index: Int
  }

  private struct Entry: Hashable, Sendable {
    /// What moves cells; nil where none move, as in a sum.
    let layer: AxisLayer?
    let inputs: [Int]
  }

  private var entries = [Entry(layer: nil, inputs: [])]

  /// The input alone.
  public init() {}

  /// A stack, each layer reading the one before.
  init(_ stack: [AxisLayer]) {
    var last = input
    for layer in stack { last = add(layer, reading: last) }
  }

  /// What everything begins with.
  public var input: Node { Node(index: 0) }

  /// The layer added last.
  public var last: Node { Node(index: entries.count - 1) }

  /// All layers in the order in which they were added, the input first.
  public var nodes: [Node] { entries.indices.map(Node.init) }

  /// Adds a layer that reads another.
  public mutating func add(_ layer: AxisLayer, reading input: Node) -> Node {
    entries.append(Entry(layer: layer, inputs: [input.index]))
    return last
  }

  /// Adds a layer that reads the same cell of all these: a sum, a concatenation.
  public mutating func join(_ inputs: [Node]) -> Node {
    precondition(!inputs.isEmpty, "a join has at least one input")
    entries.append(Entry(layer: nil, inputs: inputs.map { $0.index }))
    return last
  }

  /// The coordinate map from the input to a layer; of the streams of a join, the first's.
  ///
  /// - Throws: ``GeometryError`` if exact numbers do not fit 64 bits.
  public func coordinateMap(of node: Node) throws(GeometryError) -> CoordinateMap {
    var path: [AxisLayer] = []
    var entry = entries[node.index]
    while let first = entry.inputs.first {
      if let layer = entry.layer { path.append(layer) }
      entry = entries[first]
    }
    return try path.reversed().coordinateMap()
  }

  /// What a cell of a layer sees of the input, by whichever way, borders and padding not taken into
  /// account.
  ///
  /// - Throws: ``GeometryError`` if the streams of a join have different jumps, exact numbers do not fit
  ///   64 bits, or there are more than a million phases.
  public func receptiveField(of node: Node) throws(GeometryError) -> ReceptiveField {
    var isSeen = Array(repeating: false, count: node.index + 1)
    isSeen[node.index] = true
    for index in isSeen.indices.reversed() where isSeen[index] {
      for input in entries[index].inputs { isSeen[input] = true }
    }
    return try fields(where: isSeen)[node.index].get()
  }

  /// What a cell of each layer sees, in the order of ``nodes``; of a layer for which that cannot be
  /// told, why.
  ///
  /// Each layer's is found from those that it reads, so that all together cost one pass.
  public func receptiveFields() -> [Result<ReceptiveField, GeometryError>] {
    fields(where: entries.map { _ in true })
  }

  private func fields(where isWanted: [Bool]) -> [Result<ReceptiveField, GeometryError>] {
    var left = mostPhases
    var sights: [Result<CellSight, GeometryError>] = []
    return isWanted.enumerated().map { index, isWanted in
      let sight = Result { () throws(GeometryError) in
        guard isWanted else { return CellSight.input }
        return try self.sight(of: entries[index], sights)
      }
      sights.append(sight)
      return Result { () throws(GeometryError) in
        let field = try sight.get().field()
        left -= field.sizeByPhase.count
        guard left >= 0 else { throw tooManyPhases("all layers together have") }
        return field
      }
    }
  }

  private func sight(
    of entry: Entry, _ sights: [Result<CellSight, GeometryError>]
  ) throws(GeometryError) -> CellSight {
    let inputs = try entry.inputs.map { (input) throws(GeometryError) in try sights[input].get() }
    guard let first = inputs.first else { return .input }
    if let layer = entry.layer { return try first.through(layer) }
    return try CellSight(joining: inputs)
  }

  /// The inputs, padding included, that some cells of a layer see, holes left out.
  ///
  /// ```swift
  /// // Dilation leaves holes:
  /// let conv = graph.add(AxisLayer("conv", try Window(kernelSize: 3, dilation: 2)), reading: graph.input)
  /// try graph.inputsSeen(by: 0...0, of: conv).runs   // [0...0, 2...2, 4...4]
  /// ```
  ///
  /// - Throws: ``GeometryError`` if positions do not fit 64 bits, or there are more holes than can be
  ///   followed.
  public func inputsSeen(
    by cells: ClosedRange<Int>, of node: Node
  ) throws(GeometryError) -> Positions {
    var seen: [Int: Positions] = [node.index: Positions(cells)]
    for index in stride(from: node.index, to: 0, by: -1) {
      guard let outputs = seen.removeValue(forKey: index) else { continue }
      let entry = entries[index]
      let inputs = if let layer = entry.layer { try outputs.seen(through: layer) } else { outputs }
      for input in entry.inputs { seen[input] = seen[input].map(inputs.union) ?? inputs }
    }
    return seen[0] ?? Positions([])
  }
}
