internal import Interchange
internal import Tensors

/// What operators make of numbers that are known: the shape arithmetic that exporters leave behind, and
/// weights that are made of others.
struct ONNXFolding {
  /// How many numbers may be read and made in all.
  private var rest = 1 << 26

  /// What is to be computed: the extents are known before the numbers, which may be in a file that is not
  /// there.
  struct Plan {
    let extents: [Int]
    /// nil where the operator has no result for these numbers.
    let numbers: () throws -> ONNXConstant.Numbers?
  }

  /// What a node gives for known numbers, one for each output; nil if it is not computed here.
  ///
  /// - Throws: `ONNXGap` if it is more than is computed; `FileProblem` if a shape depends on numbers that
  ///   are not there.
  mutating func results(_ node: ONNXNode, _ inputs: [ONNXConstant?]) throws -> [ONNXConstant]? {
    if let direct = try sameNumbers(node, inputs) { return [direct] }
    guard let plans = try plans(node, inputs) else { return nil }
    var results: [ONNXConstant] = []
    for input in inputs.compactMap(\.self) { rest -= min(input.count, ONNXConstant.most) }
    for plan in plans {
      guard let count = (try? Shape(validating: plan.extents))?.count,
        count <= ONNXConstant.most, count <= rest
      else {
        throw ONNXGap(
          node,
          "makes \(Shape.text(plan.extents, "(", ")")) numbers out of constants, and at most "
            + "\(ONNXConstant.most) at once are computed here")
      }
      rest -= count
      do {
        guard let numbers = try plan.numbers() else { return nil }
        results.append(ONNXConstant(numbers, extents: plan.extents))
      } catch let problem as FileProblem {
        results.append(ONNXConstant(missing: problem, extents: plan.extents))
      }
    }
    return results
  }

  /// What operators give that compute nothing: a constant, the same numbers in another shape or order.
  private func sameNumbers(_ node: ONNXNode, _ inputs: [ONNXConstant?]) throws -> ONNXConstant? {
    if node.type == "Constant" { return try constant(node) }
    guard let first = inputs.first.flatMap({ $0 }) else { return nil }
    func argument(_ index: Int, _ attribute: String) throws -> [Int]? {
      try node.ints(attribute) ?? (inputs.indices.contains(index) ? inputs[index]?.ints() : nil)
    }
    switch node.type {
    case "Identity", "Dropout": return first
    case "Cast" where [1, 10, 11, 16].contains(try node.int("to") ?? 1):
      if case .numbers = first.content { return nil }
      return first.isWhole ? nil : first
    case "Reshape":
      guard let wanted = try argument(1, "shape") else { return nil }
      return try first.reshaped(
        Self.extents(first.extents, reshaped: wanted, keepsZero: node.int("allowzero") == 1, node))
    case "Flatten":
      return try first.reshaped(Self.flattened(first.extents, axis: node.int("axis") ?? 1, node))
    case "Squeeze":
      return try first.reshaped(Self.squeezed(first.extents, argument(1, "axes"), node))
    case "Unsqueeze":
      guard let axes = try argument(1, "axes") else { return nil }
      return try first.reshaped(Self.unsqueezed(first.extents, axes, node))
    case "Transpose":
      // Of a tensor of the file nothing is copied.
      guard case .entry(let entry) = first.content else { return nil }
      return ONNXConstant(entry.permuted(try Self.order(node, first.extents)))
    case "Shape": return ONNXConstant(ints: try Self.part(of: first.extents, node))
    case "Size": return ONNXConstant(ints: [first.count], extents: [])
    default: return nil
    }
  }

  private func constant(_ node: ONNXNode) throws -> ONNXConstant? {
    if let entry = try node.tensor("value") { return ONNXConstant(entry) }
    if let number = try node.float("value_float") {
      return ONNXConstant(floats: [number], extents: [])
    }
    if let number = try node.int("value_int") { return ONNXConstant(ints: [number], extents: []) }
    if let numbers = try node.ints("value_ints") { return ONNXConstant(ints: numbers) }
    if let numbers = try node.floats("value_floats") {
      return ONNXConstant(floats: numbers, extents: [numbers.count])
    }
    return nil
  }

  private func plans(_ node: ONNXNode, _ inputs: [ONNXConstant?]) throws -> [Plan]? {
    let known = inputs.compactMap(\.self)
    guard let first = known.first, inputs[0] != nil else { return nil }
    func one(_ plan: Plan?) -> [Plan]? { plan.map { [$0] } }
    switch node.type {
    case "Cast": return one(cast(first, to: try node.int("to") ?? 1))
    case "CastLike": return known.count == 2 ? one(cast(first, to: known[1].isWhole ? 7 : 1)) : nil
    case "Transpose":
      let order = try Self.order(node, first.extents)
      let steps = ONNXCells.steps(of: first.extents)
      let extents = order.map { first.extents[$0] }
      return one(picked(first, extents, steps: order.map { steps[$0] }))
    case "Expand":
      guard known.count == 2, let wanted = try known[1].ints() else { return nil }
      let extents = try Self.broadcast([first.extents, wanted], node)
      return one(spread(first, over: extents))
    case "Tile":
      guard known.count == 2, let counts = try known[1].ints() else { return nil }
      return one(try tiled(first, counts, node))
    case "Gather":
      guard known.count == 2 else { return nil }
      return one(try gathered(first, known[1], axis: node.int("axis") ?? 0, node))
    case "Slice": return one(try sliced(first, inputs, node))
    case "Concat":
      return known.count == inputs.count
        ? one(try concatenated(known, axis: node.int("axis") ?? 0, node)) : nil
    case "Split": return try split(first, inputs, node)
    case "ConstantOfShape": return one(try filled(first, node))
    case "Range": return one(try range(known))
    case "Where": return known.count == 3 ? one(try choice(known, node)) : nil
    case _ where node.type.hasPrefix("Reduce"): return one(try reduction(first, inputs, node))
    default:
      // Clip and the like leave inputs out, and are not computed here.
      guard known.count == inputs.count else { return nil }
      return one(try known.count == 1 ? unary(node, first) : joined(node, known))
    }
  }
}

/// Why a node is no layer, or gives no numbers that are known, as a predicate of a sentence.
struct ONNXGap: Error {
  let type: String
  /// `has axis 2, …`
  let predicate: String

  init(_ node: ONNXNode, _ predicate: String) { (type, self.predicate) = (node.type, predicate) }

  static func noOperation(_ node: ONNXNode) -> ONNXGap {
    ONNXGap(node, "is no operation of the book")
  }
}
