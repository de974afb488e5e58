internal import Tensors

/// The transpose of a window along one axis: the same taps, read from output to input.
///
/// `window` is the *forward* window, the one being transposed: its padding is p, the padding that the
/// transposed convolution takes away. ``equivalentConvolution(input:)`` has the other one, p′.
///
/// ```swift
/// let up = try TransposedWindow(kernelSize: 4, stride: 2, padding: 1)
/// try up.outputSize(input: 5)       // 2·(5−1) + 4 − 2·1 = 10
/// ```
public struct TransposedWindow: Hashable, Sendable {
  /// The forward window.
  public let window: Window
  /// Cells added to the output at the far end, to choose which forward input size is restored (the
  /// guide's a). It adds no zeros to the values: the new cells are computed like the others.
  public let outputPadding: Int

  /// The transpose of `window`.
  ///
  /// - Throws: ``GeometryError`` unless 0 ≤ outputPadding < max(stride, dilation), PyTorch's rule.
  public init(of window: Window, outputPadding: Int = 0) throws(GeometryError) {
    let limit = max(window.stride, window.dilation)
    guard 0 <= outputPadding && outputPadding < limit else {
      throw GeometryError(
        "the output padding is \(outputPadding); it must be from 0 to \(limit - 1), below the "
          + "larger of stride \(window.stride) and dilation \(window.dilation)")
    }
    self.window = window
    self.outputPadding = outputPadding
  }

  /// The transpose of a window with the same padding at both ends.
  public init(
    kernelSize: Int, stride: Int = 1, dilation: Int = 1, padding: Int = 0, outputPadding: Int = 0
  ) throws(GeometryError) {
    try self.init(
      of: Window(kernelSize: kernelSize, stride: stride, dilation: dilation, padding: padding),
      outputPadding: outputPadding)
  }

  /// The size restored: s(i−1) + d(k−1)+1 − padding + outputPadding.
  ///
  /// Source: Dumoulin and Visin, arXiv 1603.07285, relationship 14.
  ///
  /// - Throws: ``GeometryError`` if nothing is left after the padding is taken away.
  public func outputSize(input: Int) throws(GeometryError) -> Int {
    try require("the input size", input, atLeast: 1)
    let full = window.stride * (input - 1) + window.effectiveKernelSize
    let output = full - window.totalPadding + outputPadding
    guard output >= 1 else {
      throw GeometryError(
        "nothing is left: the transposed convolution reaches \(counted(full, "cell")) and the padding "
          + "takes \(window.totalPadding) away; it may take at most \(full + outputPadding - 1)")
    }
    return output
  }

  /// The input sizes that give this output size: at most one, for the output grows by the stride.
  public func inputSize(output: Int) -> Int? {
    guard output >= 1, output <= Int.max / 4 else { return nil }
    let reach = output + window.totalPadding - window.effectiveKernelSize - outputPadding
    guard reach >= 0, reach % window.stride == 0, reach / window.stride < largestExtent else {
      return nil
    }
    return reach / window.stride + 1
  }

  /// The smallest input size with at least `output` cells restored; nil if it would be above
  /// ``largestExtent``.
  public func leastInput(reaching output: Int) -> Int? {
    guard output <= Int.max / 4 else { return nil }
    let reach =
      max(1, output) + window.totalPadding - window.effectiveKernelSize - outputPadding
    let least = max(1, ceilDivide(reach, window.stride) + 1)
    return least <= largestExtent ? least : nil
  }

  /// The relation, named as the *forward* convolution names its cells: `axis.inputSize` is the size
  /// restored, and `axis.outputSize` the size of what the transposed convolution is given.
  public func axis(input: Int) throws(GeometryError) -> Axis {
    Axis(inputSize: try outputSize(input: input), outputSize: input, window: window)
  }

  /// The sizes a forward input may have had to give `input`: the candidates for the size restored,
  /// one for each output padding below the stride.
  public func restorableSizes(input: Int) throws(GeometryError) -> ClosedRange<Int> {
    let least = try outputSize(input: input) - outputPadding
    return least...(least + window.stride - 1)
  }

  /// The direct convolution that computes the same: insert zeros, pad by p′ = d(k−1) − p, slide the
  /// kernel turned by 180° with stride 1.
  ///
  /// Where p′ is negative, that many cells are cut off instead. The output padding lengthens the far
  /// padding. Source: Dumoulin and Visin, arXiv 1603.07285, relationships 8 to 14.
  public func equivalentConvolution(input: Int) throws(GeometryError) -> EquivalentConvolution {
    _ = try outputSize(input: input)
    let reach = window.effectiveKernelSize - 1
    return EquivalentConvolution(
      insertedZeros: window.stride - 1,
      inputSize: window.stride * (input - 1) + 1,
      window: try Window(
        kernelSize: window.kernelSize, stride: 1, dilation: window.dilation,
        paddingBefore: reach - window.paddingBefore,
        paddingAfter: reach - window.paddingAfter + outputPadding))
  }
}

/// The direct convolution with which a transposed one can be computed.
public struct EquivalentConvolution: Hashable, Sendable {
  /// Zeros put between two neighbouring input cells: s − 1.
  public let insertedZeros: Int
  /// The size after the zeros are inserted: s(i−1)+1.
  public let inputSize: Int
  /// Stride 1, the forward dilation, and the padding p′ at each end.
  public let window: Window
}
