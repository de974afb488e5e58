extension PaddingRule {
  /// The transposed window along one axis that a rule asks for.
  ///
  /// | rule | size restored | as |
  /// |---|---|---|
  /// | `.sameUpper`, `.sameLower` | i·s | TensorFlow's, Keras's and ONNX's SAME |
  /// | `.valid` | i·s + max(k̂ − s, 0) | TensorFlow's and Keras's VALID |
  /// | `.same` | i·s, or (i−1)s + k̂ − 2⌊k̂/2⌋ + a with an output padding a | Keras's "same" |
  ///
  /// What the stamps reach beyond i·s is taken away as padding, the odd cell at the end for
  /// `.sameUpper` and at the beginning for `.sameLower`; what they do not reach is output padding.
  ///
  /// Where k̂ is below s the extra cells lie at the end, as in TensorFlow; implementations of ONNX do
  /// not agree with each other there.
  ///
  /// ```swift
  /// let up = try PaddingRule.sameUpper.transposedWindow(kernelSize: 3, stride: 2)
  /// up.window.paddingAfter         // 1, and none before
  /// try up.outputSize(input: 5)    // 5·2
  /// ```
  ///
  /// ONNX's SAME keeps i·s when there is an output padding too: the padding takes it away again.
  ///
  /// - Throws: ``GeometryError`` for `.cells`, which is no rule, and where the output padding would
  ///   have to be the stride or more.
  public func transposedWindow(
    kernelSize: Int, stride: Int = 1, dilation: Int = 1, outputPadding: Int? = nil
  ) throws(GeometryError) -> TransposedWindow {
    let bare = try Window(kernelSize: kernelSize, stride: stride, dilation: dilation)
    if self == .same {
      // Keras's: i·s, or with an output padding half the kernel at each end.
      guard let outputPadding else {
        return try PaddingRule.sameUpper.transposedWindow(
          kernelSize: kernelSize, stride: stride, dilation: dilation)
      }
      let half = bare.effectiveKernelSize / 2
      return try TransposedWindow(
        of: bare.padded(before: half, after: half), outputPadding: outputPadding)
    }
    let beyond = bare.effectiveKernelSize - stride + (outputPadding ?? 0)
    let (less, more) = (max(0, beyond) / 2, max(0, beyond) - max(0, beyond) / 2)
    let window: Window
    switch self {
    case .sameUpper: window = try bare.padded(before: less, after: more)
    case .sameLower: window = try bare.padded(before: more, after: less)
    case .valid: window = bare
    case .same, .cells:
      throw GeometryError(
        "the padding rule of a transposed convolution must be same, same-upper, same-lower or valid"
      )
    }
    return try TransposedWindow(of: window, outputPadding: (outputPadding ?? 0) + max(0, -beyond))
  }

  /// The transposed window that restores `output` cells from `input`, as ONNX's `output_shape` asks
  /// for: what the stamps reach beyond is taken away as padding, half at each end, the odd cell at
  /// the beginning, or with `.sameUpper` at the end.
  ///
  /// - Throws: ``GeometryError`` if the stamps do not reach so far.
  public func transposedWindow(
    restoring output: Int, from input: Int, kernelSize: Int, stride: Int = 1, dilation: Int = 1,
    outputPadding: Int = 0
  ) throws(GeometryError) -> TransposedWindow {
    try require("the output shape", output, atLeast: 1)
    let bare = try TransposedWindow(
      of: Window(kernelSize: kernelSize, stride: stride, dilation: dilation),
      outputPadding: outputPadding)
    let reach = try bare.outputSize(input: input)
    guard output <= reach else {
      throw GeometryError(
        "the output shape is \(output), and the stamps of \(input) cells reach \(reach); it must be "
          + "from 1 to \(reach)")
    }
    let (less, more) = ((reach - output) / 2, (reach - output + 1) / 2)
    let isUpper = self == .sameUpper
    return try TransposedWindow(
      of: bare.window.padded(before: isUpper ? less : more, after: isUpper ? more : less),
      outputPadding: outputPadding)
  }
}
