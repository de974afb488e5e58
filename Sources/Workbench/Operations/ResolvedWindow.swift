import ConvolutionArithmetic
import Tensors

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

  /// The pooling.
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
