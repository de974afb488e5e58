internal import Interchange
internal import Tensors

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
        (0..<rows).flatMap { row in
          zip(lists, widths).flatMap { $0[row * $1..<(row + 1) * $1] }
        }
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
