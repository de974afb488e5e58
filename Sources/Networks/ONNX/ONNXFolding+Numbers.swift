internal import Interchange
internal import Primitives
internal import Tensors
internal import WeightFiles

/// Sums, products, comparisons and functions of numbers that are known.
extension ONNXFolding {
  /// 1, 10, 11 and 16 are float, float16, double and bfloat16; 2 to 7, 12 and 13 whole numbers; 9 truth.
  func cast(_ x: ONNXConstant, to type: Int) -> Plan? {
    let convert: (ONNXConstant.Numbers) -> ONNXConstant.Numbers?
    switch type {
    case 1, 10, 11, 16: convert = { .floats($0.floats) }
    case 2...7, 12, 13:
      convert = { numbers in
        if case .ints = numbers { return numbers }
        let whole = numbers.floats.compactMap { Int(exactly: $0.rounded(.towardZero)) }
        return whole.count == numbers.floats.count ? .ints(whole) : nil
      }
    case 9: convert = { .ints($0.floats.map { $0 == 0 ? 0 : 1 }) }
    default: return nil
    }
    return Plan(extents: x.extents) { try x.numbers().flatMap(convert) }
  }

  func unary(_ node: ONNXNode, _ x: ONNXConstant) throws -> Plan? {
    let type = node.type
    func plan(
      _ whole: ((Int) -> Int)?, _ real: ((Double) -> Double)?
    ) -> Plan {
      Plan(extents: x.extents) {
        switch try x.numbers() {
        case .ints(let numbers): whole.map { .ints(numbers.map($0)) }
        case .floats(let numbers): real.map { .floats(numbers.map($0)) }
        case nil: nil
        }
      }
    }
    return switch type {
    case "Floor": plan({ $0 }, { $0.rounded(.down) })
    case "Ceil": plan({ $0 }, { $0.rounded(.up) })
    case "Round": plan({ $0 }, { $0.rounded(.toNearestOrEven) })
    case "Neg": plan({ 0 &- $0 }, { -$0 })
    case "Not": plan({ $0 == 0 ? 1 : 0 }, nil)
    case "Abs": plan({ $0 == .min ? .max : abs($0) }, { abs($0) })
    case "Sign": plan({ $0.signum() }, { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 })
    case "Relu": plan({ max($0, 0) }, { $0 < 0 ? 0 : $0 })
    case "Sqrt": plan(nil, { $0.squareRoot() })
    case "Reciprocal": plan(nil, { 1 / $0 })
    case "Exp": plan(nil, { Double.exp($0) })
    case "Log": plan(nil, { Double.log($0) })
    default: nil
    }
  }

  func choice(_ all: [ONNXConstant], _ node: ONNXNode) throws -> Plan {
    let extents = try Self.broadcast(all.map(\.extents), node)
    return Plan(extents: extents) {
      let lists = try all.map { try $0.numbers() }.compactMap(\.self)
      guard lists.count == 3, case .ints(let condition) = lists[0] else { return nil }
      let places = all.map { ONNXCells.places(of: $0.extents, spreadOver: extents) }
      func chosen<Number>(_ a: [Number], _ b: [Number]) -> [Number] {
        places[0].indices.map {
          condition[places[0][$0]] != 0 ? a[places[1][$0]] : b[places[2][$0]]
        }
      }
      if case (.ints(let a), .ints(let b)) = (lists[1], lists[2]) { return .ints(chosen(a, b)) }
      return .floats(chosen(lists[1].floats, lists[2].floats))
    }
  }

  /// Two or more joined number by number, each spread over the extents of all.
  func joined(_ node: ONNXNode, _ all: [ONNXConstant]) throws -> Plan? {
    let type = node.type
    let isOfMany = ["Sum", "Mean", "Max", "Min"].contains(type)
    guard isOfMany || all.count == 2, Self.joins.contains(type) else { return nil }
    let extents = try Self.broadcast(all.map(\.extents), node)
    return Plan(extents: extents) {
      let lists = try all.map { try $0.numbers() }.compactMap(\.self)
      guard lists.count == all.count else { return nil }
      let spread = zip(all, lists).map { constant, numbers in
        constant.extents == extents
          ? numbers : numbers.picked(ONNXCells.places(of: constant.extents, spreadOver: extents))
      }
      let whole = spread.compactMap { if case .ints(let numbers) = $0 { numbers } else { nil } }
      if whole.count == spread.count, type != "Mean" {
        var result = whole[0]
        for other in whole.dropFirst() {
          for index in result.indices {
            guard let number = Self.whole(type, result[index], other[index]) else { return nil }
            result[index] = number
          }
        }
        return .ints(result)
      }
      var result = spread[0].floats
      for other in spread.dropFirst().map(\.floats) {
        if let holds: (Double, Double) -> Bool = Self.comparison(type) {
          return .ints(zip(result, other).map { holds($0, $1) ? 1 : 0 })
        }
        for index in result.indices {
          guard let number = Self.real(type, result[index], other[index]) else { return nil }
          result[index] = number
        }
      }
      return .floats(type == "Mean" ? result.map { $0 / Double(all.count) } : result)
    }
  }

  private static let joins: Set = [
    "Add", "Sub", "Mul", "Div", "Mod", "Pow", "Min", "Max", "Sum", "Mean", "Equal", "Greater",
    "Less",
    "GreaterOrEqual", "LessOrEqual", "And", "Or", "Xor",
  ]

  private static func whole(_ type: String, _ a: Int, _ b: Int) -> Int? {
    func exact(_ result: (partialValue: Int, overflow: Bool)) -> Int? {
      result.overflow ? nil : result.partialValue
    }
    return switch type {
    case "Add", "Sum": exact(a.addingReportingOverflow(b))
    case "Sub": exact(a.subtractingReportingOverflow(b))
    case "Mul": exact(a.multipliedReportingOverflow(by: b))
    case "Div": exact(a.dividedReportingOverflow(by: b))
    // It has the sign of what divides, as in Python.
    case "Mod":
      b == 0 || b == -1
        ? (b == 0 ? nil : 0) : (a % b != 0 && (a % b < 0) != (b < 0) ? a % b + b : a % b)
    case "Pow":
      Int(exactly: Double.pow(Double(a), Double(b))).flatMap { $0.magnitude < 1 << 52 ? $0 : nil }
    case "Min": min(a, b)
    case "Max": max(a, b)
    case "And": a != 0 && b != 0 ? 1 : 0
    case "Or": a != 0 || b != 0 ? 1 : 0
    case "Xor": (a != 0) != (b != 0) ? 1 : 0
    default: comparison(type).map { (holds: (Int, Int) -> Bool) in holds(a, b) ? 1 : 0 }
    }
  }

  private static func comparison<Number: Comparable>(
    _ type: String
  ) -> ((Number, Number) -> Bool)? {
    switch type {
    case "Equal": (==)
    case "Greater": (>)
    case "Less": (<)
    case "GreaterOrEqual": (>=)
    case "LessOrEqual": (<=)
    default: nil
    }
  }

  private static func real(_ type: String, _ a: Double, _ b: Double) -> Double? {
    switch type {
    case "Add", "Sum", "Mean": a + b
    case "Sub": a - b
    case "Mul": a * b
    case "Div": a / b
    case "Pow": Double.pow(a, b)
    case "Min": min(a, b)
    case "Max": max(a, b)
    default: nil
    }
  }

  // MARK: Over axes

  func reduction(_ x: ONNXConstant, _ inputs: [ONNXConstant?], _ node: ONNXNode) throws -> Plan? {
    guard inputs.count < 2 || inputs[1] != nil else { return nil }
    let axes = try node.ints("axes") ?? (inputs.count > 1 ? inputs[1]?.ints() : nil)
    let rank = x.extents.count
    let isNothing = try node.int("noop_with_empty_axes") == 1
    let places =
      axes?.isEmpty ?? true
      ? Set(isNothing ? 0..<0 : 0..<rank) : try Self.places(axes!, of: rank, x.extents, node)
    guard let reduce = Self.reductions[node.type] else { return nil }
    let keeps = try node.int("keepdims") != 0
    let kept = (0..<rank).filter { !places.contains($0) }
    let gone = (0..<rank).filter(places.contains)
    let extents = (0..<rank).compactMap { axis in
      places.contains(axis) ? (keeps ? 1 : nil) : x.extents[axis]
    }
    return Plan(extents: extents) {
      guard let numbers = try x.numbers() else { return nil }
      let steps = ONNXCells.steps(of: x.extents)
      let starts = ONNXCells.places(kept.map { x.extents[$0] }, steps: kept.map { steps[$0] })
      let cells = ONNXCells.places(gone.map { x.extents[$0] }, steps: gone.map { steps[$0] })
      let floats = numbers.floats
      let results = starts.map { start in reduce(cells.lazy.map { floats[start + $0] }) }
      guard case .ints = numbers, node.type != "ReduceMean" else { return .floats(results) }
      let whole = results.compactMap { Int(exactly: $0) }
      return whole.count == results.count && whole.allSatisfy { $0.magnitude < 1 << 52 }
        ? .ints(whole) : nil
    }
  }

  private typealias Cells = LazyMapCollection<[Int], Double>
  private static let reductions: [String: @Sendable (Cells) -> Double] = [
    "ReduceSum": { $0.reduce(0, +) },
    "ReduceMean": { $0.reduce(0, +) / Double($0.count) },
    "ReduceProd": { $0.reduce(1, *) },
    "ReduceMax": { $0.reduce(-.infinity, max) },
    "ReduceMin": { $0.reduce(.infinity, min) },
    "ReduceL1": { $0.reduce(0) { $0 + abs($1) } },
    "ReduceL2": { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() },
    "ReduceSumSquare": { $0.reduce(0) { $0 + $1 * $1 } },
  ]
}
