internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// Convolutions, pools and matrix products.
extension ONNXImporter {
  mutating func convolution(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard let window = try KernelWindow(x) else { return nil }
    guard let (rows, columns) = try window.sliding(x) else { return nil }
    let (groups, weight) = (window.groups, window.weight)
    if let shape = window.maps.shape, weight.shape[1] * groups != shape.channels {
      throw InterchangeError(
        "\(x.node.subject) reads \(counted(shape.channels, "channel")), and its weights \(weight.shape) in "
          + "\(groups == 1 ? "one group" : "\(groups) groups") are for \(weight.shape[1] * groups)")
    }
    let outputs = weight.shape[0]
    guard let bias = try bias(x, outputs) else { return nil }
    return try add(
      .convolution(
        Convolution(rows: rows, columns: columns, groups: groups), outputs: outputs,
        bias: bias.entry != nil, relu: false),
      window, bias.entry, x)
  }

  mutating func transposedConvolution(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard let window = try KernelWindow(x) else { return nil }
    guard let (rows, columns) = try window.transposed(x) else { return nil }
    let weight = window.weight
    if let shape = window.maps.shape, weight.shape[0] != shape.channels {
      throw InterchangeError(
        "\(x.node.subject) reads \(counted(shape.channels, "channel")), and its weights \(weight.shape) are for "
          + "\(weight.shape[0])")
    }
    let (outputs, overflow) = weight.shape[1].multipliedReportingOverflow(by: window.groups)
    guard !overflow, let bias = try bias(x, outputs) else { return nil }
    return try add(
      .transposedConvolution(
        Convolution(rows: rows, columns: columns, groups: window.groups), outputs: outputs,
        bias: bias.entry != nil),
      window, bias.entry, x)
  }

  private mutating func add(
    _ operation: Network.Operation, _ window: KernelWindow, _ bias: WeightEntry?, _ x: ONNXArguments
  ) throws -> ONNXMaps {
    let maps = try add(operation, [window.maps], for: x.node, weight: x.node.input(1))
    if case .convolution = operation { try stretchPadded(operation, x.node) }
    let sources = ["weight": x.node.input(1), "bias": x.node.input(2)]
    let shape = window.weight.shape.dimensions
    // Along one axis the kernel is one cell high.
    let kernels = Shape(shape[..<2] + (shape.count == 3 ? [1] : []) + shape[2...])
    attach(["weight": window.weight.reshaped(kernels) ?? window.weight], sources: sources)
    if let bias { attach(["bias": bias], sources: sources) }
    return maps.asSpatial(rank: window.rank)
  }

  /// The bias, if there is one; nil if it is not known or does not fit.
  private func bias(_ x: ONNXArguments, _ outputs: Int) throws -> (entry: WeightEntry?, Void)? {
    guard x.has(2) else { return (nil, ()) }
    guard let constant = x.constant(2) else { return nil }
    guard constant.count == outputs else {
      throw InterchangeError(
        "\(x.node.subject) has \(counted(constant.count, "bias", "biases")) for \(counted(outputs, "output channel"))"
      )
    }
    return constant.entry().reshaped([outputs]).map { ($0, ()) }
  }

  mutating func pool(_ x: ONNXArguments) throws -> ONNXMaps? {
    let node = x.node
    guard let maps = x.maps(0) else { return nil }
    guard let kernel = try node.ints("kernel_shape") else {
      throw InterchangeError("\(node.subject) has no kernel_shape")
    }
    if node.outputs.dropFirst().contains(where: isRead) {
      throw x.gap("gives the places of the largest cells too; the book has their values alone")
    }
    try SlidingWindow.checkAxes(kernel.count, of: maps, "kernel_shape \(Shape.text(kernel))", x)
    let rounding: Rounding = try node.int("ceil_mode") == 1 ? .ceil : .floor
    guard let rank = maps.spatialRank(expected: kernel.count), rank == kernel.count, rank <= 2,
      let (rows, columns) = try SlidingWindow(kernel: kernel, maps: maps).sliding(
        x, rounding: rounding)
    else { return nil }
    let pooling = Pooling(
      rows: rows, columns: columns, countIncludePad: try node.int("count_include_pad") == 1)
    let operation: Network.Operation =
      node.type == "MaxPool" ? .maxPool(pooling) : .averagePool(pooling)
    let result = try add(operation, [maps], for: node).asSpatial(rank: rank)
    try stretchPadded(operation, node)
    return result
  }

  /// Padding by a rule gives ⌈n / stride⌉ cells of any picture, as many as a window of one cell.
  private mutating func stretchPadded(_ operation: Network.Operation, _ node: ONNXNode) throws {
    guard try node.text("auto_pad")?.hasPrefix("SAME") ?? false, let layer = layers.last?.name,
      let rows = try operation.window(along: .height),
      let columns = try operation.window(along: .width)
    else { return }
    stretching[layer] = .maxPool(
      try Pooling(kernelSize: 1, stride: Size(height: rows.stride, width: columns.stride)))
    // How a step's padding falls on the two sides depends on the size.
    if rows.stride > 1 || columns.stride > 1 { bind(layer, isBlind: false) }
  }

  /// One number for each channel; ReduceMean and ReduceMax over height and width are the same.
  mutating func globalPool(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard let maps = x.maps(0) else { return nil }
    let statistic: Network.Operation.Statistic =
      ["GlobalMaxPool", "ReduceMax"].contains(x.node.type) ? .maximum : .mean
    guard maps.shape != nil else { return try add(.globalPool(statistic), [maps], for: x.node) }
    let isReduction = x.node.type.hasPrefix("Reduce")
    let rank = maps.extents.count
    let stated = isReduction ? try x.ints("axes", or: 1) : Array(rank > 2 ? 2..<rank : 0..<0)
    if isReduction, x.has(1), x.constant(1) == nil { return nil }
    let places = try ONNXFolding.places(
      stated ?? Array(0..<rank), of: rank, maps.extents, x.node)
    guard let roles = maps.roles else { return nil }
    for (place, role) in roles.enumerated() {
      let isSpatial = role == .height || role == .width
      guard maps.extents[place] == 1 || isSpatial == places.contains(place) else {
        throw x.gap(
          "goes over the axes \(Shape.text(stated ?? Array(0..<rank))) of \(maps.text); the book has it over "
            + "rows and columns together")
      }
    }
    let keeps = try x.node.int("keepdims") != 0
    let extents = maps.extents.indices.compactMap { place in
      places.contains(place) ? (keeps ? 1 : nil) : maps.extents[place]
    }
    return try add(.globalPool(statistic), [maps], for: x.node, extents: extents)
  }

  // MARK: Matrix products

  /// Gemm and MatMul with weights: a fully connected layer, or a convolution of one cell where the last
  /// axis is the channels.
  mutating func product(_ x: ONNXArguments) throws -> ONNXMaps? {
    let isGemm = x.node.type == "Gemm"
    guard let maps = x.maps(0), let shape = maps.shape, let matrix = x.constant(1),
      matrix.extents.count == 2
    else { return nil }
    let entry = matrix.entry()
    let (alpha, beta) = (try x.node.float("alpha") ?? 1, try x.node.float("beta") ?? 1)
    let isTransposed = isGemm ? try x.node.int("transB") == 1 : false
    guard try !isGemm || x.node.int("transA") ?? 0 == 0 else {
      throw x.gap("has transA 1; the book has the maps as rows")
    }
    guard let last = maps.extents.last else { return nil }
    let (inputs, outputs) =
      isTransposed ? (entry.shape[1], entry.shape[0]) : (entry.shape[0], entry.shape[1])
    guard inputs == last else {
      throw InterchangeError(
        "\(x.node.subject) reads \(counted(inputs, "number")), and a picture of \(size) leaves \(last) here, of "
          + "\(shape); it needs the size for which it was made")
    }
    let isWhole = maps.extents == [maps.batch, shape.channels * shape.size.area]
    guard isWhole || maps.role(-1) == .channel else { return nil }
    let size = isWhole ? shape.size : Size(1)
    guard
      let weight = Self.kernels(
        entry, isTransposed, channels: shape.channels, size: size,
        isChannelsLast: maps.isChannelsLast)
    else { return nil }
    var bias: WeightEntry?
    if x.has(2) {
      guard let numbers = x.constant(2) else { return nil }
      _ = try ONNXFolding.broadcast([[maps.batch, outputs], numbers.extents], x.node)
      bias = try Self.spread(numbers.entry(), over: outputs, times: beta)
      guard bias != nil else {
        throw x.gap(
          "adds \(Shape.text(numbers.extents, "(", ")")) numbers to \(counted(outputs, "output")); the book adds one, or "
            + "one for each")
      }
    }
    let maps1 = try add(
      .convolution(
        Convolution(kernelSize: size), outputs: outputs, bias: bias != nil, relu: false),
      [maps], for: x.node, weight: x.node.input(1),
      extents: Array(maps.extents.dropLast()) + [outputs])
    // Whatever the picture, it would have been made for the whole map.
    if size.area > 1 { stretching[maps1.layer] = .globalPool(.mean) }
    let sources = [
      "weight": alpha == 1 ? x.node.input(1) : nil, "bias": beta == 1 ? x.node.input(2) : nil,
    ]
    attach(["weight": try alpha == 1 ? weight : Self.scaled(weight, by: alpha)], sources: sources)
    if let bias { attach(["bias": bias], sources: sources) }
    if !isGemm { rememberProduct(x.node.outputs[0]) }
    return maps1
  }

  /// A matrix as kernels (outputs, channels, height, width); nothing is copied.
  private static func kernels(
    _ entry: WeightEntry, _ isTransposed: Bool, channels: Int, size: Size, isChannelsLast: Bool
  ) -> WeightEntry? {
    let outputs = isTransposed ? entry.shape[0] : entry.shape[1]
    let one =
      isChannelsLast
      ? [size.height, size.width, channels] : [channels, size.height, size.width]
    let order = isChannelsLast ? [2, 0, 1] : [0, 1, 2]
    return isTransposed
      ? entry.reshaped(Shape([outputs] + one))?.permuted([0] + order.map { $0 + 1 })
      : entry.reshaped(Shape(one + [outputs]))?.permuted([3] + order)
  }

  private static func scaled(_ entry: WeightEntry, by factor: Double) throws -> WeightEntry {
    do {
      let tensor = try entry.tensor()
      return WeightEntry(name: entry.name, tensor: tensor.map { $0 * Float(factor) })
    } catch let problem as FileProblem {
      return WeightEntry(name: entry.name, shape: entry.shape, missing: problem)
    }
  }

  /// Biases for all outputs of what may be one number.
  private static func spread(
    _ entry: WeightEntry, over outputs: Int, times factor: Double
  ) throws -> WeightEntry? {
    if entry.shape.count == outputs {
      let list = entry.reshaped([outputs])
      return try factor == 1 ? list : list.map { try scaled($0, by: factor) }
    }
    guard entry.shape.count == 1, outputs <= Network.mostChannels else { return nil }
    do {
      let number = try entry.values()[0] * Float(factor)
      return WeightEntry(name: "", tensor: Tensor(shape: [outputs], repeating: number))
    } catch let problem as FileProblem {
      return WeightEntry(name: "", shape: [outputs], missing: problem)
    }
  }
}

extension ONNXMaps {
  /// The maps of a layer seen along one axis or two, as its input was.
  func asSpatial(rank: Int) -> ONNXMaps {
    var result = self
    if rank == 1, let shape { result.extents = [batch, shape.channels, shape.size.width] }
    return result
  }
}
