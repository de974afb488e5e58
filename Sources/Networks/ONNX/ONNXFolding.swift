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

  private func unary(_ type: String, _ x: ONNXConstant) throws -> ONNXConstant? {
    if let numbers = try x.ints() {
      switch type {
      case "Floor", "Ceil", "Round": return x
      case "Neg":
        return ONNXConstant(ints: numbers.map { $0 == .min ? .max : -$0 }, extents: x.extents)
      case "Not": return ONNXConstant(ints: numbers.map { $0 == 0 ? 1 : 0 }, extents: x.extents)
      default: return nil
      }
    }
    let function: (Double) -> Double
    switch type {
    case "Floor": function = { $0.rounded(.down) }
    case "Ceil": function = { $0.rounded(.up) }
    case "Round": function = { $0.rounded(.toNearestOrEven) }
    case "Neg": function = { -$0 }
    case "Sqrt": function = { $0.squareRoot() }
    case "Reciprocal": function = { 1 / $0 }
    default: return nil
    }
    return try x.floats().map { ONNXConstant(floats: $0.map(function), extents: x.extents) }
  }

  private func binary(_ type: String, _ inputs: [ONNXConstant?]) throws -> ONNXConstant? {
    let known = inputs.compactMap(\.self)
    if type == "Where" {
      guard known.count == 3, let condition = try known[0].ints(),
        condition.count == known[1].count,
        condition.count == known[2].count, let (a, b) = try wholes(known[1], known[2])
      else { return nil }
      let numbers = condition.indices.map { condition[$0] != 0 ? a[$0] : b[$0] }
      return ONNXConstant(ints: numbers, extents: known[0].extents)
    }
    guard known.count == 2, inputs.count == 2,
      let extents = Self.common(known[0].extents, known[1].extents)
    else { return nil }
    if let (a, b) = try wholes(known[0], known[1]) {
      let all = zip(a, b).map { Self.whole(type, $0, $1) }
      let numbers = all.compactMap(\.self)
      return numbers.count == all.count ? ONNXConstant(ints: numbers, extents: extents) : nil
    }
    guard let a = try known[0].floats(), let b = try known[1].floats() else { return nil }
    let count = max(a.count, b.count)
    let all = (0..<count).map { index in
      Self.real(type, a[a.count == 1 ? 0 : index], b[b.count == 1 ? 0 : index])
    }
    let numbers = all.compactMap(\.self)
    return numbers.count == all.count ? ONNXConstant(floats: numbers, extents: extents) : nil
  }

  /// Whole numbers of two constants, one that is alone repeated.
  private func wholes(
    _ a: ONNXConstant, _ b: ONNXConstant
  ) throws -> ([Int], [Int])? {
    guard let a = try a.ints(), let b = try b.ints() else { return nil }
    let count = max(a.count, b.count)
    func spread(_ numbers: [Int]) -> [Int] {
      numbers.count == 1 ? Array(repeating: numbers[0], count: count) : numbers
    }
    return (spread(a), spread(b))
  }

  /// The extents of two arrays of as many numbers, or of one number and many.
  private static func common(_ a: [Int], _ b: [Int]) -> [Int]? {
    let (first, second) = (a.reduce(1, *), b.reduce(1, *))
    if first == second { return a.count >= b.count ? a : b }
    return first == 1 ? b : second == 1 ? a : nil
  }

  private static func exact(_ result: (partialValue: Int, overflow: Bool)) -> Int? {
    result.overflow ? nil : result.partialValue
  }

  private static func whole(_ type: String, _ a: Int, _ b: Int) -> Int? {
    switch type {
    case "Add": exact(a.addingReportingOverflow(b))
    case "Sub": exact(a.subtractingReportingOverflow(b))
    case "Mul": exact(a.multipliedReportingOverflow(by: b))
    case "Div": exact(a.dividedReportingOverflow(by: b))
    case "Mod": b == 0 ? nil : exact(a.remainderReportingOverflow(dividingBy: b))
    case "Min": min(a, b)
    case "Max": max(a, b)
    case "Equal": a == b ? 1 : 0
    case "Greater": a > b ? 1 : 0
    case "Less": a < b ? 1 : 0
    case "And": a != 0 && b != 0 ? 1 : 0
    case "Or": a != 0 || b != 0 ? 1 : 0
    default: nil
    }
  }

  private static func real(_ type: String, _ a: Double, _ b: Double) -> Double? {
    switch type {
    case "Add": a + b
    case "Sub": a - b
    case "Mul": a * b
    case "Div": a / b
    case "Min": min(a, b)
    case "Max": max(a, b)
    default: nil
    }
  }
}
