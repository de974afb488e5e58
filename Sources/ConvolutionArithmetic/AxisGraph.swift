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
    /// Whether this layer or one that it can see is a transposed convolution with gaps.
    let hasGaps: Bool
  }

  private var entries = [Entry(layer: nil, inputs: [], hasGaps: false)]

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
    let leavesGaps = layer.window.map { $0.isTransposed && !$0.leavesNoGaps } ?? false
    entries.append(
      Entry(
        layer: layer, inputs: [input.index],
        hasGaps: entries[input.index].hasGaps || leavesGaps))
    return last
  }

  /// Adds a layer that reads the same cell of all these: a sum, a concatenation.
  public mutating func join(_ inputs: [Node]) -> Node {
    precondition(!inputs.isEmpty, "a join has at least one input")
    entries.append(
      Entry(
        layer: nil, inputs: inputs.map(\.index),
        hasGaps: inputs.contains { entries[$0.index].hasGaps }))
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
    let back = try coordinateMap(of: node).inverse()
    var sizes: [Int] = []
    for phase in 0..<(try phases(of: node)) {
      sizes.append(try seen(by: phase...phase, of: node, exactly: false).extent?.count ?? 0)
    }
    return ReceptiveField(sizeByPhase: sizes, jump: back.scale, start: back.shift)
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
    try seen(by: cells, of: node, exactly: true)
  }

  /// - Parameter exactly: whether holes matter; else only the first and the last position are right.
  private func seen(
    by cells: ClosedRange<Int>, of node: Node, exactly: Bool
  ) throws(GeometryError) -> Positions {
    var seen: [Int: Positions] = [node.index: Positions(cells)]
    for index in stride(from: node.index, to: 0, by: -1) {
      guard var outputs = seen.removeValue(forKey: index) else { continue }
      let entry = entries[index]
      // Without gaps on the way down, what lies between the first and the last changes neither.
      if !exactly && !entry.hasGaps { outputs = outputs.filled }
      let inputs = if let layer = entry.layer { try outputs.seen(through: layer) } else { outputs }
      for input in entry.inputs { seen[input] = seen[input].map(inputs.union) ?? inputs }
    }
    return seen[0] ?? Positions([])
  }

  /// After how many cells the pattern of what is seen repeats, moved by whole cells of every layer.
  private func phases(of node: Node) throws(GeometryError) -> Int {
    var steps: [Int: Fraction] = [node.index: 1]
    var phases = 1
    for index in stride(from: node.index, through: 0, by: -1) {
      guard let step = steps[index] else { continue }
      let missing = step.denominator / greatestCommonDivisor(phases, step.denominator)
      phases = try exactProduct(phases, missing)
      let before = try exactly { () throws(FractionOverflow) in
        guard let window = entries[index].layer?.window else { return step }
        let stride = Fraction(window.stride)
        return window.isTransposed
          ? try step.divided(by: stride) : try step.multiplied(by: stride)
      }
      for input in entries[index].inputs {
        if let other = steps.updateValue(before, forKey: input), other != before {
          throw GeometryError(
            "two streams that meet have different jumps: from one cell to the next one moves by "
              + "\(before) cells of a layer that both read, the other by \(other)")
        }
      }
    }
    guard phases <= mostPhases else {
      throw GeometryError(
        "the receptive field has \(phases) phases; at most \(mostPhases) are listed")
    }
    return phases
  }
}

/// The most phases that are listed.
private let mostPhases = 1_000_000
