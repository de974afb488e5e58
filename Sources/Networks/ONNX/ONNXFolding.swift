internal import Interchange
internal import Tensors
internal import WeightFiles

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
    switch node.type {
    case "Identity", "Dropout": return first
    case "Cast" where [1, 10, 11, 16].contains(try node.int("to") ?? 1):
      if case .numbers = first.content { return nil }
      return first.isWhole ? nil : first
    case "Reshape":
      guard let wanted = try node.ints("shape", or: 1, of: inputs) else { return nil }
      return try first.reshaped(
        Self.extents(first.extents, reshaped: wanted, keepsZero: node.int("allowzero") == 1, node))
    case "Flatten":
      return try first.reshaped(Self.flattened(first.extents, axis: node.int("axis") ?? 1, node))
    case "Squeeze":
      return try first.reshaped(
        Self.squeezed(first.extents, node.ints("axes", or: 1, of: inputs), node))
    case "Unsqueeze":
      guard let axes = try node.ints("axes", or: 1, of: inputs) else { return nil }
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

/// Known numbers in another order, some of them, or several times.
extension ONNXFolding {
  func picked(_ x: ONNXConstant, _ extents: [Int], steps: [Int], from start: Int = 0) -> Plan {
    Plan(extents: extents) {
      try x.numbers()?.picked(ONNXCells.places(extents, steps: steps, from: start))
    }
  }

  func spread(_ x: ONNXConstant, over extents: [Int]) -> Plan {
    Plan(extents: extents) {
      try x.numbers()?.picked(ONNXCells.places(of: x.extents, spreadOver: extents))
    }
  }

  func tiled(_ x: ONNXConstant, _ counts: [Int], _ node: ONNXNode) throws -> Plan {
    guard counts.count == x.extents.count,
      counts.allSatisfy({ (0...ONNXConstant.most).contains($0) })
    else {
      throw InterchangeError(
        "\(node.subject) repeats \(Shape.text(x.extents, "(", ")")) \(Shape.text(counts, "(", ")")) times, "
          + "expected a number for each axis")
    }
    let own = ONNXCells.steps(of: x.extents)
    // Each axis twice: the copies, and the cells of one.
    let (extents, steps) = (zip(counts, x.extents).flatMap { [$0, $1] }, own.flatMap { [0, $0] })
    // Extents that cannot be counted are refused before.
    return Plan(
      extents: zip(counts, x.extents).map { $0.multipliedReportingOverflow(by: $1) }
        .map { $0.overflow ? Int.max : $0.partialValue }
    ) { try x.numbers()?.picked(ONNXCells.places(extents, steps: steps)) }
  }

  func gathered(
    _ x: ONNXConstant, _ indices: ONNXConstant, axis: Int, _ node: ONNXNode
  ) throws -> Plan? {
    let axis = try Self.places([axis], of: x.extents.count, x.extents, node).first!
    guard let places = try indices.ints() else { return nil }
    let count = x.extents[axis]
    let found = places.map { $0 < 0 ? $0 &+ count : $0 }
    guard found.allSatisfy({ (0..<count).contains($0) }) else {
      throw InterchangeError("\(node.subject) asks for a number that is not among \(count)")
    }
    let (before, behind) = (Array(x.extents[..<axis]), Array(x.extents[(axis + 1)...]))
    let steps = ONNXCells.steps(of: x.extents)
    return Plan(extents: before + indices.extents + behind) {
      let starts = ONNXCells.places(before, steps: Array(steps[..<axis]))
      let rows = starts.flatMap { start in found.map { start + $0 * steps[axis] } }
      let inner = ONNXCells.places(behind, steps: Array(steps[(axis + 1)...]))
      return try x.numbers()?.picked(rows.flatMap { row in inner.map { row + $0 } })
    }
  }

  func sliced(_ x: ONNXConstant, _ inputs: [ONNXConstant?], _ node: ONNXNode) throws -> Plan? {
    guard let cut = try ONNXSlice(node, inputs) else { return nil }
    _ = try Self.places(cut.axes, of: x.extents.count, x.extents, node)
    var (extents, steps, start) = (x.extents, ONNXCells.steps(of: x.extents), 0)
    for (index, axis) in cut.axes.enumerated() {
      let axis = axis < 0 ? axis + x.extents.count : axis
      let places = cut.places(along: index, of: x.extents[axis])
      start += (places.first ?? 0) * steps[axis]
      steps[axis] *= places.count > 1 ? places[1] - places[0] : 1
      extents[axis] = places.count
    }
    return picked(x, extents, steps: steps, from: start)
  }

  func split(_ x: ONNXConstant, _ inputs: [ONNXConstant?], _ node: ONNXNode) throws -> [Plan]? {
    let axis = try Self.places([node.int("axis") ?? 0], of: x.extents.count, x.extents, node).first!
    guard inputs.count < 2 || inputs[1] != nil else { return nil }
    let stated = try node.ints("split") ?? (inputs.count > 1 ? inputs[1]?.ints() : nil)
    let sizes = try Self.parts(of: x.extents[axis], stated, node)
    let steps = ONNXCells.steps(of: x.extents)
    var start = 0
    return sizes.map { size in
      var extents = x.extents
      extents[axis] = size
      defer { start += size }
      return picked(x, extents, steps: steps, from: start * steps[axis])
    }
  }

  func concatenated(_ all: [ONNXConstant], axis: Int, _ node: ONNXNode) throws -> Plan {
    let (axis, extents) = try Self.concatenated(all.map(\.extents), axis: axis, node)
    return Plan(extents: extents) {
      let parts = try all.map { try $0.numbers() }.compactMap(\.self)
      guard parts.count == all.count else { return nil }
      let rows = extents[..<axis].reduce(1, *)
      let widths = all.map { $0.extents[axis...].reduce(1, *) }
      func whole<Number>(_ lists: [[Number]]) -> [Number] {
        var numbers: [Number] = []
        for row in 0..<rows {
          for (list, width) in zip(lists, widths) {
            numbers += list[row * width..<(row + 1) * width]
          }
        }
        return numbers
      }
      let ints = parts.compactMap { if case .ints(let numbers) = $0 { numbers } else { nil } }
      return ints.count == parts.count ? .ints(whole(ints)) : .floats(whole(parts.map(\.floats)))
    }
  }

  func filled(_ x: ONNXConstant, _ node: ONNXNode) throws -> Plan? {
    guard let extents = try x.ints() else { return nil }
    let value = try node.tensor("value").map(ONNXConstant.init)?.numbers() ?? .floats([0])
    return Plan(extents: extents) {
      value.floats.isEmpty ? nil : value.picked(Array(repeating: 0, count: extents.reduce(1, *)))
    }
  }

  func range(_ bounds: [ONNXConstant]) throws -> Plan? {
    let ints = try bounds.compactMap { try $0.ints()?.first }
    if ints.count == 3, ints[2] != 0, ints.allSatisfy({ $0.magnitude < 1 << 40 }) {
      let count = max(0, (ints[1] - ints[0] + ints[2] - ints[2].signum()) / ints[2])
      return Plan(extents: [count]) { .ints((0..<count).map { ints[0] + $0 * ints[2] }) }
    }
    let floats = try bounds.compactMap { try $0.scalar() }
    guard floats.count == 3, ints.count < 3 else { return nil }
    let count = ((floats[1] - floats[0]) / floats[2]).rounded(.up)
    guard count.isFinite, count < Double(1 << 40) else { return nil }
    let whole = max(0, Int(count))
    return Plan(extents: [whole]) {
      .floats((0..<whole).map { floats[0] + Double($0) * floats[2] })
    }
  }
}
