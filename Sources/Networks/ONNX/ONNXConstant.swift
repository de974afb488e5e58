internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// Numbers of a file that are known without a picture: a tensor, or what was computed from some.
struct ONNXConstant {
  enum Content {
    case entry(WeightEntry)
    case numbers(Numbers)
    /// Numbers of a second file, or made of such, that is not there.
    case missing(FileProblem)
  }

  enum Numbers {
    case ints([Int])
    case floats([Double])

    var floats: [Double] {
      switch self {
      case .ints(let numbers): numbers.map(Double.init)
      case .floats(let numbers): numbers
      }
    }

    /// The numbers at these places.
    func picked(_ places: [Int]) -> Numbers {
      switch self {
      case .ints(let numbers): .ints(places.map { numbers[$0] })
      case .floats(let numbers): .floats(places.map { numbers[$0] })
      }
    }
  }

  let extents: [Int]
  let content: Content
  /// The numbers for other pictures, where they follow from the sizes of maps; see ``ONNXSamples``.
  var samples: [Numbers?]?

  /// As many as one constant may have that is computed with; shapes are few numbers, and weights that are
  /// computed of others are below.
  static let most = 1 << 24

  init(_ entry: WeightEntry) {
    (extents, content) = (entry.shape.dimensions, .entry(entry))
  }

  init(_ numbers: Numbers, extents: [Int]) {
    (self.extents, content) = (extents, .numbers(numbers))
  }

  init(ints: [Int], extents: [Int]? = nil) {
    self.init(.ints(ints), extents: extents ?? [ints.count])
  }

  init(floats: [Double], extents: [Int]) { self.init(.floats(floats), extents: extents) }

  init(missing problem: FileProblem, extents: [Int]) {
    (self.extents, content) = (extents, .missing(problem))
  }

  /// The number of cells; extents come from a shape, which can be counted.
  var count: Int { extents.reduce(1, *) }

  /// Whether it holds whole numbers.
  var isWhole: Bool {
    switch content {
    case .entry(let entry): entry.isWhole
    case .numbers(.ints): true
    case .numbers(.floats), .missing: false
    }
  }

  /// The numbers; nil if they are too many.
  ///
  /// - Throws: ``FileProblem`` if they are in a second file that is not there.
  func numbers() throws -> Numbers? {
    switch content {
    case .numbers(let numbers): return numbers
    case .missing(let problem): throw problem
    case .entry(let entry):
      guard entry.shape.count <= Self.most else { return nil }
      if let whole = try entry.wholeNumbers() { return .ints(whole) }
      return .floats(try entry.values().map(Double.init))
    }
  }

  /// The whole numbers; nil if they are none or too many.
  func ints() throws -> [Int]? {
    if case .entry(let entry) = content, !entry.isWhole { return nil }
    guard case .ints(let numbers) = try numbers() else { return nil }
    return numbers
  }

  func floats() throws -> [Double]? { try numbers()?.floats }

  /// The one number; nil if there are more.
  func scalar() throws -> Double? {
    guard count == 1 else { return nil }
    return try floats()?.first
  }

  /// The numbers as a tensor of weights.
  func entry() -> WeightEntry {
    switch content {
    case .entry(let entry): entry
    case .missing(let problem):
      WeightEntry(name: "", shape: Shape(extents), missing: problem)
    case .numbers(let numbers):
      WeightEntry(
        name: "", tensor: Tensor(shape: Shape(extents), elements: numbers.floats.map { Float($0) }))
    }
  }

  /// The same numbers in another shape of as many cells.
  func reshaped(_ extents: [Int]) -> ONNXConstant? {
    guard let shape = try? Shape(validating: extents), shape.count == count else { return nil }
    switch content {
    case .entry(let entry): return entry.reshaped(shape).map(ONNXConstant.init)
    case .numbers(let numbers): return ONNXConstant(numbers, extents: extents)
    case .missing(let problem): return ONNXConstant(missing: problem, extents: extents)
    }
  }
}

/// Where the cells of arrays lie that are looked at in another order.
enum ONNXCells {
  /// How many cells lie from one to the next along each axis.
  static func steps(of extents: [Int]) -> [Int] {
    var steps = Array(repeating: 1, count: extents.count)
    for axis in extents.indices.dropLast().reversed() {
      steps[axis] = steps[axis + 1] &* extents[axis + 1]
    }
    return steps
  }

  /// The places of cells in order, the last axis fastest, so many cells from one to the next.
  static func places(_ extents: [Int], steps: [Int], from start: Int = 0) -> [Int] {
    zip(extents, steps).reduce([start]) { places, axis in
      let (extent, step) = axis
      guard extent != 1 else { return places }
      var next: [Int] = []
      next.reserveCapacity(places.count * extent)
      for place in places {
        for index in 0..<extent { next.append(place + index * step) }
      }
      return next
    }
  }

  /// The places of the cells of an array that is repeated to larger extents, aligned at the last axis.
  static func places(of extents: [Int], spreadOver wide: [Int]) -> [Int] {
    let ahead = wide.count - extents.count
    let own = steps(of: extents)
    let steps = wide.indices.map { axis in
      axis < ahead || extents[axis - ahead] == 1 ? 0 : own[axis - ahead]
    }
    return places(wide, steps: steps)
  }
}

/// What a name of an ONNX graph stands for.
enum ONNXValue {
  /// The maps of a layer, in some shape.
  case maps(ONNXMaps)
  /// Numbers that are known without a picture.
  case constant(ONNXConstant)
  /// Numbers that nobody here can compute, and why.
  case lost(ONNXGap)
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

  /// What an axis is, in words.
  func name(ofAxis place: Int) -> String {
    switch role(place) {
    case .batch: "the batch"
    case .channel: "the channels"
    case .height: "the rows"
    case .width: "the columns"
    case nil: "which is none of batch, channels, rows and columns"
    }
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

  /// The maps, and the extents that operators see: `8×4×4`, or `8×4×4 as (1, 128)`.
  var text: String {
    guard let shape else { return "maps that are not known" }
    let usual = [batch, shape.channels, shape.size.height, shape.size.width]
    return extents == usual && !isChannelsLast
      ? "\(shape)" : "\(shape) as \(Shape.text(extents, "(", ")"))"
  }

  /// Whether the channels are all there is: one cell for each.
  var isVector: Bool { shape?.size.area == 1 }
}

extension ONNXNode {
  /// The numbers of an attribute, which in later versions of the format are an input.
  func ints(_ attribute: String, or index: Int, of inputs: [ONNXConstant?]) throws -> [Int]? {
    try ints(attribute) ?? (inputs.indices.contains(index) ? inputs[index]?.ints() : nil)
  }
}
