import ConvolutionArithmetic
import Tensors

/// The options of a windowed operation for one input: what each axis has.
struct ResolvedWindow {
  let kernelSize: Size
  let stride: Size
  let padding: Padding
  let dilation: Size
  let outputPadding: Size
  let outputSize: Size

  /// Fills in what was not given, chooses the padding, and computes the output size.
  ///
  /// - Parameter isSequence: whether the input has one axis, so that options have one number.
  init(
    _ options: OperationOptions, kernelSize: Size, input: Size, isSequence: Bool
  ) throws {
    let ones = Size(1)
    self.kernelSize = kernelSize
    func extents(_ given: Extents?, _ name: String, neutral: Int) throws(ExitStatus) -> Size? {
      try given?.size(name, isSequence: isSequence, neutral: neutral)
    }
    stride =
      try extents(options.stride, "stride", neutral: 1)
      ?? (options.operation.isPooling ? kernelSize : ones)
    dilation = try extents(options.dilation, "dilation", neutral: 1) ?? ones
    let givenOutputPadding = try extents(options.outputPadding, "output-padding", neutral: 0)
    let rule = try options.padding.rule(isSequence: isSequence)
    if options.operation == .convTranspose {
      let window = try Self.transposedWindow(
        rule, kernelSize: kernelSize, stride: stride, dilation: dilation,
        outputPadding: givenOutputPadding,
        restoring: try extents(options.outputShape, "output-shape", neutral: 1), from: input)
      padding = window.padding
      outputPadding = window.outputPadding
      outputSize = try window.outputSize(input: input)
    } else {
      padding = try rule.padding(
        input: input, kernelSize: kernelSize, stride: stride, dilation: dilation)
      outputPadding = 0
      let window = try Window2D(
        kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation)
      outputSize = try window.outputSize(input: input, rounding: options.rounding)
    }
    if padding.smallestSide < 0, case .cells = rule {
      throw ExitStatus.data("--padding is \(padding); it must be 0 or more on every side")
    }
    if options.operation.isPooling { try checkPoolingPadding() }
  }

  private static func transposedWindow(
    _ rule: PaddingRule, kernelSize: Size, stride: Size, dilation: Size, outputPadding: Size?,
    restoring output: Size?, from input: Size
  ) throws -> TransposedWindow2D {
    if let output {
      guard rule == .cells(0) || rule == .sameUpper || rule == .sameLower else {
        throw ExitStatus.usage(
          "--output-shape chooses the padding; beside it --padding can be same-upper or same-lower")
      }
      let extra = outputPadding ?? 0
      return TransposedWindow2D(
        rows: try rule.transposedWindow(
          restoring: output.height, from: input.height, kernelSize: kernelSize.height,
          stride: stride.height, dilation: dilation.height, outputPadding: extra.height),
        columns: try rule.transposedWindow(
          restoring: output.width, from: input.width, kernelSize: kernelSize.width,
          stride: stride.width, dilation: dilation.width, outputPadding: extra.width))
    }
    switch rule {
    case .cells(let padding):
      return try TransposedWindow2D(
        kernelSize: kernelSize, stride: stride, padding: padding,
        outputPadding: outputPadding ?? 0, dilation: dilation)
    case .valid, .same, .sameUpper, .sameLower:
      // "valid" in PyTorch's and ONNX's sense: no padding, and no output padding unless given.
      if rule == .valid {
        return try TransposedWindow2D(
          kernelSize: kernelSize, stride: stride, outputPadding: outputPadding ?? 0,
          dilation: dilation)
      }
      return TransposedWindow2D(
        rows: try rule.transposedWindow(
          kernelSize: kernelSize.height, stride: stride.height, dilation: dilation.height,
          outputPadding: outputPadding?.height),
        columns: try rule.transposedWindow(
          kernelSize: kernelSize.width, stride: stride.width, dilation: dilation.width,
          outputPadding: outputPadding?.width))
    }
  }

  /// A window that could lie in the padding alone would have no largest cell and no mean.
  private func checkPoolingPadding() throws(ExitStatus) {
    let (height, width) = (
      dilation.height * (kernelSize.height - 1) + 1, dilation.width * (kernelSize.width - 1) + 1
    )
    guard max(padding.top, padding.bottom) < height, max(padding.left, padding.right) < width
    else {
      throw .data(
        "the padding is \(padding) and the pooling window spans \(height)×\(width) cells; the "
          + "padding must be from 0 to \(height - 1) above and below and from 0 to \(width - 1) "
          + "left and right")
    }
  }
}

extension Padding {
  /// The least of the four sides.
  var smallestSide: Int { min(top, left, bottom, right) }
}

extension TransposedWindow2D {
  /// The padding of the forward window.
  var padding: Padding {
    Padding(
      top: rows.window.paddingBefore, left: columns.window.paddingBefore,
      bottom: rows.window.paddingAfter, right: columns.window.paddingAfter)
  }

  /// The output padding of both axes.
  var outputPadding: Size {
    Size(height: rows.outputPadding, width: columns.outputPadding)
  }
}
