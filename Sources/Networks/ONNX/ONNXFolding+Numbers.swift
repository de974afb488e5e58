internal import Interchange
internal import Tensors

/// Sums, products and comparisons of numbers that are known.
extension ONNXFolding {
  func unary(_ type: String, _ x: ONNXConstant) throws -> ONNXConstant? {
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

  func binary(_ type: String, _ inputs: [ONNXConstant?]) throws -> ONNXConstant? {
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

  static func exact(_ result: (partialValue: Int, overflow: Bool)) -> Int? {
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
