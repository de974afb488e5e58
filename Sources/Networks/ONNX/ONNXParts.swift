internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// Operators that cut parts out of maps, or add a border.
extension ONNXImporter {
  /// Channels from a start to before an end, or cells along one axis.
  private mutating func part(
    of maps: ONNXMaps, axis place: Int, _ range: Range<Int>, for node: ONNXNode, part: String = ""
  ) throws -> ONNXMaps? {
    guard maps.shape != nil, let roles = maps.roles, roles.indices.contains(place)
    else { return nil }
    guard !range.isEmpty else {
      throw ONNXGap(node, "leaves nothing of \(maps.text); the book has maps of a cell or more")
    }
    switch roles[place] {
    case .channel:
      if range == 0..<maps.extents[place] { return maps }
      var extents = maps.extents
      extents[place] = range.count
      return try add(.channels(range), [maps], for: node, part: part, extents: extents)
    case .height, .width:
      var cut = ONNXCut(of: maps, at: sizes(of: maps.layer))
      cut.take(range, at: cut.sizes.map { _ in range }, along: roles[place] == .height)
      return try self.cut(cut, maps, for: node, part: part)
    case .batch, nil:
      if range == 0..<maps.extents[place] { return maps }
      throw ONNXGap(
        node,
        "cuts axis \(place), \(maps.name(ofAxis: place)), of \(maps.text); the book cuts channels, rows "
          + "and columns")
    }
  }

  mutating func slice(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard var maps = x.maps(0) else { return nil }
    guard maps.shape != nil else { return maps }
    guard let cut = try ONNXSlice(x.node, x.constants) else { return nil }
    _ = try ONNXFolding.places(cut.axes, of: maps.extents.count, maps.extents, x.node)
    // Rows and columns are cut at once, as far as they are maps.
    var cells = ONNXCut(of: maps, at: sizes(of: maps.layer))
    for (index, axis) in cut.axes.enumerated() {
      let place = axis < 0 ? axis + maps.extents.count : axis
      let (start, end, step) = cut.range(along: index, of: maps.extents[place])
      guard step > 0 else {
        throw x.gap("has the step \(step); the book cuts with steps above 0")
      }
      guard maps.role(place) == .height || maps.role(place) == .width, start < end else { continue }
      let isDown = maps.role(place) == .height
      let others = cells.sizes.indices.map { picture -> Range<Int>? in
        guard let size = cells.sizes[picture],
          let constants = x.samples == 0 ? x.constants : x.constants(picture),
          let cut = (try? ONNXSlice(x.node, constants)) ?? nil
        else { return nil }
        let (start, end, _) = cut.range(along: index, of: isDown ? size.height : size.width)
        return start < end ? start..<end : nil
      }
      cells.take(start..<end, at: others, along: isDown)
    }
    let whole = maps
    if let rest = try self.cut(cells, maps, for: x.node) { maps = rest }
    for (index, axis) in cut.axes.enumerated() {
      let place = axis < 0 ? axis + maps.extents.count : axis
      let isCut = whole.role(place) == .height || whole.role(place) == .width
      let (start, end, step) = cut.range(along: index, of: whole.extents[place])
      if isCut, start < end {
        guard step > 1 else { continue }
        guard let every = try everySecond(maps, axis: place, step, for: x.node) else { return nil }
        maps = every
        continue
      }
      guard let rest = try part(of: maps, axis: place, start..<max(start, end), for: x.node) else {
        return nil
      }
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
    guard role == .height || role == .width, !maps.isChannelsLast else {
      throw ONNXGap(
        node,
        "takes one of \(step) along axis \(place), \(maps.name(ofAxis: place)); the book does that with "
          + "rows and columns")
    }
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
    let extent = maps.extents[place]
    guard numbers.allSatisfy({ (-extent..<extent).contains($0) }) else {
      throw InterchangeError("\(x.node.subject) asks for a cell that is not among \(extent)")
    }
    guard numbers.enumerated().allSatisfy({ ($1 < 0 ? $1 + extent : $1) == start + $0 }) else {
      throw x.gap("picks cells in another order; the book takes those that lie side by side")
    }
    guard
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
    guard maps.role(place) == .channel || !maps.isChannelsLast else { return false }
    guard !x.has(1) || x.constant(1) != nil else { return false }
    let sizes = try ONNXFolding.parts(of: maps.extents[place], x.ints("split", or: 1), node)
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
        "\(x.node.subject) has \(counted(numbers.count, "pad")), expected two for each of "
          + "\(counted(axes.count, "axis", "axes"))")
    }
    var padding: Padding = 0
    var extents = maps.extents
    for (index, place) in places.enumerated() {
      let (before, after) = (numbers[index], numbers[index + axes.count])
      guard max(before.magnitude, after.magnitude) <= largestExtent else {
        throw InterchangeError(
          "\(x.node.subject) adds \(before) and \(after) cells; up to \(largestExtent) on a side are read"
        )
      }
      if before == 0, after == 0 { continue }
      switch maps.role(place) {
      case .height: (padding.top, padding.bottom) = (before, after)
      case .width: (padding.left, padding.right) = (before, after)
      default:
        throw x.gap(
          "adds \(before) and \(after) along axis \(place), \(maps.name(ofAxis: place)), of \(maps.text); the "
            + "book adds rows and columns")
      }
      extents[place] += before + after
    }
    if x.constants.contains(where: { $0?.followsPicture ?? false }) {
      return try followingBorder(x, maps, padding, extents, axes: places)
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
    case "wrap": throw x.gap("has mode wrap; the book has constant, reflect and edge")
    case let other:
      throw InterchangeError(
        "\(x.node.subject) has mode \(other.printable), expected constant, reflect, edge or wrap")
    }
    return try add(.pad(padding, border), [maps], for: x.node, extents: extents)
  }
}

/// Which layers have one tensor of the file together, as modules that are called twice or are tied.
///
/// PyTorch's exporters keep one of several tensors of equal numbers, too, so that normalizations that were
/// not trained yet, and biases of zeros, look as if they were one: those are told apart below.
struct ONNXSharing {
  /// By the name of a layer's tensor that of the file's.
  private var sources: [String: String] = [:]
  /// What a node without arithmetic gives, by what it reads.
  private var aliases: [String: String] = [:]

  /// Whether a node only hands numbers on, perhaps in another shape or order.
  static func keepsNumbers(_ node: ONNXNode) -> Bool {
    ["Identity", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten"].contains(node.type)
  }

  mutating func alias(_ node: ONNXNode) {
    guard let input = node.input(0), let output = node.outputs.first else { return }
    aliases[output] = aliases[input] ?? input
  }

  mutating func note(_ parameter: String, _ source: String) { sources[parameter] = source }

  /// One label for each tensor that several layers have, by the names that they have for it.
  func labels(
    among layers: [Network.Layer], _ weights: [String: WeightEntry]
  ) -> [String: String] {
    var first: [String: String] = [:]
    var labels: [String: String] = [:]
    for layer in layers {
      func source(_ part: String) -> String? { sources["\(layer.name).\(part)"] }
      guard let weight = source("weight") ?? source("bias") else { continue }
      let name = source("weight") == nil ? "bias" : "weight"
      let parts: [String]
      let key: String
      if case .batchNormalization = layer.operation {
        // One that shares all four has been called twice, unless its own are equal among themselves.
        parts = ["weight", "bias", "running_mean", "running_var"]
        let all = parts.compactMap(source)
        guard Set(all).count == 4 else { continue }
        key = all.joined(separator: "\u{0}")
      } else {
        // Kernels of equal numbers are one; of single lists, whoever is handed on has been another.
        let isKernel = (weights["\(layer.name).\(name)"]?.shape.rank ?? 0) > 1
        key = isKernel ? aliases[weight] ?? weight : weight
        parts = ["weight", "bias"]
      }
      guard let other = first[key] else {
        first[key] = layer.name
        continue
      }
      for part in parts {
        guard let own = source(part), own == sources["\(other).\(part)"] || part == name else {
          continue
        }
        labels["\(other).\(part)"] = "\(other).\(part)"
        labels["\(layer.name).\(part)"] = "\(other).\(part)"
      }
    }
    return labels
  }
}
