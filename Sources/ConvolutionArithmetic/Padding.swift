public import Tensors

/// The rows and columns of zeros added around a map: top, left, bottom, right.
///
/// An integer literal means all four sides. A negative side cuts cells off instead; only the direct
/// convolution that is equivalent to a transposed one ever needs that.
public struct Padding: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  public var top: Int
  public var left: Int
  public var bottom: Int
  public var right: Int

  public init(top: Int, left: Int, bottom: Int, right: Int) {
    (self.top, self.left, self.bottom, self.right) = (top, left, bottom, right)
  }

  /// `size.height` rows above and below, `size.width` columns before and after.
  public init(_ size: Size) {
    self.init(top: size.height, left: size.width, bottom: size.height, right: size.width)
  }

  /// The same on all four sides.
  public init(integerLiteral side: Int) {
    self.init(Size(side))
  }

  /// Whether opposite sides are equal.
  public var isSymmetric: Bool { top == bottom && left == right }

  /// `1`, `1,2` (height, width) or `0,0,1,1` (top, left, bottom, right), as the command line takes it.
  public var description: String {
    guard isSymmetric else { return "\(top),\(left),\(bottom),\(right)" }
    return top == left ? "\(top)" : "\(top),\(left)"
  }
}

/// The paddings that have names: how many cells, and at which end the odd one.
public enum PaddingRule: Hashable, Sendable {
  /// None.
  case valid
  /// PyTorch's `padding="same"`: d(k−1) in all, the odd cell last; the stride must be 1.
  case same
  /// ONNX's SAME_UPPER, TensorFlow's and Keras's SAME: as much as ⌈i/s⌉ outputs need, the odd cell last.
  case sameUpper
  /// ONNX's SAME_LOWER: the same amount, the odd cell first.
  case sameLower

  /// The two ends of so many cells.
  fileprivate func ends(_ total: Int) -> (before: Int, after: Int) {
    let (less, more) = (total / 2, total - total / 2)
    return self == .sameLower ? (more, less) : (less, more)
  }
}

extension Window {
  /// The same window with the padding that a rule chooses for an input of this size.
  ///
  /// ```swift
  /// let padded = try Window(kernelSize: 3, stride: 2).padded(by: .sameUpper, input: 6)
  /// (padded.paddingBefore, padded.paddingAfter)   // (0, 1)
  /// ```
  ///
  /// - Throws: ``GeometryError`` for `.same` with a stride above 1, which PyTorch refuses too.
  public func padded(by rule: PaddingRule, input: Int) throws(GeometryError) -> Window {
    try require("the input size", input, atLeast: 1)
    let total: Int
    switch rule {
    case .valid: total = 0
    case .same:
      guard stride == 1 else {
        throw GeometryError(
          "padding \"same\" is PyTorch's, for stride 1 only, and the stride is \(stride); the \"same\" "
            + "of Keras and TensorFlow is same-upper, which allows any stride, as same-lower does")
      }
      total = effectiveKernelSize - 1
    case .sameUpper, .sameLower:
      total = max(0, (ceilDivide(input, stride) - 1) * stride + effectiveKernelSize - input)
    }
    let (before, after) = rule.ends(total)
    return try padded(before: before, after: after)
  }

  /// The transpose of this window with the padding that a rule chooses.
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
  /// let up = try Window(kernelSize: 3, stride: 2).transposed(by: .sameUpper)
  /// up.paddingAfter                // 1, and none before
  /// try up.outputSize(input: 5)    // 5·2
  /// ```
  ///
  /// ONNX's SAME keeps i·s when there is an output padding too: the padding takes it away again.
  ///
  /// - Throws: ``GeometryError`` where the output padding would have to be the stride or more.
  public func transposed(
    by rule: PaddingRule, outputPadding: Int? = nil
  ) throws(GeometryError) -> Window {
    if rule == .same, let outputPadding {
      let half = effectiveKernelSize / 2
      return try padded(before: half, after: half).transposed(outputPadding: outputPadding)
    }
    let beyond = effectiveKernelSize - stride + (outputPadding ?? 0)
    let (before, after) = rule == .valid ? (0, 0) : rule.ends(max(0, beyond))
    return try padded(before: before, after: after)
      .transposed(outputPadding: (outputPadding ?? 0) + max(0, -beyond))
  }

  /// The transpose of this window that restores `output` cells from `input`, as ONNX's `output_shape`
  /// asks for: what the stamps reach beyond is taken away as padding, half at each end, the odd cell at
  /// the beginning, or with `.sameUpper` at the end. Where they do not reach so far, what is missing is
  /// output padding.
  ///
  /// - Throws: ``GeometryError`` if more is missing than an output padding can be.
  public func transposed(
    restoring output: Int, from input: Int, by rule: PaddingRule = .sameLower,
    outputPadding: Int = 0
  ) throws(GeometryError) -> Window {
    try require("the output shape", output, atLeast: 1)
    let bare = try padded(before: 0, after: 0)
    let reach = try bare.transposed(outputPadding: outputPadding).outputSize(input: input)
    let missing = max(0, output - reach)
    guard outputPadding + missing < max(stride, dilation, outputPadding + 1) else {
      throw GeometryError(
        "the output shape is \(output), and the stamps of \(input) cells reach \(reach); with an output "
          + "padding it must be from 1 to \(reach + max(stride, dilation) - 1 - outputPadding)")
    }
    let (before, after) = rule.ends(reach + missing - output)
    return try padded(before: before, after: after)
      .transposed(outputPadding: outputPadding + missing)
  }
}
