internal import Interchange
internal import Tensors

/// What operators make of numbers that are known: the shape arithmetic that exporters leave behind.
struct ONNXFolding {
  /// How many numbers may be made in all.
  private var rest = 1 << 22

  /// What a node gives for known numbers; nil if it is not computed here.
  mutating func result(_ node: ONNXNode, _ inputs: [ONNXConstant?]) throws -> ONNXConstant? {
    guard let result = try compute(node, inputs) else { return nil }
    if case .entry = result.content { return result }
    rest -= result.count
    return rest >= 0 ? result : nil
  }

  private func compute(_ node: ONNXNode, _ inputs: [ONNXConstant?]) throws -> ONNXConstant? {
    if node.type == "Constant" { return try constant(node) }
    guard let first = inputs.first.flatMap({ $0 }) else { return nil }
    func argument(_ index: Int, _ attribute: String) throws -> [Int]? {
      try node.ints(attribute) ?? (inputs.indices.contains(index) ? inputs[index]?.ints() : nil)
    }
    switch node.type {
    case "Identity", "Dropout": return first
    case "Cast": return try cast(first, to: node.int("to") ?? 1)
    case "CastLike":
      guard let model = inputs.count > 1 ? inputs[1] : nil else { return nil }
      return try cast(first, to: model.isWhole ? 7 : 1)
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
    case "Transpose": return try transposed(first, node.ints("perm"))
    case "Shape":
      return ONNXConstant(ints: try Self.part(of: first.extents, node))
    case "Size": return ONNXConstant(ints: [first.count], extents: [])
    case "Gather":
      guard let indices = inputs.count > 1 ? inputs[1] : nil else { return nil }
      return try gathered(first, indices, axis: node.int("axis") ?? 0, node)
    case "Slice": return try sliced(first, inputs, node)
    case "Concat": return try concatenated(inputs, axis: node.int("axis") ?? 0, node)
    case "ConstantOfShape": return try filled(first, node)
    case "Range": return try range(inputs)
    case "ReduceProd", "ReduceSum", "ReduceMax", "ReduceMin":
      guard first.extents.count <= 1, let numbers = try first.ints() else { return nil }
      return try reduced(numbers, node)
    default:
      return inputs.count == 1 ? try unary(node.type, first) : try binary(node.type, inputs)
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

  /// 1, 10, 11 and 16 are float, float16, double and bfloat16; 2 to 7, 12 and 13 whole numbers; 9 truth.
  private func cast(_ x: ONNXConstant, to type: Int) throws -> ONNXConstant? {
    switch type {
    case 1, 10, 11, 16:
      if case .entry = x.content, !x.isWhole { return x }
      return try x.floats().map { ONNXConstant(floats: $0, extents: x.extents) }
    case 2...7, 12, 13:
      if let numbers = try x.ints() { return ONNXConstant(ints: numbers, extents: x.extents) }
      let numbers = try x.floats()?.map { Int(exactly: $0.rounded(.towardZero)) }
      guard let whole = numbers?.compactMap(\.self), whole.count == numbers?.count else {
        return nil
      }
      return ONNXConstant(ints: whole, extents: x.extents)
    case 9:
      return try x.floats().map {
        ONNXConstant(ints: $0.map { $0 == 0 ? 0 : 1 }, extents: x.extents)
      }
    default: return nil
    }
  }

  private func transposed(_ x: ONNXConstant, _ order: [Int]?) throws -> ONNXConstant? {
    let axes = order ?? Array(x.extents.indices.reversed())
    guard axes.sorted() == Array(x.extents.indices) else { return nil }
    guard x.extents.count > 1 else { return x }
    if case .entry(let entry) = x.content { return ONNXConstant(entry.permuted(axes)) }
    guard (1...ONNXConstant.most).contains(x.count) else { return nil }
    let extents = axes.map { x.extents[$0] }
    // Counted in the new order: where each cell lies in the old one.
    var places = [0]
    for axis in axes {
      let step = x.extents[(axis + 1)...].reduce(1, *)
      places = places.flatMap { place in (0..<x.extents[axis]).map { place + $0 * step } }
    }
    return try picked(x, places, extents: extents)
  }

  private func gathered(
    _ x: ONNXConstant, _ indices: ONNXConstant, axis: Int, _ node: ONNXNode
  ) throws -> ONNXConstant? {
    guard x.extents.count == 1, axis == 0 || axis == -1, indices.extents.count <= 1,
      let places = try indices.ints()
    else { return nil }
    let count = x.extents[0]
    let found = places.map { $0 < 0 ? $0 + count : $0 }
    guard found.allSatisfy({ (0..<count).contains($0) }) else {
      throw InterchangeError("\(node.subject) asks for a number that is not among \(count)")
    }
    return try picked(x, found, extents: indices.extents)
  }

  private func picked(
    _ x: ONNXConstant, _ places: [Int], extents: [Int]
  ) throws -> ONNXConstant? {
    if let numbers = try x.ints() {
      return ONNXConstant(ints: places.map { numbers[$0] }, extents: extents)
    }
    return try x.floats().map { numbers in
      ONNXConstant(floats: places.map { numbers[$0] }, extents: extents)
    }
  }

  private func sliced(
    _ x: ONNXConstant, _ inputs: [ONNXConstant?], _ node: ONNXNode
  ) throws -> ONNXConstant? {
    guard (1...ONNXConstant.most).contains(x.count), let cut = try ONNXSlice(node, inputs) else {
      return nil
    }
    let axes = cut.axes.map { $0 < 0 ? $0 + x.extents.count : $0 }
    _ = try Self.places(cut.axes, of: x.extents.count, x.extents, node)
    var (places, extents) = ([0], x.extents)
    for (axis, extent) in x.extents.enumerated() {
      let kept =
        axes.firstIndex(of: axis).map { cut.places(along: $0, of: extent) } ?? Array(0..<extent)
      let step = x.extents[(axis + 1)...].reduce(1, *)
      places = places.flatMap { place in kept.map { place + $0 * step } }
      extents[axis] = kept.count
    }
    return try picked(x, places, extents: extents)
  }

  private func concatenated(
    _ inputs: [ONNXConstant?], axis: Int, _ node: ONNXNode
  ) throws -> ONNXConstant? {
    let known = inputs.compactMap(\.self)
    guard known.count == inputs.count, axis == 0 || axis == -1,
      known.allSatisfy({ $0.extents.count == 1 }),
      known.reduce(0, { $0 + min($1.count, ONNXConstant.most + 1) }) <= ONNXConstant.most
    else { return nil }
    let whole = try known.map { try $0.ints() }.compactMap(\.self)
    if whole.count == known.count { return ONNXConstant(ints: Array(whole.joined())) }
    let all = try known.map { try $0.floats() }.compactMap(\.self)
    guard all.count == known.count else { return nil }
    let numbers = Array(all.joined())
    return ONNXConstant(floats: numbers, extents: [numbers.count])
  }

  private func filled(_ x: ONNXConstant, _ node: ONNXNode) throws -> ONNXConstant? {
    guard let extents = try x.ints(), let shape = try? Shape(validating: extents),
      shape.count <= ONNXConstant.most
    else { return nil }
    let value = try node.tensor("value").map(ONNXConstant.init)
    if let whole = try value?.ints()?.first {
      return ONNXConstant(ints: Array(repeating: whole, count: shape.count), extents: extents)
    }
    let number = try value?.floats()?.first ?? 0
    return ONNXConstant(floats: Array(repeating: number, count: shape.count), extents: extents)
  }

  private func range(_ inputs: [ONNXConstant?]) throws -> ONNXConstant? {
    let bounds = try inputs.compactMap { try $0?.ints()?.first }
    guard bounds.count == 3, bounds[2] != 0,
      bounds.allSatisfy({ $0.magnitude <= ONNXConstant.most })
    else { return nil }
    return ONNXConstant(ints: Array(stride(from: bounds[0], to: bounds[1], by: bounds[2])))
  }

  private func reduced(_ numbers: [Int], _ node: ONNXNode) throws -> ONNXConstant? {
    var result: Int? = numbers.first ?? (node.type == "ReduceProd" ? 1 : 0)
    for number in numbers.dropFirst() {
      result = result.flatMap { total in
        switch node.type {
        case "ReduceProd": Self.exact(total.multipliedReportingOverflow(by: number))
        case "ReduceSum": Self.exact(total.addingReportingOverflow(number))
        case "ReduceMax": max(total, number)
        default: min(total, number)
        }
      }
    }
    return try result.map {
      ONNXConstant(ints: [$0], extents: try node.int("keepdims") == 0 ? [] : [1])
    }
  }
}
