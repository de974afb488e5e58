import ConvolutionArithmetic
import Tensors

/// Everything `size` says about one operation on an input of one size.
struct SizeReport {
  let operation: Operation
  /// The input and the parameters, as a sentence without a verb.
  let title: String
  /// What each axis has; one, if both are alike.
  let axes: [AxisReport]
  let input: MapSize
  let output: Size
  let calls: [FrameworkCall]

  /// `3`, or `3×4` where two numbers were asked for or the axes differ.
  var outputText: String { answersWithOneNumber ? "\(output.height)" : output.description }

  /// A number for a number; height and width for the rest.
  var answersWithOneNumber: Bool { input.isOneNumber && output.height == output.width }
}

extension SizeReport {
  /// The report for an operation and its options.
  ///
  /// - Throws: `ExitStatus` or `GeometryError` if the geometry is impossible.
  init(_ options: OperationOptions, input: MapSize) throws {
    switch options.operation {
    case .conv, .convTranspose, .maxPool, .avgPool:
      try self.init(windowed: options, input: input)
    case .bilinear:
      try self.init(bilinear: options, input: input)
    case .linear, .softmax, .argmax:
      self.init(whole: options.operation, input: input)
    }
  }

  private init(windowed options: OperationOptions, input: MapSize) throws {
    guard let kernel = options.kernel else {
      throw ExitStatus.usage("--kernel is missing: the kernel size, 3 or 2,3")
    }
    let dimensions = options.dimensions ?? 2
    try Self.checkDimensions(dimensions, options, input)
    // A sequence is a map of height 1.
    let isSequence = dimensions == 1
    let size = isSequence ? Size(height: 1, width: input.size.width) : input.size
    let layer: FrameworkLayer.Kind
    switch options.operation {
    case .maxPool: layer = .maxPooling(try options.pooling(input: size, isSequence: isSequence))
    case .avgPool: layer = .averagePooling(try options.pooling(input: size, isSequence: isSequence))
    default:
      layer = .convolution(
        try options.convolution(
          kernelSize: try kernel.size("kernel", isSequence: isSequence, neutral: 1), input: size,
          isSequence: isSequence))
    }
    let windows = FrameworkLayer(
      layer, input: input.size, inputChannels: input.channels, dimensions: dimensions)
    let output = try windows.outputSize(input: size)
    var reports = [
      try AxisReport("rows", windows.rows, input: size.height),
      try AxisReport("columns", windows.columns, input: size.width),
    ]
    if isSequence { reports[0] = reports[1] }
    self.init(
      operation: options.operation, title: Self.title(options, windows, input),
      axes: merged(reports), input: input, output: isSequence ? Size(output.width) : output,
      calls: windows.frameworkCalls)
  }

  /// A sequence is asked for with one number; the numbers of a volume are one already.
  private static func checkDimensions(
    _ dimensions: Int, _ options: OperationOptions, _ input: MapSize
  ) throws(ExitStatus) {
    guard dimensions == 1 else { return }
    let given: [(name: String, count: Int)] = [
      ("input", input.isOneNumber ? 1 : 2), ("kernel", options.kernel?.numbers.count ?? 1),
      ("stride", options.stride?.numbers.count ?? 1),
      ("dilation", options.dilation?.numbers.count ?? 1),
      ("output-padding", options.outputPadding?.numbers.count ?? 1),
      ("output-shape", options.outputShape?.numbers.count ?? 1),
    ]
    guard let several = given.first(where: { $0.count > 1 }) else { return }
    throw .usage(
      "--\(several.name) has more than one number; a sequence has one axis")
  }

  private static func title(
    _ options: OperationOptions, _ window: FrameworkLayer, _ input: MapSize
  ) -> String {
    func text(_ size: Size) -> String {
      isSequence(options) || size.height == size.width ? "\(size.width)" : size.description
    }
    var parts = ["input \(input.text)", "kernel \(text(window.kernelSize))"]
    if let channels = input.channels { parts.insert(counted(channels, "channel"), at: 1) }
    if text(window.stride) != "1" || options.operation.isPooling {
      parts.append("stride \(text(window.stride))")
    }
    if window.isPadded || options.padding != .cells([0]) {
      let name = options.padding.ruleName.map { "\($0), " } ?? ""
      parts.append(
        "padding \(name)\(isSequence(options) ? sides(window.padding) : "\(window.padding)")")
    }
    if text(window.dilation) != "1" { parts.append("dilation \(text(window.dilation))") }
    if window.outputPadding != 0 { parts.append("output padding \(text(window.outputPadding))") }
    if options.groups != 1 { parts.append("groups \(options.groups)") }
    if options.rounding != .floor { parts.append("rounding \(options.rounding.rawValue)") }
    return "\(options.operation.rawValue): " + parts.joined(separator: ", ")
  }

  private static func isSequence(_ options: OperationOptions) -> Bool { options.dimensions == 1 }

  /// `1`, or `0,1` where the two ends of a sequence differ.
  private static func sides(_ padding: Padding) -> String {
    padding.left == padding.right ? "\(padding.left)" : "\(padding.left),\(padding.right)"
  }
}

/// Both axes, or one that stands for both.
func merged(_ axes: [AxisReport]) -> [AxisReport] {
  var alike = axes[0]
  alike.name = axes[1].name
  guard alike == axes[1] else { return axes }
  alike.name = ""
  return [alike]
}
