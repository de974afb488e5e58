import CommandLineKit
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

/// Everything `size` says about one axis.
struct AxisReport: Equatable {
  /// `rows`, `columns`, or empty if both are alike.
  var name: String
  let input: Int
  let output: Int
  /// The formula with its substitution, line by line.
  let lines: [String]
  /// What else there is to say, as labels and sentences.
  let remarks: [Remark]
  /// How many input cells are never read, and which, if there are not too many to list.
  let unreadCount: Int
  let unread: [Int]?
  /// The smallest and the largest input with the same output; nil for operations of which every
  /// input has its own.
  let sameOutput: ClosedRange<Int>?

  struct Remark: Equatable {
    let label: String
    let sentence: String
  }
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
    let kernelSize = try kernel.size("kernel", isSequence: false, neutral: 1)
    let window = try ResolvedWindow(
      options, kernelSize: kernelSize, input: input.size, isSequence: false)
    var reports: [AxisReport]
    if options.operation == .convTranspose {
      let transposed = try TransposedWindow2D(
        kernelSize: kernelSize, stride: window.stride, padding: window.padding,
        outputPadding: window.outputPadding, dilation: window.dilation)
      reports = [
        try AxisReport("rows", transposed.rows, input: input.size.height),
        try AxisReport("columns", transposed.columns, input: input.size.width),
      ]
    } else {
      let forward = try Window2D(
        kernelSize: kernelSize, stride: window.stride, padding: window.padding,
        dilation: window.dilation)
      // Caffe clips the last windows of both axes if either is padded.
      let clips = options.rounding == .caffe && (forward.rows.isPadded || forward.columns.isPadded)
      let rounding = clips ? .ceil : options.rounding
      reports = [
        try AxisReport("rows", forward.rows, input: input.size.height, rounding: rounding),
        try AxisReport("columns", forward.columns, input: input.size.width, rounding: rounding),
      ]
    }
    self.init(
      operation: options.operation, title: Self.title(options, window, input),
      axes: merged(reports),
      input: input, output: window.outputSize,
      calls: Self.layer(options, window, input).frameworkCalls)
  }

  private static func title(
    _ options: OperationOptions, _ window: ResolvedWindow, _ input: MapSize
  ) -> String {
    func text(_ size: Size) -> String {
      size.height == size.width ? "\(size.height)" : size.description
    }
    var parts = ["input \(input.text)", "kernel \(text(window.kernelSize))"]
    if window.stride != 1 || options.operation.isPooling {
      parts.append("stride \(text(window.stride))")
    }
    if window.padding != 0 || options.padding != .cells([0]) {
      parts.append("padding \(window.padding)")
    }
    if window.dilation != 1 { parts.append("dilation \(text(window.dilation))") }
    if window.outputPadding != 0 { parts.append("output padding \(text(window.outputPadding))") }
    if options.groups != 1 { parts.append("groups \(options.groups)") }
    if options.rounding != .floor { parts.append("rounding \(options.rounding.rawValue)") }
    return "\(options.operation.rawValue): " + parts.joined(separator: ", ")
  }

  private static func layer(
    _ options: OperationOptions, _ window: ResolvedWindow, _ input: MapSize
  ) -> FrameworkLayer {
    let kind: FrameworkLayer.Kind =
      switch options.operation {
      case .maxPool: .maxPooling
      case .avgPool: .averagePooling(countIncludePad: options.countsPadding)
      case .convTranspose: .transposedConvolution
      default: .convolution
      }
    return FrameworkLayer(
      kind, kernelSize: window.kernelSize, stride: window.stride, padding: window.padding,
      dilation: window.dilation, outputPadding: window.outputPadding, groups: options.groups,
      rounding: options.rounding, input: input.size)
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
