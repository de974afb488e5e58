public import Tensors

/// How a padding is chosen: given in cells, or by one of the rules called "same" and "valid".
public enum PaddingRule: Hashable, Sendable {
  /// These cells.
  case cells(Padding)
  /// None.
  case valid
  /// PyTorch's `padding="same"`: d(k−1) in all, the odd cell last; the stride must be 1.
  case same
  /// ONNX's SAME_UPPER, TensorFlow's and Keras's SAME: as much as ⌈i/s⌉ outputs need, the odd cell last.
  case sameUpper
  /// ONNX's SAME_LOWER: the same amount, the odd cell first.
  case sameLower

  /// The cells of padding for a convolution or pooling of an input of this size.
  ///
  /// ```swift
  /// try PaddingRule.sameUpper.padding(input: 6, kernelSize: 3, stride: 2)   // 0,0,1,1
  /// ```
  ///
  /// - Throws: ``GeometryError`` for `.same` with a stride above 1, which PyTorch refuses too.
  public func padding(
    input: Size, kernelSize: Size, stride: Size = 1, dilation: Size = 1
  ) throws(GeometryError) -> Padding {
    if case .cells(let padding) = self { return padding }
    let rows = try ends(
      input: input.height, kernelSize: kernelSize.height, stride: stride.height,
      dilation: dilation.height)
    let columns = try ends(
      input: input.width, kernelSize: kernelSize.width, stride: stride.width,
      dilation: dilation.width)
    return Padding(
      top: rows.before, left: columns.before, bottom: rows.after, right: columns.after)
  }

  private func ends(
    input: Int, kernelSize: Int, stride: Int, dilation: Int
  ) throws(GeometryError) -> (before: Int, after: Int) {
    try require("the input size", input, atLeast: 1)
    let window = try Window(kernelSize: kernelSize, stride: stride, dilation: dilation)
    let reach = window.effectiveKernelSize - 1
    switch self {
    case .cells, .valid:
      return (0, 0)
    case .same:
      guard stride == 1 else {
        throw GeometryError(
          "padding \"same\" is PyTorch's, for stride 1 only, and the stride is \(stride); the \"same\" "
            + "of Keras and TensorFlow is same-upper, which allows any stride, as same-lower does")
      }
      return (reach / 2, reach - reach / 2)
    case .sameUpper, .sameLower:
      let output = ceilDivide(input, stride)
      let total = max(0, (output - 1) * stride + reach + 1 - input)
      let (less, more) = (total / 2, total - total / 2)
      return self == .sameUpper ? (less, more) : (more, less)
    }
  }
}
