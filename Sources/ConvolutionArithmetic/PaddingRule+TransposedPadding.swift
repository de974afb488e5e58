public import Tensors

extension PaddingRule {
  /// The padding of the forward window whose transpose restores the size that the rule asks for.
  ///
  /// `.sameUpper` and `.sameLower` restore input · stride, as Keras's `Conv2DTranspose` with SAME and
  /// ONNX's `ConvTranspose` do: d(k−1)+1 + outputPadding − s cells are taken away in all, the odd one
  /// at the end or at the beginning. Where the kernel spans less than the stride, that is negative,
  /// and cells that no input reaches are added.
  ///
  /// ```swift
  /// try PaddingRule.sameUpper.transposedPadding(kernelSize: 3, stride: 2)   // 0,0,1,1
  /// ```
  ///
  /// - Throws: ``GeometryError`` for `.same`, which PyTorch does not define for transposed
  ///   convolutions.
  public func transposedPadding(
    kernelSize: Size, stride: Size = 1, dilation: Size = 1, outputPadding: Size = 0
  ) throws(GeometryError) -> Padding {
    switch self {
    case .cells(let padding): return padding
    case .valid: return 0
    case .same:
      throw GeometryError(
        "padding \"same\" is not defined for a transposed convolution; same-upper and same-lower "
          + "restore the input size times the stride")
    case .sameUpper, .sameLower:
      let rows = try transposedEnds(
        Window(kernelSize: kernelSize.height, stride: stride.height, dilation: dilation.height),
        outputPadding: outputPadding.height)
      let columns = try transposedEnds(
        Window(kernelSize: kernelSize.width, stride: stride.width, dilation: dilation.width),
        outputPadding: outputPadding.width)
      return Padding(
        top: rows.before, left: columns.before, bottom: rows.after, right: columns.after)
    }
  }

  private func transposedEnds(
    _ window: Window, outputPadding: Int
  ) throws(GeometryError) -> (before: Int, after: Int) {
    _ = try TransposedWindow(of: window, outputPadding: outputPadding)
    let total = window.effectiveKernelSize + outputPadding - window.stride
    let less = floorDivide(total, 2)
    return self == .sameUpper ? (less, total - less) : (total - less, less)
  }
}
