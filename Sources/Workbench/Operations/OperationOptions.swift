import ConvolutionArithmetic
import Tensors

/// The options of an operation as they were typed, before the rank of the input is known.
struct OperationOptions {
  let operation: Operation
  var kernel: Extents?
  var stride: Extents?
  var dilation: Extents?
  var padding: PaddingOption
  var outputPadding: Extents?
  var outputShape: Extents?
  var groups: Int
  var rounding: Rounding
  var countsPadding: Bool
  var scale: Extents?
  var alignsCorners: Bool
  var axis: Int?
  /// 1 to 3, where it was said, by `--dimensions` or by a name such as `Conv1d`.
  var dimensions: Int?

  /// Reads them.
  ///
  /// - Throws: `ExitStatus` 64 if one is not what it should be, or means nothing for the operation.
  init(_ operation: Operation, _ arguments: Arguments) throws(ExitStatus) {
    try operation.checkOptions(arguments)
    self.operation = operation
    kernel = try Extents(arguments, "kernel")
    stride = try Extents(arguments, "stride")
    dilation = try Extents(arguments, "dilation")
    padding = try PaddingOption(arguments)
    outputPadding = try Extents(arguments, "output-padding")
    outputShape = try Extents(arguments, "output-shape")
    groups = try arguments.number("groups") ?? 1
    scale = try Extents(arguments, "scale")
    axis = try arguments.number("axis")
    dimensions = try Self.dimensions(arguments)
    countsPadding = arguments.has("count-include-pad")
    alignsCorners = arguments.has("align-corners")
    let chosen = try arguments.choice("rounding", of: Rounding.allCases.map(\.rawValue))
    rounding = chosen.flatMap(Rounding.init(rawValue:)) ?? .floor
    if arguments.has("ceil-mode") {
      guard chosen == nil || rounding == .ceil else {
        throw .usage("--ceil-mode and --rounding \(rounding.rawValue) exclude each other")
      }
      rounding = .ceil
    }
  }

  /// The dimensions that were asked for, by `--dimensions` or by a name such as `Conv1d`.
  static func dimensions(_ arguments: Arguments) throws(ExitStatus) -> Int? {
    let named = arguments.operands.first.flatMap(Operation.named)?.dimensions
    let asked = try arguments.integer("dimensions", in: 1...3)
    if let named, let asked, named != asked {
      throw .usage("--dimensions \(asked) and \(arguments.operands[0]) exclude each other")
    }
    return asked ?? named
  }

  /// - Throws: `ExitStatus` 65 where a volume was asked for, of which only sizes are computed.
  func refuseVolumes() throws(ExitStatus) {
    guard dimensions == 3 else { return }
    throw .data(
      "arrays of one or two dimensions are computed with; convbook size and convbook solve know the "
        + "sizes in three")
  }

  /// All options that describe an operation, for the help of the commands that take them.
  static func options(_ names: [String]) -> [Option] {
    names.map { name in all.first { $0.name == name }! }
  }

  /// The names of the options that give a window.
  static let windowNames = [
    "kernel", "stride", "padding", "dilation", "output-padding", "output-shape", "groups",
    "ceil-mode", "rounding",
    "count-include-pad", "scale", "align-corners",
  ]

  private static let all: [Option] = [
    Option("kernel", "K", "kernel size: 3, or 2,3 for height,width"),
    Option(
      "stride", "S",
      "input cells from window to window: 2, or 2,1; the kernel size for pooling, else 1"
    ),
    Option(
      "padding", "P",
      "1, or 1,2 for height,width (left,right of a sequence), or top,left,bottom,right, or same (as "
        + "PyTorch), same-upper, "
        + "same-lower (as ONNX; same-upper is also the \"same\" of Keras and TensorFlow), valid"),
    Option("dilation", "D", "input cells from kernel cell to kernel cell: 2, or 2,1"),
    Option("output-padding", "P", "conv-transpose: which of the possible sizes is restored"),
    Option(
      "output-shape", "O",
      "conv-transpose: the size to be restored, as ONNX's output_shape: 10, or 10,12; it chooses the "
        + "padding"),
    Option("groups", "G", "cut the channels into this many groups"),
    .flag("ceil-mode", "pooling: keep the last window that hangs over, as PyTorch"),
    Option("rounding", "R", "pooling: floor, ceil or caffe"),
    .flag(
      "count-include-pad",
      "avg-pool: divide by the padding's cells too, which PyTorch does unless told otherwise"),
    Option("scale", "N", "bilinear: the whole factor by which the map grows"),
    .flag("align-corners", "bilinear: the corner cells keep their places"),
    Option(
      "axis", "A", "softmax, argmax: the axis, from 0 or from the end with -1; 1 if not given"),
  ]
}

/// - Throws: `ExitStatus` 65 unless a map can grow by this factor.
func checkScale(_ factor: Size) throws(ExitStatus) {
  guard min(factor.height, factor.width) >= 1 else {
    throw .data(
      "--scale is \(factor.height == factor.width ? "\(factor.height)" : factor.description); a map "
        + "grows by a whole factor of at least 1")
  }
}

/// The options of a windowed operation for one input: what was not given filled in, the padding chosen.
extension OperationOptions {
  /// The convolution, or transposed one.
  ///
  /// - Parameter isSequence: whether the input has one axis, so that options have one number.
  func convolution(kernelSize: Size, input: Size, isSequence: Bool) throws -> Convolution {
    let bare = try Convolution(
      kernelSize: kernelSize, stride: stride(isSequence) ?? 1,
      padding: padding.cells(isSequence: isSequence) ?? 0, dilation: dilation(isSequence),
      groups: groups)
    func along(
      _ rows: (Window) throws -> Window, _ columns: (Window) throws -> Window
    ) throws -> Convolution {
      try Convolution(rows: rows(bare.rows), columns: columns(bare.columns), groups: groups)
    }
    let rule = padding.rule
    guard operation == .convTranspose else {
      guard let rule else { return bare }
      return try along(
        { try $0.padded(by: rule, input: input.height) },
        { try $0.padded(by: rule, input: input.width) })
    }
    let extra = try outputPadding?.size("output-padding", isSequence: isSequence, neutral: 0)
    if let shape = try outputShape?.size("output-shape", isSequence: isSequence, neutral: 1) {
      guard rule == nil && !bare.isPadded || rule == .sameUpper || rule == .sameLower else {
        throw ExitStatus.usage(
          "--output-shape chooses the padding; beside it --padding can be same-upper or same-lower")
      }
      func restored(_ window: Window, _ shape: Int, _ input: Int, _ extra: Int) throws -> Window {
        try window.transposed(
          restoring: shape, from: input, by: rule ?? .sameLower, outputPadding: extra)
      }
      return try along(
        { try restored($0, shape.height, input.height, extra?.height ?? 0) },
        { try restored($0, shape.width, input.width, extra?.width ?? 0) })
    }
    // "valid" in PyTorch's and ONNX's sense: no padding, and no output padding unless given.
    guard let rule, rule != .valid else { return try bare.transposed(outputPadding: extra ?? 0) }
    return try along(
      { try $0.transposed(by: rule, outputPadding: extra?.height) },
      { try $0.transposed(by: rule, outputPadding: extra?.width) })
  }

  func pooling(input: Size, isSequence: Bool) throws -> Pooling {
    guard let kernel else {
      throw ExitStatus.usage("--kernel is missing: the size of the pooling window")
    }
    var pooling = try Pooling(
      kernelSize: try kernel.size("kernel", isSequence: isSequence, neutral: 1),
      stride: stride(isSequence), padding: padding.cells(isSequence: isSequence) ?? 0,
      dilation: dilation(isSequence), rounding: rounding, countIncludePad: countsPadding)
    if let rule = padding.rule {
      pooling = Pooling(
        rows: try pooling.rows.padded(by: rule, input: input.height),
        columns: try pooling.columns.padded(by: rule, input: input.width),
        countIncludePad: countsPadding)
    }
    _ = try pooling.outputSize(input: input)
    // A window that could lie in the padding alone would have no largest cell and no mean.
    let (span, padding) = (pooling.effectiveKernelSize, pooling.padding)
    guard max(padding.top, padding.bottom) < span.height,
      max(padding.left, padding.right) < span.width
    else {
      throw ExitStatus.data(
        "the padding is \(padding) and the pooling window spans \(span) cells; the padding must be "
          + "from 0 to \(span.height - 1) above and below and from 0 to \(span.width - 1) left and "
          + "right")
    }
    return pooling
  }

  private func stride(_ isSequence: Bool) throws(ExitStatus) -> Size? {
    try stride?.size("stride", isSequence: isSequence, neutral: 1)
  }

  private func dilation(_ isSequence: Bool) throws(ExitStatus) -> Size {
    try dilation?.size("dilation", isSequence: isSequence, neutral: 1) ?? 1
  }
}
