internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// Operators that change the shape in which maps are seen, and most of them no number.
extension ONNXImporter {
  mutating func reshape(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard var maps = x.maps(0) else { return nil }
    guard maps.shape != nil else { return maps }
    let (node, extents) = (x.node, maps.extents)
    switch node.type {
    case "Flatten":
      maps.extents = try ONNXFolding.flattened(extents, axis: try node.int("axis") ?? 1, node)
    case "Squeeze":
      if x.has(1), x.constant(1) == nil { return nil }
      maps.extents = try ONNXFolding.squeezed(extents, x.ints("axes", or: 1), node)
    case "Unsqueeze":
      guard let axes = try x.ints("axes", or: 1) else { return nil }
      maps.extents = try ONNXFolding.unsqueezed(extents, axes, node)
    case "Expand":
      // It may repeat cells; here it must not.
      guard let wanted = try x.constant(1)?.ints() else { return nil }
      guard try ONNXFolding.broadcast([extents, wanted], node) == extents else {
        throw x.gap(
          "repeats cells of \(maps.text) to \(Shape.text(wanted, "(", ")")); the book repeats none")
      }
      return maps
    default:
      guard let wanted = try x.ints("shape", or: 1) else { return nil }
      maps.extents = try ONNXFolding.extents(
        extents, reshaped: wanted, keepsZero: try node.int("allowzero") == 1, node)
    }
    if let block = block(of: maps, made: maps.extents) {
      return try add(.pixelShuffle(block), [maps], for: node, extents: maps.extents)
    }
    // The step from maps to one list is worth a row; other shapes are the file's own business.
    guard maps.extents.count == 2, extents.count > 2 else { return maps }
    return try add(.identity("flatten"), [maps], for: node, extents: maps.extents)
  }

  /// How large the maps are that one cell of many channels becomes, as in a decoder behind a fully
  /// connected layer; nil if it becomes none.
  private func block(of maps: ONNXMaps, made extents: [Int]) -> Size? {
    guard maps.isVector, let shape = maps.shape, extents.count == (isLine ? 3 : 4),
      extents[0] == maps.batch, extents[1] < shape.channels,
      extents[1...].reduce(1, *) == shape.channels
    else { return nil }
    return isLine
      ? Size(height: 1, width: extents[2]) : Size(height: extents[2], width: extents[3])
  }

  /// The channels of blocks as cells side by side; in the mode DCR the blocks are the outer ones.
  mutating func depthToSpace(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard let maps = x.maps(0) else { return nil }
    guard let side = try x.node.int("blocksize"), (1...1 << 10).contains(side) else {
      throw InterchangeError("\(x.node.subject) has no blocksize from 1 to 1024")
    }
    guard let shape = maps.shape, maps.spatialRank(expected: 2) == 2 else { return nil }
    guard shape.channels % (side * side) == 0 else {
      throw InterchangeError(
        "\(x.node.subject) makes blocks of \(side)×\(side) of \(counted(shape.channels, "channel")), which "
          + "\(side * side) does not divide")
    }
    var read = maps
    switch try x.node.text("mode") ?? "DCR" {
    case "CRD": break
    case "DCR":
      read = try add(
        .shuffle(groups: side * side), [maps], for: x.node, part: "order", extents: maps.extents)
    case let other:
      throw InterchangeError(
        "\(x.node.subject) has mode \(other.printable), expected DCR or CRD")
    }
    return try add(.pixelShuffle(Size(side)), [read], for: x.node)
  }

  mutating func copy(_ x: ONNXArguments) throws -> ONNXMaps? {
    // 1, 10, 11 and 16 are float, float16, double and bfloat16.
    guard x.node.type == "Cast" else { return x.maps(0) }
    let type = try x.node.int("to") ?? 1
    guard [1, 10, 11, 16].contains(type) else {
      throw x.gap("makes numbers of type \(type) of maps; the book's are floats")
    }
    return x.maps(0)
  }

  /// Axes in another order: channels last and back, or the channels of groups in turn.
  mutating func transposition(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard var maps = x.maps(0) else { return nil }
    guard let shape = maps.shape else { return maps }
    let order = try ONNXFolding.order(x.node, maps.extents)
    let gap = x.gap(
      "turns the axes of \(maps.text) to the order \(Shape.text(order)); the book has channels last and back, and "
        + "channels of groups in turn")
    let roles = maps.roles
    let extents = order.map { maps.extents[$0] }
    // Axes of one cell may stand anywhere.
    let moved = order.filter { maps.extents[$0] != 1 }
    maps.extents = extents
    if moved == moved.sorted() { return maps }
    guard let roles else {
      guard let made = try shuffle(maps, shape, order, x.node) else { throw gap }
      return made
    }
    let wide = moved.compactMap { roles[$0] }
    let spatial = wide.filter { $0 == .height || $0 == .width }
    let batch = wide.filter { $0 == .batch }
    guard spatial != [.width, .height] else { throw gap }
    if wide == batch + [.channel] + spatial {
      maps.isChannelsLast = false
    } else if wide == batch + spatial + [.channel] {
      maps.isChannelsLast = true
    } else {
      throw gap
    }
    return maps
  }

  /// (batch, groups, channels each, height, width) with the two in the middle exchanged.
  private mutating func shuffle(
    _ maps: ONNXMaps, _ shape: MapShape, _ order: [Int], _ node: ONNXNode
  ) throws -> ONNXMaps? {
    let extents = maps.extents
    guard !maps.isChannelsLast, order.count >= 4,
      Array(order[..<3]) == [0, 2, 1], Array(order[3...]) == Array(3..<order.count),
      extents[0] == maps.batch, extents[1] * extents[2] == shape.channels,
      extents[3...].reduce(1, *) == shape.size.area
    else { return nil }
    // After the exchange the groups are the third.
    return try add(.shuffle(groups: extents[2]), [maps], for: node, extents: extents)
  }

  /// Maps that the file has laid out as lists of their numbers, as one cell of so many channels; others stay
  /// as they are.
  private mutating func inARow(
    _ maps: ONNXMaps, _ node: ONNXNode, _ part: String
  ) throws -> ONNXMaps {
    guard let shape = maps.shape, shape.size.area > 1, !maps.isChannelsLast,
      maps.extents.count > 1, maps.extents[0] == maps.batch,
      maps.extents[1] == shape.channels * shape.size.area,
      maps.extents[2...].allSatisfy({ $0 == 1 })
    else { return maps }
    let result = try add(
      .pixelUnshuffle(shape.size), [maps], for: node, part: "row\(part)", extents: maps.extents)
    stretching[result.layer] = .globalPool(.mean)
    bind(result.layer, isBlind: false)
    return result
  }

  mutating func concatenation(_ x: ONNXArguments) throws -> ONNXMaps? {
    var maps = x.node.inputs.indices.compactMap { x.maps($0) }
    for index in maps.indices { maps[index] = try inARow(maps[index], x.node, "\(index + 1)") }
    guard let first = maps.first else { return nil }
    guard maps.count == x.node.inputs.count else {
      throw x.gap("puts numbers beside maps; the book puts maps behind each other")
    }
    guard let axis = try x.node.int("axis") else {
      throw InterchangeError("\(x.node.subject) has no axis")
    }
    if maps.contains(where: { $0.shape == nil }) {
      return try add(.concatenate, maps, for: x.node, extents: [])
    }
    let place = try ONNXFolding.places([axis], of: first.extents.count, first.extents, x.node)
      .first!
    let isOfChannels = maps.allSatisfy {
      $0.role(place) == .channel && $0.extents.count == first.extents.count
        && ($0.isChannelsLast == first.isChannelsLast || first.isVector)
    }
    if isOfChannels { try refuseDifferentSizes(maps, .concatenate, x.node) }
    let (_, extents) = try ONNXFolding.concatenated(maps.map(\.extents), axis: axis, x.node)
    guard isOfChannels else {
      let odd = maps.first { $0.role(place) != .channel } ?? first
      throw x.gap(
        "has axis \(axis), \(odd.name(ofAxis: place)), of \(odd.text); the book puts channels behind each "
          + "other")
    }
    return try add(.concatenate, maps, for: x.node, extents: extents)
  }
}
