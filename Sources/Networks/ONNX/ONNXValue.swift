internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors

/// What a name of an ONNX graph stands for.
enum ONNXValue {
  /// The maps of a layer, in some shape.
  case maps(ONNXMaps)
  /// Numbers that are known without a picture.
  case constant(ONNXConstant)
  /// Numbers that nobody here can compute, by the operator that makes them.
  case lost(String)
}

/// Maps of a layer as a file has them: in which shape, and in which order.
struct ONNXMaps {
  let layer: String
  /// nil behind an operator that is unknown.
  let shape: MapShape?
  var batch: Int
  /// The extents that the file's operators see.
  var extents: [Int]
  /// Whether the channels come last, behind height and width.
  var isChannelsLast = false

  /// What an axis of a map is.
  enum Role { case batch, channel, height, width }

  /// What each of the extents is: nil for one of a single cell that is none of the four. No roles are
  /// known of maps that were flattened or cut up.
  var roles: [Role?]? {
    guard let shape else { return nil }
    var axes: [(role: Role, extent: Int)] = [
      (.batch, batch), (.channel, shape.channels), (.height, shape.size.height),
      (.width, shape.size.width),
    ]
    if isChannelsLast { axes.append(axes.remove(at: 1)) }
    if extents.count == 3, shape.size.height == 1 { axes.removeAll { $0.role == .height } }
    var roles: [Role?] = []
    var rest = axes[...]
    for extent in extents {
      while let axis = rest.first, axis.extent != extent, axis.extent == 1 { rest.removeFirst() }
      if let axis = rest.first, axis.extent == extent {
        roles.append(axis.role)
        rest.removeFirst()
      } else if extent == 1 {
        roles.append(nil)
      } else {
        return nil
      }
    }
    return rest.allSatisfy { $0.extent == 1 } ? roles : nil
  }

  /// The number of spatial axes of (batch, channels, height, width) or (batch, channels, length); nil in
  /// any other shape. Where nothing is known of the maps it is what the file's operator says.
  func spatialRank(expected: Int) -> Int? {
    guard let shape else { return expected }
    guard !isChannelsLast || shape.channels == 1 else { return nil }
    switch extents {
    case [batch, shape.channels, shape.size.height, shape.size.width]: return 2
    case [batch, shape.channels, shape.size.width] where shape.size.height == 1: return 1
    default: return nil
    }
  }

  /// What an axis is; axes below 0 are counted from the end.
  func role(_ axis: Int) -> Role? {
    let axis = axis < 0 ? axis + extents.count : axis
    guard let roles, roles.indices.contains(axis) else { return nil }
    return roles[axis]
  }

  /// Refuses maps whose cells could not be counted.
  func checked() throws(GeometryError) -> ONNXMaps {
    guard let shape else { return self }
    var cells = 1
    for extent in [batch, shape.channels, shape.size.height, shape.size.width] {
      let (product, overflows) = cells.multipliedReportingOverflow(by: extent)
      guard !overflows, product <= 1 << 48 else {
        throw GeometryError(
          "\(layer): \(batch) times \(shape) cells are more than are computed with")
      }
      cells = product
    }
    return self
  }

  /// Whether the channels are all there is: one cell for each.
  var isVector: Bool { shape?.size.area == 1 }
}

/// Numbers of a file that are known without a picture: a tensor, or what was computed from some.
struct ONNXConstant {
  enum Content {
    case entry(WeightEntry)
    case ints([Int])
    case floats([Double])
  }

  let extents: [Int]
  let content: Content

  /// As many as may be computed with at once; shapes are few numbers.
  static let most = 1 << 16

  init(_ entry: WeightEntry) {
    (extents, content) = (entry.shape.dimensions, .entry(entry))
  }

  init(ints: [Int], extents: [Int]? = nil) {
    (self.extents, content) = (extents ?? [ints.count], .ints(ints))
  }

  init(floats: [Double], extents: [Int]) {
    (self.extents, content) = (extents, .floats(floats))
  }

  /// The number of cells; extents come from a shape, which can be counted.
  var count: Int { extents.reduce(1, *) }

  /// Whether it holds whole numbers.
  var isWhole: Bool {
    switch content {
    case .entry(let entry): entry.isWhole
    case .ints: true
    case .floats: false
    }
  }

  /// The whole numbers; nil if they are none or too many.
  func ints() throws -> [Int]? {
    switch content {
    case .ints(let numbers): return numbers
    case .floats: return nil
    case .entry(let entry):
      guard entry.shape.count <= Self.most else { return nil }
      return try entry.wholeNumbers()
    }
  }

  /// The numbers; nil if they are too many.
  func floats() throws -> [Double]? {
    switch content {
    case .ints(let numbers): return numbers.map(Double.init)
    case .floats(let numbers): return numbers
    case .entry(let entry):
      guard entry.shape.count <= Self.most else { return nil }
      return try entry.wholeNumbers()?.map(Double.init) ?? entry.values().map(Double.init)
    }
  }

  /// The one number; nil if there are more.
  func scalar() throws -> Double? {
    guard count == 1 else { return nil }
    return try floats()?.first
  }

  /// The numbers as a tensor of weights.
  func entry() throws -> WeightEntry? {
    if case .entry(let entry) = content { return entry }
    guard let numbers = try floats() else { return nil }
    return WeightEntry(
      name: "", tensor: Tensor(shape: Shape(extents), elements: numbers.map { Float($0) }))
  }

  /// The same numbers in another shape of as many cells.
  func reshaped(_ extents: [Int]) -> ONNXConstant? {
    guard let shape = try? Shape(validating: extents), shape.count == count else { return nil }
    switch content {
    case .entry(let entry):
      return entry.reshaped(shape).map(ONNXConstant.init)
    case .ints(let numbers): return ONNXConstant(ints: numbers, extents: extents)
    case .floats(let numbers): return ONNXConstant(floats: numbers, extents: extents)
    }
  }
}
