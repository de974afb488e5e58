internal import Interchange
internal import Tensors

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
