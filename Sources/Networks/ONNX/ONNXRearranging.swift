internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors

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
      guard let wanted = try x.constant(1)?.ints(), wanted.count <= extents.count,
        zip(wanted.reversed(), extents.reversed()).allSatisfy({ $0 == 1 || $0 == $1 })
      else { return nil }
      return maps
    default:
      guard let wanted = try x.ints("shape", or: 1) else { return nil }
      maps.extents = try ONNXFolding.extents(
        extents, reshaped: wanted, keepsZero: try node.int("allowzero") == 1, node)
    }
    // The step from maps to one list is worth a row; other shapes are the file's own business.
    guard maps.extents.count == 2, extents.count > 2 else { return maps }
    return try add(.identity("flatten"), [maps], for: node, extents: maps.extents)
  }

  mutating func copy(_ x: ONNXArguments) throws -> ONNXMaps? {
    // 1, 10, 11 and 16 are float, float16, double and bfloat16.
    guard x.node.type == "Cast" else { return x.maps(0) }
    return try [1, 10, 11, 16].contains(x.node.int("to") ?? 1) ? x.maps(0) : nil
  }

  /// Axes in another order: channels last and back, or the channels of groups in turn.
  mutating func transposition(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard var maps = x.maps(0) else { return nil }
    guard let shape = maps.shape else { return maps }
    let rank = maps.extents.count
    let order = try x.node.ints("perm") ?? Array((0..<rank).reversed())
    guard order.sorted() == Array(0..<rank) else {
      throw InterchangeError(
        "\(x.node.subject) has perm \(Shape.text(order)), expected each axis of \(rank) once")
    }
    let roles = maps.roles
    let extents = order.map { maps.extents[$0] }
    // Axes of one cell may stand anywhere.
    let moved = order.filter { maps.extents[$0] != 1 }
    maps.extents = extents
    if moved == moved.sorted() { return maps }
    guard let roles else { return try shuffle(maps, shape, order, x.node) }
    let wide = moved.compactMap { roles[$0] }
    let spatial = wide.filter { $0 == .height || $0 == .width }
    let batch = wide.filter { $0 == .batch }
    guard spatial != [.width, .height] else { return nil }
    if wide == batch + [.channel] + spatial {
      maps.isChannelsLast = false
    } else if wide == batch + spatial + [.channel] {
      maps.isChannelsLast = true
    } else {
      return nil
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

  mutating func concatenation(_ x: ONNXArguments) throws -> ONNXMaps? {
    let maps = x.node.inputs.indices.compactMap { x.maps($0) }
    guard maps.count == x.node.inputs.count, let first = maps.first else { return nil }
    guard let axis = try x.node.int("axis") else {
      throw InterchangeError("\(x.node.subject) has no axis")
    }
    if maps.contains(where: { $0.shape == nil }) {
      return try add(.concatenate, maps, for: x.node, extents: [])
    }
    let place = axis < 0 ? axis + first.extents.count : axis
    guard
      maps.allSatisfy({
        $0.role(place) == .channel && $0.extents.count == first.extents.count
          && ($0.isChannelsLast == first.isChannelsLast || first.isVector)
      })
    else { return nil }
    try refuseDifferentSizes(maps, .concatenate, x.node)
    var extents = first.extents
    extents[place] = maps.reduce(0) { $0 + $1.extents[place] }
    return try add(.concatenate, maps, for: x.node, extents: extents)
  }

  // MARK: Parts

  /// The cells from a start to before an end along one axis.
  private mutating func part(
    of maps: ONNXMaps, axis place: Int, _ range: Range<Int>, for node: ONNXNode, part: String = ""
  ) throws -> ONNXMaps? {
    guard let shape = maps.shape, let roles = maps.roles, roles.indices.contains(place),
      !range.isEmpty
    else { return nil }
    if range == 0..<maps.extents[place] { return maps }
    var extents = maps.extents
    extents[place] = range.count
    let operation: Network.Operation
    switch roles[place] {
    case .channel: operation = .channels(range)
    case .height:
      operation = .cut(
        offset: Size(height: range.lowerBound, width: 0),
        size: Size(height: range.count, width: shape.size.width))
    case .width:
      operation = .cut(
        offset: Size(height: 0, width: range.lowerBound),
        size: Size(height: shape.size.height, width: range.count))
    case .batch, nil: return nil
    }
    return try add(operation, [maps], for: node, part: part, extents: extents)
  }

  mutating func slice(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard var maps = x.maps(0) else { return nil }
    guard maps.shape != nil else { return maps }
    guard let cut = try ONNXSlice(x.node, x.constants) else { return nil }
    _ = try ONNXFolding.places(cut.axes, of: maps.extents.count, maps.extents, x.node)
    for (index, axis) in cut.axes.enumerated() {
      let place = axis < 0 ? axis + maps.extents.count : axis
      let (start, end, step) = cut.range(along: index, of: maps.extents[place])
      guard step > 0, start < end,
        let rest = try part(
          of: maps, axis: place, start..<end, for: x.node)
      else { return nil }
      maps = rest
      guard step > 1 else { continue }
      guard let every = try everySecond(maps, axis: place, step, for: x.node) else { return nil }
      maps = every
    }
    return maps
  }

  /// Every so manieth cell along one axis: the largest of windows of one cell.
  private mutating func everySecond(
    _ maps: ONNXMaps, axis place: Int, _ step: Int, for node: ONNXNode
  ) throws -> ONNXMaps? {
    let role = maps.role(place)
    guard role == .height || role == .width, !maps.isChannelsLast else { return nil }
    let stride = Size(height: role == .height ? step : 1, width: role == .width ? step : 1)
    var extents = maps.extents
    extents[place] = (extents[place] - 1) / step + 1
    return try add(
      .maxPool(Pooling(kernelSize: 1, stride: stride)), [maps], for: node, extents: extents)
  }

  /// One channel, or some that lie side by side.
  mutating func gather(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard let maps = x.maps(0), maps.shape != nil, let indices = x.constant(1),
      indices.extents.count <= 1, let numbers = try indices.ints(), let first = numbers.first
    else { return nil }
    let axis = try x.node.int("axis") ?? 0
    let place = try ONNXFolding.places([axis], of: maps.extents.count, maps.extents, x.node).first!
    let start = first < 0 ? first + maps.extents[place] : first
    guard numbers.enumerated().allSatisfy({ $1 == first &+ $0 }), start >= 0,
      start <= maps.extents[place] - numbers.count,
      var found = try part(
        of: maps, axis: place, start..<start + numbers.count, for: x.node)
    else { return nil }
    if indices.extents.isEmpty { found.extents.remove(at: place) }
    return found
  }

  /// A node that cuts maps into several; false if it is no such node.
  mutating func split(_ x: ONNXArguments) throws -> Bool {
    guard x.node.type == "Split", let maps = x.maps(0), maps.shape != nil else { return false }
    let (node, axis) = (x.node, try x.node.int("axis") ?? 0)
    let place = try ONNXFolding.places([axis], of: maps.extents.count, maps.extents, node).first!
    let (extent, count) = (maps.extents[place], node.outputs.count)
    guard maps.role(place) == .channel || !maps.isChannelsLast, count > 0 else { return false }
    guard !x.has(1) || x.constant(1) != nil else { return false }
    // Equal parts, the last of which may be smaller.
    let each = (extent + count - 1) / count
    let sizes =
      try x.ints("split", or: 1)
      ?? (0..<count).map { min(each, extent - $0 * each) }
    guard sizes.count == count, sizes.allSatisfy({ (1...extent).contains($0) }),
      sizes.reduce(0, +) == extent
    else {
      throw InterchangeError(
        "\(node.subject) cuts \(extent) into \(Shape.text(sizes)) for \(count) outputs")
    }
    var start = 0
    for (index, (output, size)) in zip(node.outputs, sizes).enumerated() {
      if isRead(output) {
        guard
          let maps = try part(
            of: maps, axis: place, start..<start + size, for: node, part: "\(index + 1)")
        else { return false }
        give(output, maps)
      }
      start += size
    }
    return true
  }

  mutating func border(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard let maps = x.maps(0) else { return nil }
    guard maps.shape != nil else { return maps }
    guard let numbers = try x.ints("pads", or: 1) else { return nil }
    if x.has(3), x.constant(3) == nil { return nil }
    let axes = try x.constant(3)?.ints() ?? Array(maps.extents.indices)
    let places = axes.map { $0 < 0 ? $0 + maps.extents.count : $0 }
    _ = try ONNXFolding.places(axes, of: maps.extents.count, maps.extents, x.node)
    guard numbers.count == 2 * axes.count else {
      throw InterchangeError(
        "\(x.node.subject) has \(numbers.count) pads, expected two for each of "
          + "\(counted(axes.count, "axis", "axes"))")
    }
    var padding: Padding = 0
    var extents = maps.extents
    for (index, place) in places.enumerated() {
      let (before, after) = (numbers[index], numbers[index + axes.count])
      guard max(before.magnitude, after.magnitude) <= largestExtent else { return nil }
      if before == 0, after == 0 { continue }
      switch maps.role(place) {
      case .height: (padding.top, padding.bottom) = (before, after)
      case .width: (padding.left, padding.right) = (before, after)
      default: return nil
      }
      extents[place] += before + after
    }
    guard padding != 0 else { return maps }
    let border: Network.Operation.Border
    switch try x.node.text("mode") ?? "constant" {
    case "constant":
      if x.has(2), x.constant(2) == nil { return nil }
      guard let value = try x.node.float("value") ?? x.constant(2)?.scalar() ?? (x.has(2) ? nil : 0)
      else { return nil }
      border = .value(value)
    case "reflect": border = .reflection
    case "edge": border = .replication
    default: return nil
    }
    return try add(.pad(padding, border), [maps], for: x.node, extents: extents)
  }
}
