extension PaddingRule {
  /// The transposed window along one axis that a rule asks for.
  ///
  /// | rule | size restored | as |
  /// |---|---|---|
  /// | `.sameUpper`, `.sameLower` | i·s | TensorFlow's, Keras's and ONNX's SAME |
  /// | `.valid` | i·s + max(k̂ − s, 0) | TensorFlow's and Keras's VALID |
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
  /// - Throws: ``GeometryError`` for `.same` and `.cells`, which are no rule for a transposed
  ///   convolution, and where the output padding would have to be the stride or more.
  public func transposedWindow(
    kernelSize: Int, stride: Int = 1, dilation: Int = 1
  ) throws(GeometryError) -> TransposedWindow {
    let bare = try Window(kernelSize: kernelSize, stride: stride, dilation: dilation)
    let beyond = bare.effectiveKernelSize - stride
    let (less, more) = (max(0, beyond) / 2, max(0, beyond) - max(0, beyond) / 2)
    let window: Window
    switch self {
    case .sameUpper: window = try bare.padded(before: less, after: more)
    case .sameLower: window = try bare.padded(before: more, after: less)
    case .valid: window = bare
    case .same, .cells:
      throw GeometryError(
        "the padding rule of a transposed convolution must be same-upper, same-lower or valid")
    }
    return try TransposedWindow(of: window, outputPadding: max(0, -beyond))
  }
}
