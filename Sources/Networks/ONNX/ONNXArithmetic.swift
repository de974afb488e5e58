internal import Interchange
internal import Tensors
internal import WeightFiles

/// Sums, products and powers: of maps with numbers, and of maps with maps.
extension ONNXImporter {
  mutating func arithmetic(_ x: ONNXArguments) throws -> ONNXMaps? {
    let all = x.node.inputs.indices.map { x.maps($0) }
    let maps = all.compactMap(\.self)
    if maps.count == all.count { return try join(maps, x) }
    guard all.count == 2, maps.count == 1, let constant = x.constant(all[0] == nil ? 0 : 1) else {
      throw x.gap("joins maps with several constants at once; the book joins with one")
    }
    return try combine(maps[0], with: constant, isFirst: all[0] != nil, x)
  }

  // MARK: With numbers

  /// - Parameter isFirst: whether the maps stand before the number.
  private mutating func combine(
    _ maps: ONNXMaps, with constant: ONNXConstant, isFirst: Bool, _ x: ONNXArguments
  ) throws -> ONNXMaps? {
    // One number may have more axes than the maps; then they would get them too.
    if constant.count == 1, constant.extents.count <= max(maps.extents.count, 1) {
      guard let number = try constant.scalar() else { return nil }
      return try combine(maps, with: number, isFirst: isFirst, x)
    }
    guard maps.shape != nil else { return nil }
    guard isPerChannel(constant, maps), let channels = maps.shape?.channels,
      let entry = constant.entry().reshaped([channels])
    else {
      _ = try ONNXFolding.broadcast([maps.extents, constant.extents], x.node)
      throw x.gap(
        "joins \(maps.text) with \(Shape.text(constant.extents, "(", ")")) numbers; the book joins maps with "
          + "one number, or one for each channel")
    }
    let source = x.node.input(isFirst ? 1 : 0)
    func affine(
      weight: WeightEntry?, bias: WeightEntry?, isSource: Bool = true
    ) throws -> ONNXMaps {
      let result = try add(
        .affine(weight: weight != nil, bias: bias != nil), [maps], for: x.node,
        extents: maps.extents)
      var tensors: [String: WeightEntry] = [:]
      tensors["weight"] = weight
      tensors["bias"] = bias
      attach(
        tensors,
        sources: isSource
          ? ["weight": weight == nil ? nil : source, "bias": bias == nil ? nil : source] : [:])
      return result
    }
    func changed(_ function: (Float) -> Float) throws -> WeightEntry {
      do {
        return WeightEntry(name: "", tensor: try entry.tensor().map(function))
      } catch let problem as FileProblem {
        return WeightEntry(name: "", shape: entry.shape, missing: problem)
      }
    }
    switch x.node.type {
    case "Add", "Sum":
      if let product = x.node.input(isFirst ? 0 : 1),
        addBias(entry, from: source, toProduct: product)
      {
        return maps
      }
      return try affine(weight: nil, bias: entry)
    case "Mul": return try affine(weight: entry, bias: nil)
    case "Sub" where isFirst:
      return try affine(weight: nil, bias: try changed { -$0 }, isSource: false)
    case "Sub": return try affine(weight: try changed { _ in -1 }, bias: entry, isSource: false)
    case "Div" where isFirst:
      return try affine(weight: try changed { 1 / $0 }, bias: nil, isSource: false)
    default:
      throw x.gap(
        "joins maps with one number for each channel; the book has that for Add, Sub, Mul, and Div by them"
      )
    }
  }

  private mutating func combine(
    _ maps: ONNXMaps, with number: Double, isFirst: Bool, _ x: ONNXArguments
  ) throws -> ONNXMaps? {
    func power(_ exponent: Double, _ scale: Double, _ shift: Double) throws -> ONNXMaps {
      try add(
        .power(exponent: exponent, scale: scale, shift: shift), [maps], for: x.node,
        extents: maps.extents)
    }
    func held(_ range: ClosedRange<Double>) throws -> ONNXMaps {
      try add(
        .activation(range == 0...(.infinity) ? .relu : .clipped(range)), [maps], for: x.node,
        extents: maps.extents)
    }
    guard !number.isNaN else {
      throw InterchangeError("\(x.node.subject) joins maps with what is not a number (NaN)")
    }
    switch (x.node.type, isFirst) {
    case ("Add", _), ("Sum", _): return try power(1, 1, number)
    case ("Mean", _): return try power(1, 0.5, number / 2)
    case ("Sub", true): return try power(1, 1, -number)
    case ("Sub", false): return try power(1, -1, number)
    case ("Mul", _): return try power(1, number, 0)
    case ("Div", true): return try power(1, 1 / number, 0)
    case ("Div", false) where number != 0: return try power(-1, 1 / number, 0)
    case ("Pow", true): return try power(number, 1, 0)
    case ("Max", _): return try held(number...(.infinity))
    case ("Min", _): return try held(-.infinity...number)
    default:
      throw x.gap(
        isFirst
          ? "takes the number \(number) behind maps, which the book does not have"
          : "takes the number \(number) before maps, which the book does not have")
    }
  }

  mutating func power(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard let maps = x.maps(0) else { return nil }
    let operation: Network.Operation =
      switch x.node.type {
      case "Sqrt": .power(exponent: 0.5, scale: 1, shift: 0)
      case "Reciprocal": .power(exponent: -1, scale: 1, shift: 0)
      default: .scale(-1)
      }
    return try add(operation, [maps], for: x.node, extents: maps.extents)
  }

  // MARK: With maps

  private mutating func join(_ maps: [ONNXMaps], _ x: ONNXArguments) throws -> ONNXMaps? {
    let type = x.node.type
    guard maps.count > 1 else {
      return ["Sum", "Mean", "Max", "Min"].contains(type) ? maps[0] : nil
    }
    let isProduct = type == "Mul" || type == "Div"
    guard let extents = commonExtents(maps, isProduct: isProduct) else {
      // Streams that are alike but for their sizes are a picture's fault, not the operator's.
      let isAlike = maps.allSatisfy { other in
        other.spatialRank(expected: 2) == 2 && !other.isVector && other.shape != nil
          && other.shape?.channels == maps[0].shape?.channels
      }
      if isAlike { try refuseDifferentSizes(maps, isProduct ? .product : .sum, x.node) }
      _ = try ONNXFolding.broadcast(maps.map(\.extents), x.node)
      throw x.gap(
        "joins \(maps.map(\.text).joined(separator: " and ")); the book joins maps of one shape, or with "
          + "maps of one cell")
    }
    switch type {
    case "Add", "Sum": return try add(.sum, maps, for: x.node, extents: extents)
    case "Mean":
      let parts = Array(repeating: 1 / Double(maps.count), count: maps.count)
      return try add(.sum(coefficients: parts), maps, for: x.node, extents: extents)
    case "Sub": return try add(.sum(coefficients: [1, -1]), maps, for: x.node, extents: extents)
    case "Mul": return try add(.product, maps, for: x.node, extents: extents)
    case "Max": return try add(.maximum, maps, for: x.node, extents: extents)
    case "Div":
      let inverse = try add(
        .power(exponent: -1, scale: 1, shift: 0), [maps[1]], for: x.node, part: "inverse",
        extents: maps[1].extents)
      return try add(.product, [maps[0], inverse], for: x.node, extents: extents)
    default: throw x.gap("joins maps with maps; the book has that with one number only")
    }
  }

  /// The extents of what comes out of maps that are joined cell by cell, where one map of a single cell,
  /// or in a product of a single channel, goes with all; nil where axes of another meaning would meet.
  private func commonExtents(_ maps: [ONNXMaps], isProduct: Bool) -> [Int]? {
    let shapes = maps.compactMap(\.shape)
    guard shapes.count == maps.count else { return maps.first { $0.shape == nil }?.extents }
    let first = maps[0]
    if maps.allSatisfy({
      $0.shape == first.shape && $0.extents == first.extents
        && ($0.isChannelsLast == first.isChannelsLast || $0.isVector)
    }) {
      return first.extents
    }
    let largest = maps.max { $0.shape!.size.area < $1.shape!.size.area }!
    let channels = shapes.map(\.channels).max()!
    guard let roles = largest.roles else { return nil }
    for other in maps {
      guard let shape = other.shape, other.extents.count == largest.extents.count,
        shape.size == largest.shape!.size || shape.size.area == 1,
        shape.channels == channels || isProduct && shape.channels == 1
      else { return nil }
      for (place, extent) in other.extents.enumerated() where extent != 1 {
        let expected: Int? =
          switch roles[place] {
          case .batch: other.batch
          case .channel: shape.channels
          case .height: shape.size.height
          case .width: shape.size.width
          // One channel of the larger stands for those of the other.
          case nil: nil
          }
        guard extent == expected else { return nil }
      }
    }
    // What joins maps reads the order of the first.
    guard largest.isChannelsLast == first.isChannelsLast || first.isVector else { return nil }
    return largest.extents.indices.map { place in
      roles[place] == .channel ? channels : maps.map { $0.extents[place] }.max()!
    }
  }
}
