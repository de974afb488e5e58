internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// Which operator becomes which layer.
extension ONNXImporter {
  /// The maps that a node gives; nil if the book has no such operation, or not with these inputs.
  mutating func layer(for x: ONNXArguments) throws -> ONNXMaps? {
    switch x.node.type {
    case "Conv": try convolution(x)
    case "ConvTranspose": try transposedConvolution(x)
    case "MaxPool", "AveragePool": try pool(x)
    case "GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "ReduceMax": try globalPool(x)
    case "Gemm", "MatMul": try product(x)
    case "BatchNormalization": try batchNormalization(x)
    case "LRN": try localNormalization(x)
    case "Softmax", "LogSoftmax": try softmax(x)
    case "PRelu": try learnedReLU(x)
    case "Dropout": try dropout(x)
    case "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum", "Mean": try arithmetic(x)
    case "Neg", "Sqrt", "Reciprocal": try power(x)
    case "Concat": try concatenation(x)
    case "Pad": try border(x)
    case "Slice": try slice(x)
    case "Gather": try gather(x)
    case "Resize", "Upsample": try resize(x)
    case "DepthToSpace": try depthToSpace(x)
    case "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Expand": try reshape(x)
    case "Transpose": try transposition(x)
    case "Identity", "Cast": try copy(x)
    default:
      try activation(x).flatMap { (function) throws in
        try x.maps(0).map { (maps) throws in
          try add(.activation(function), [maps], for: x.node, extents: maps.extents)
        }
      }
    }
  }

  /// The function of one number that a node is.
  private func activation(_ x: ONNXArguments) throws -> Network.Activation? {
    let node = x.node
    switch node.type {
    case "Relu": return .relu
    case "LeakyRelu": return .leakyReLU(slope: try node.float("alpha") ?? 0.01)
    case "Clip": return try clip(x)
    case "Elu": return .elu(alpha: try node.float("alpha") ?? 1)
    case "Sigmoid": return .sigmoid
    case "Tanh": return .tanh
    case "HardSigmoid":
      return .hardSigmoid(
        alpha: try node.float("alpha") ?? 0.2, beta: try node.float("beta") ?? 0.5)
    case "HardSwish": return .hardSwish
    case "Swish":
      let alpha = try node.float("alpha") ?? 1
      guard alpha == 1 else { throw x.gap("has alpha \(alpha); the book has it with 1") }
      return .silu
    case "Gelu":
      let way = try node.text("approximate") ?? "none"
      guard way == "none" else {
        throw x.gap("has approximate \(way.printable); the book has the function itself, none")
      }
      return .gelu
    case "Softplus": return .softplus
    case "Abs": return .absolute
    case "Exp": return .exponential
    case "Log": return .logarithm
    default: throw ONNXGap.noOperation(node)
    }
  }

  /// Held between two numbers, of which each may be missing.
  private func clip(_ x: ONNXArguments) throws -> Network.Activation? {
    func bound(_ attribute: String, _ index: Int, _ usual: Double) throws -> Double? {
      if let number = try x.node.float(attribute) { return number }
      return x.has(index) ? try x.constant(index)?.scalar() : usual
    }
    guard let least = try bound("min", 1, -.infinity), let most = try bound("max", 2, .infinity)
    else {
      return nil
    }
    guard least <= most else {
      throw InterchangeError(
        "\(x.node.subject) holds numbers between \(least) and \(most), which is nothing")
    }
    return least == 0 && most == .infinity ? .relu : .clipped(least...most)
  }

  // MARK: Channel by channel

  private mutating func batchNormalization(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard let maps = x.maps(0) else { return nil }
    guard try x.node.int("training_mode") ?? 0 == 0 else {
      throw x.gap("has training_mode 1; the book has it as it runs when it has been trained")
    }
    guard maps.shape == nil || maps.role(1) == .channel else { return nil }
    var tensors: [String: WeightEntry] = [:]
    var sources: [String: String?] = [:]
    for (index, part) in ["weight", "bias", "running_mean", "running_var"].enumerated() {
      guard let constant = x.constant(index + 1) else { return nil }
      guard maps.shape == nil || constant.count == maps.shape?.channels else {
        throw InterchangeError(
          "\(x.node.subject) reads \(counted(maps.shape!.channels, "channel")) and has \(counted(constant.count, "number")) of "
            + "each kind")
      }
      tensors[part] = constant.entry().reshaped([constant.count])
      sources[part] = x.node.input(index + 1)
    }
    guard tensors.count == 4 else { return nil }
    let result = try add(
      .batchNormalization(epsilon: try x.node.float("epsilon") ?? 1e-5, isAffine: true), [maps],
      for: x.node, weight: x.node.input(1), extents: maps.extents)
    attach(tensors, sources: sources)
    return result
  }

  private mutating func localNormalization(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard let maps = x.maps(0), maps.shape == nil || maps.role(1) == .channel else { return nil }
    guard let count = try x.node.int("size"), (1...Network.mostChannels).contains(count) else {
      throw InterchangeError("\(x.node.subject) has no size above 0")
    }
    return try add(
      .normalization(
        size: count, alpha: try x.node.float("alpha") ?? 1e-4,
        beta: try x.node.float("beta") ?? 0.75, k: try x.node.float("bias") ?? 1),
      [maps], for: x.node, extents: maps.extents)
  }

  private mutating func learnedReLU(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard let maps = x.maps(0), let shape = maps.shape, let slopes = x.constant(1) else {
      return nil
    }
    let isShared = slopes.count == 1
    guard isShared || isPerChannel(slopes, maps),
      let entry = slopes.entry().reshaped([isShared ? 1 : shape.channels])
    else {
      _ = try ONNXFolding.broadcast([maps.extents, slopes.extents], x.node)
      throw x.gap(
        "has slopes \(Shape.text(slopes.extents, "(", ")")) for \(maps.text); the book has one slope, or one "
          + "for each channel")
    }
    let result = try add(
      .activation(.learnedReLU(isShared: isShared)), [maps], for: x.node, weight: x.node.input(1),
      extents: maps.extents)
    attach(["weight": entry], sources: ["weight": x.node.input(1)])
    return result
  }

  /// Whether numbers that are spread over maps are one for each channel.
  func isPerChannel(_ constant: ONNXConstant, _ maps: ONNXMaps) -> Bool {
    guard let shape = maps.shape, constant.count == shape.channels else { return false }
    let ahead = maps.extents.count - constant.extents.count
    guard ahead >= 0 else { return false }
    // Aligned at the last axis; what is not 1 must be the channels.
    return constant.extents.enumerated().allSatisfy { index, extent in
      extent == 1 || maps.role(index + ahead) == .channel
    }
  }

  /// Before version 13 everything from the axis on was one, and the axis the second unless said.
  private mutating func softmax(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard let maps = x.maps(0) else { return nil }
    let isOld = try x.opset < 13 && x.node.int(ONNXPatterns.alongOne) != 1
    let axis = try x.node.int("axis") ?? (isOld ? 1 : -1)
    if maps.shape != nil {
      let place = try ONNXFolding.places([axis], of: maps.extents.count, maps.extents, x.node)
        .first!
      guard maps.role(place) == .channel else {
        throw x.gap(
          "has axis \(axis), \(maps.name(ofAxis: place)), of \(maps.text); the book has it over the channels"
        )
      }
      if isOld, !maps.extents[(place + 1)...].allSatisfy({ $0 == 1 }) {
        throw x.gap(
          "goes over all cells behind axis \(axis) too, as before version 13; the book has it over the "
            + "channels")
      }
    }
    let isLogarithm = x.node.type == "LogSoftmax"
    let result = try add(
      .softmax, [maps], for: x.node, part: isLogarithm ? "softmax" : "", extents: maps.extents)
    guard isLogarithm else { return result }
    return try add(.activation(.logarithm), [result], for: x.node, extents: maps.extents)
  }

  private mutating func dropout(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard let maps = x.maps(0) else { return nil }
    let ratio = try x.node.float("ratio") ?? x.constant(1)?.scalar() ?? 0.5
    guard (0..<1).contains(ratio) else {
      throw InterchangeError(
        "\(x.node.subject) drops the part \(ratio); it must be from 0 to below 1")
    }
    return try add(
      .dropout(probability: ratio), [maps], for: x.node, extents: maps.extents)
  }
}
