internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// The layers with a window, in Caffe's numbers.
extension CaffeLayer {
  /// The channels of any map; more than any network has.
  static let counts = 1...Network.mostChannels
  private static let extents = 1...Network.mostExtent

  private static let convolutionFields = [
    "num_output", "bias_term", "pad", "kernel_size", "dilation", "pad_h", "pad_w", "kernel_h",
    "kernel_w", "stride", "stride_h", "stride_w", "group", "weight_filler", "bias_filler", "engine",
    "axis", "force_nd_im2col", "hole", "hole_h", "hole_w",
  ]

  /// A convolution, or its transpose.
  ///
  /// - Parameter channels: those that come in, if each is to have a group of its own.
  func convolution(isTransposed: Bool, depthwise channels: Int? = nil) throws -> Network.Operation {
    let part = try parameters("convolution_param", knowing: Self.convolutionFields)
    if let gap = try axisGap(part, is: 1) { return gap }
    guard let kernelSize = try pair(part, "kernel_size", "kernel_h", "kernel_w", Self.extents)
    else { throw missing("kernel_size", in: part) }
    guard let outputs = try part.wholeNumber("num_output", in: Self.counts) else {
      throw missing("num_output", in: part)
    }
    let stride = try pair(part, "stride", "stride_h", "stride_w", Self.extents, usual: 1)
    let padding = try pair(part, "pad", "pad_h", "pad_w", 0...Network.mostExtent, usual: 0)
    // What became dilation was a hole in the branch of DeepLab.
    let isHole = part.has("hole") || part.has("hole_h")
    let dilation =
      isHole
      ? try pair(part, "hole", "hole_h", "hole_w", Self.extents, usual: 1)
      : try pair(part, "dilation", "dilation_h", "dilation_w", Self.extents)
    let groups = try part.wholeNumber("group", in: Self.counts) ?? channels ?? 1
    let convolution = try placed {
      try Convolution(
        kernelSize: kernelSize, stride: stride ?? 1, padding: Padding(padding ?? 0),
        dilation: dilation ?? 1, groups: groups)
    }
    let bias = try part.flag("bias_term", or: true)
    return isTransposed
      ? .transposedConvolution(
        try placed { try convolution.transposed() }, outputs: outputs, bias: bias)
      : .convolution(convolution, outputs: outputs, bias: bias, relu: false)
  }

  /// A pooling, which rounds up unless told otherwise, and counts the padding in a mean.
  func pooling() throws -> Network.Operation {
    let part = try parameters(
      "pooling_param",
      knowing: [
        "pool", "pad", "pad_h", "pad_w", "kernel_size", "kernel_h", "kernel_w", "stride",
        "stride_h", "stride_w", "engine", "global_pooling", "round_mode", "ceil_mode",
      ])
    let method = try part.word("pool") ?? "MAX"
    let isMean = ["AVE", "1"].contains(method)
    guard isMean || ["MAX", "0"].contains(method) else {
      guard ["STOCHASTIC", "2"].contains(method) else {
        throw TextProblem(
          "\(name): pool is \(method.printable); it must be MAX, AVE or STOCHASTIC",
          at: try part.one("pool")?.place ?? place)
      }
      return gap("has pool STOCHASTIC; the book has MAX and AVE")
    }
    let kernelSize = try pair(part, "kernel_size", "kernel_h", "kernel_w", Self.extents)
    let padding = try pair(part, "pad", "pad_h", "pad_w", 0...Network.mostExtent, usual: 0) ?? 0
    let stride = try pair(part, "stride", "stride_h", "stride_w", Self.extents, usual: 1) ?? 1
    if try part.flag("global_pooling", or: false) {
      guard kernelSize == nil, padding == 0, stride == 1 else {
        throw TextProblem(
          "\(name) pools the whole map, global_pooling: true; it takes no kernel size, padding or "
            + "stride", at: part.place)
      }
      return .globalPool(isMean ? .mean : .maximum)
    }
    guard let kernelSize else { throw missing("kernel_size", in: part) }
    guard padding.height < kernelSize.height, padding.width < kernelSize.width else {
      throw TextProblem(
        "\(name) pads by \(padding); a pooling's padding must be below its kernel size, "
          + "\(kernelSize)", at: part.place)
    }
    let roundsUp = try part.flag("ceil_mode", or: true)
    let mode = try part.word("round_mode") ?? (roundsUp ? "CEIL" : "FLOOR")
    guard ["CEIL", "FLOOR", "0", "1"].contains(mode) else {
      throw TextProblem(
        "\(name): round_mode is \(mode.printable); it must be CEIL or FLOOR",
        at: try part.one("round_mode")?.place ?? place)
    }
    let pooling = try placed {
      try Pooling(
        kernelSize: kernelSize, stride: stride, padding: Padding(padding),
        rounding: ["CEIL", "0"].contains(mode) ? .caffe : .floor, countIncludePad: isMean)
    }
    return isMean ? .averagePool(pooling) : .maxPool(pooling)
  }

  /// A fully connected layer: a convolution whose kernel is the whole map.
  ///
  /// - Parameter shape: of the map; nil, and so is what comes of it, if nobody knows.
  func innerProduct(on shape: MapShape?) throws -> Network.Operation? {
    let part = try parameters(
      "inner_product_param",
      knowing: ["num_output", "bias_term", "weight_filler", "bias_filler", "axis", "transpose"])
    if let gap = try axisGap(part, is: 1) { return gap }
    guard try !part.flag("transpose", or: false) else {
      throw TextProblem(
        "\(name): transpose is true, and then the weights lie as (inputs, outputs); the book reads them as "
          + "(outputs, inputs) only. Sizes are the same without it",
        at: try part.one("transpose")?.place ?? place)
    }
    guard let outputs = try part.wholeNumber("num_output", in: Self.counts) else {
      throw missing("num_output", in: part)
    }
    let bias = try part.flag("bias_term", or: true)
    return try shape.map { (shape) throws in
      .convolution(
        try placed { try Convolution(kernelSize: shape.size) }, outputs: outputs, bias: bias,
        relu: false)
    }
  }

  // MARK: Numbers

  /// Height and width, from one number, two, or one of each name; nil if nothing is written.
  ///
  /// - Parameter usual: what the one is if only the other is written.
  private func pair(
    _ part: TextMessage.Part, _ both: String, _ down: String, _ across: String,
    _ range: ClosedRange<Int>, usual: Int? = nil
  ) throws(TextProblem) -> Size? {
    let fields = part.all(both)
    let (height, width) = (
      try part.wholeNumber(down, in: range), try part.wholeNumber(across, in: range)
    )
    guard height != nil || width != nil else {
      guard fields.count <= 2 else {
        throw TextProblem(
          "\(name): \(both) has \(fields.count) numbers; the maps here have two axes",
          at: fields[2].place)
      }
      guard let first = try fields.first?.wholeNumber(in: range) else { return nil }
      return Size(height: first, width: try fields.last?.wholeNumber(in: range) ?? first)
    }
    guard fields.isEmpty else {
      throw TextProblem(
        "\(name): \(both) is written beside \(height == nil ? across : down); Caffe takes the one or "
          + "the other", at: fields[0].place)
    }
    guard let height = height ?? usual, let width = width ?? usual else {
      throw TextProblem("\(name): \(down) and \(across) are written together", at: part.place)
    }
    return Size(height: height, width: width)
  }

  func missing(_ field: String, in part: TextMessage.Part) -> TextProblem {
    TextProblem("\(name) has no \(field) in its \(part.name)", at: part.place)
  }

  /// What an axis makes of the layer on which none here works; nil for the usual one.
  func axisGap(_ part: TextMessage.Part, is usual: Int) throws(TextProblem) -> Network.Operation? {
    guard let field = try part.one("axis") else { return nil }
    let axis = try field.wholeNumber(in: -4...3)
    return axis == usual || axis == usual - 4
      ? nil : gap("has axis \(axis); the book has it along axis \(usual)")
  }

  /// What `make` gives; an impossible geometry with the layer's place.
  func placed<Made>(_ make: () throws -> Made) throws(TextProblem) -> Made {
    do { return try make() } catch { throw TextProblem("\(name): \(error)", at: place) }
  }
}
