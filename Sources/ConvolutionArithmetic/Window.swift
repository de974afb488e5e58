internal import Tensors

/// A sliding window along one axis: the kernel size, stride, dilation and padding of a convolution or
/// a pooling, before it meets an input.
///
/// ```swift
/// let window = try Window(kernelSize: 3, stride: 2, padding: 1)
/// try window.outputSize(input: 5)     // 3
/// try window.inputSizes(output: 3)    // 5...6
/// ```
public struct Window: Hashable, Sendable {
  /// Cells of the kernel: k.
  public let kernelSize: Int
  /// Input cells from one output to the next: s.
  public let stride: Int
  /// Input cells from one kernel cell to the next: d.
  public let dilation: Int
  /// Zeros before the input: p.
  public let paddingBefore: Int
  /// Zeros after the input; often the same p.
  public let paddingAfter: Int

  /// A window whose padding may differ at the two ends.
  ///
  /// - Throws: ``GeometryError`` if the kernel size, stride or dilation is not from 1 to
  ///   ``largestExtent``, or a padding is larger than that in magnitude.
  public init(
    kernelSize: Int, stride: Int = 1, dilation: Int = 1, paddingBefore: Int, paddingAfter: Int
  ) throws(GeometryError) {
    try require("the kernel size", kernelSize, atLeast: 1)
    try require("the stride", stride, atLeast: 1)
    try require("the dilation", dilation, atLeast: 1)
    try require("the padding", paddingBefore, atLeast: -largestExtent)
    try require("the padding", paddingAfter, atLeast: -largestExtent)
    self.kernelSize = kernelSize
    self.stride = stride
    self.dilation = dilation
    self.paddingBefore = paddingBefore
    self.paddingAfter = paddingAfter
  }

  /// A window with the same padding at both ends.
  public init(
    kernelSize: Int, stride: Int = 1, dilation: Int = 1, padding: Int = 0
  ) throws(GeometryError) {
    try self.init(
      kernelSize: kernelSize, stride: stride, dilation: dilation,
      paddingBefore: padding, paddingAfter: padding)
  }

  /// The input cells that the kernel spans, holes included: d(k−1)+1.
  public var effectiveKernelSize: Int { dilation * (kernelSize - 1) + 1 }

  /// Of the transposed convolution: how many stamps meet on an output cell away from the ends, for
  /// each of the `stride` phases in turn.
  ///
  /// ```swift
  /// try Window(kernelSize: 3, stride: 2).overlaps   // [2, 1]: a checkerboard
  /// try Window(kernelSize: 4, stride: 2).overlaps   // [2, 2]
  /// ```
  public var overlaps: [Int] {
    var counts = Array(repeating: 0, count: stride)
    // Whatever the kernel, the phases repeat after `stride` of its cells.
    for cell in 0..<min(kernelSize, stride) {
      counts[cell * dilation % stride] += (kernelSize - 1 - cell) / stride + 1
    }
    return counts
  }

  /// Whether there are zeros at either end.
  public var isPadded: Bool { paddingBefore != 0 || paddingAfter != 0 }

  /// Zeros at both ends together.
  public var totalPadding: Int { paddingBefore + paddingAfter }

  /// The number of positions of the window: ⌊(i + padding − d(k−1) − 1)/s⌋ + 1.
  ///
  /// For input + padding ≥ effective kernel size; `rounding` says what happens to a window that
  /// would hang over the end. Source: Dumoulin and Visin, arXiv 1603.07285, relationships 6 and 15.
  ///
  /// - Throws: ``GeometryError`` if no window fits.
  public func outputSize(
    input: Int, rounding: Rounding = .floor
  ) throws(GeometryError) -> Int {
    try require("the input size", input, atLeast: 1)
    let output = positions(input: input, rounding: rounding)
    guard output >= 1 else {
      let least = leastInput(reaching: 1, rounding: rounding)
      throw GeometryError(
        "no window fits: the kernel spans \(counted(effectiveKernelSize, "cell")) and the "
          + "\(totalPadding == 0 ? "" : "padded ")input has \(input + totalPadding); an input of at least "
          + "\(least ?? effectiveKernelSize - totalPadding) is needed")
    }
    return output
  }

  /// The number of positions by the formula alone; 0 or less where no window fits.
  private func positions(input: Int, rounding: Rounding) -> Int {
    let room = input + totalPadding - effectiveKernelSize
    switch rounding {
    case .floor:
      return floorDivide(room, stride) + 1
    case .ceil, .caffe:
      let output = ceilDivide(room, stride) + 1
      // A window that starts in the padding after the input reads nothing, and is dropped. Caffe
      // looks for it only in a padded layer.
      let startsPastInput = (output - 1) * stride >= input + paddingBefore
      let clips = rounding == .ceil || isPadded
      return clips && startsPastInput ? output - 1 : output
    }
  }

  /// All input sizes that give this output size; nil if there are none.
  ///
  /// With the floor there are `stride` of them: `(o−1)s + d(k−1)+1 − padding` and the next s−1.
  public func inputSizes(output: Int, rounding: Rounding = .floor) -> ClosedRange<Int>? {
    guard output >= 1, output < largestExtent,
      let first = leastInput(reaching: output, rounding: rounding)
    else { return nil }
    let next = leastInput(reaching: output + 1, rounding: rounding) ?? largestExtent + 1
    return first < next ? first...(next - 1) : nil
  }

  /// The smallest input size with at least `output` positions of the window; nil if it would be above
  /// ``largestExtent``.
  public func leastInput(reaching output: Int, rounding: Rounding = .floor) -> Int? {
    // The output never shrinks as the input grows, so the size is found by halving.
    var (low, high) = (1, largestExtent + 1)
    while low < high {
      let middle = (low + high) / 2
      if positions(input: middle, rounding: rounding) >= output {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low <= largestExtent ? low : nil
  }

  /// The relation between the cells of an input of this size and the output's.
  public func axis(input: Int, rounding: Rounding = .floor) throws(GeometryError) -> Axis {
    Axis(
      inputSize: input, outputSize: try outputSize(input: input, rounding: rounding), window: self)
  }
}

/// What a pooling does with a last window that hangs over the end.
public enum Rounding: String, Hashable, Sendable, CaseIterable {
  /// It is left out. Convolutions always do this.
  case floor
  /// It is kept, unless it starts past the input and the padding before it (PyTorch's `ceil_mode`).
  case ceil
  /// As `ceil`, but an unpadded layer keeps every window (Caffe's pooling, where it is the default).
  case caffe
}
