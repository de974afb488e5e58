internal import Tensors

/// A sliding window along one axis, before it meets an input: the kernel size, stride, dilation and
/// padding of a convolution or a pooling, and which way its taps are read.
///
/// ```swift
/// let window = try Window(kernelSize: 3, stride: 2, padding: 1)
/// try window.outputSize(input: 5)                 // 3
/// window.inputSizes(output: 3)                    // 5...6
/// try window.transposed().outputSize(input: 3)    // 2·(3−1) + 3 − 2·1 = 5
/// ```
///
/// Read as a transposed convolution it keeps the numbers of the *forward* one, the one being
/// transposed: the padding is p, which is taken away. ``equivalentConvolution()`` has the other
/// one, p′.
public struct Window: Hashable, Sendable {
  /// What the taps are read as.
  public enum Reading: Hashable, Sendable {
    /// From input to output, as a convolution or a pooling; convolutions take the floor.
    case sliding(Rounding)
    /// From output to input. The output padding adds cells at the far end, to choose which forward
    /// input size is restored (the guide's a). It adds no zeros to the values: the new cells are
    /// computed like the others.
    case transposed(outputPadding: Int)
  }

  /// Cells of the kernel: k.
  public let kernelSize: Int
  /// Input cells from one output to the next: s.
  public let stride: Int
  /// Input cells from one kernel cell to the next: d.
  public let dilation: Int
  /// Zeros before the input: p.
  public private(set) var paddingBefore: Int
  /// Zeros after the input; often the same p.
  public private(set) var paddingAfter: Int
  public internal(set) var reading: Reading

  /// A window whose padding may differ at the two ends.
  ///
  /// - Throws: ``GeometryError`` if the kernel size, stride or dilation is not from 1 to
  ///   ``largestExtent``, or a padding is larger than that in magnitude.
  public init(
    kernelSize: Int, stride: Int = 1, dilation: Int = 1, paddingBefore: Int, paddingAfter: Int,
    rounding: Rounding = .floor
  ) throws(GeometryError) {
    try require("the kernel size", kernelSize, atLeast: 1)
    try require("the stride", stride, atLeast: 1)
    try require("the dilation", dilation, atLeast: 1)
    try require("the padding", paddingBefore, atLeast: -largestExtent)
    try require("the padding", paddingAfter, atLeast: -largestExtent)
    (self.kernelSize, self.stride, self.dilation) = (kernelSize, stride, dilation)
    (self.paddingBefore, self.paddingAfter) = (paddingBefore, paddingAfter)
    reading = .sliding(rounding)
  }

  /// A window with the same padding at both ends.
  public init(
    kernelSize: Int, stride: Int = 1, dilation: Int = 1, padding: Int = 0,
    rounding: Rounding = .floor
  ) throws(GeometryError) {
    try self.init(
      kernelSize: kernelSize, stride: stride, dilation: dilation,
      paddingBefore: padding, paddingAfter: padding, rounding: rounding)
  }

  /// A window of one cell, which changes nothing: what an axis has that does not exist.
  static let single: Window = {
    do throws(GeometryError) { return try Window(kernelSize: 1) } catch {
      fatalError(error.description)
    }
  }()

  /// The same taps read as a transposed convolution.
  ///
  /// - Throws: ``GeometryError`` unless 0 ≤ outputPadding < max(stride, dilation), PyTorch's rule.
  public func transposed(outputPadding: Int = 0) throws(GeometryError) -> Window {
    let limit = max(stride, dilation)
    guard 0 <= outputPadding && outputPadding < limit else {
      throw GeometryError(
        "the output padding is \(outputPadding); it must be from 0 to \(limit - 1), below the "
          + "larger of stride \(stride) and dilation \(dilation)")
    }
    var result = self
    result.reading = .transposed(outputPadding: outputPadding)
    return result
  }

  /// The same taps read as a convolution.
  public var forward: Window { rounding(.floor) }

  /// The same taps read as a pooling that rounds so.
  public func rounding(_ rounding: Rounding) -> Window {
    var result = self
    result.reading = .sliding(rounding)
    return result
  }

  /// The same window with other padding.
  public func padded(before: Int, after: Int) throws(GeometryError) -> Window {
    try require("the padding", before, atLeast: -largestExtent)
    try require("the padding", after, atLeast: -largestExtent)
    var result = self
    (result.paddingBefore, result.paddingAfter) = (before, after)
    return result
  }

  public var isTransposed: Bool { if case .transposed = reading { true } else { false } }

  /// 0 unless the window is transposed.
  public var outputPadding: Int {
    if case .transposed(let outputPadding) = reading { outputPadding } else { 0 }
  }

  /// How a pooling rounds; all others take the floor.
  public var rounding: Rounding {
    if case .sliding(let rounding) = reading { rounding } else { .floor }
  }

  /// The input cells that the kernel spans, holes included: d(k−1)+1.
  public var effectiveKernelSize: Int { dilation * (kernelSize - 1) + 1 }

  /// Whether there are zeros at either end.
  public var isPadded: Bool { paddingBefore != 0 || paddingAfter != 0 }

  /// Whether both ends have the same padding.
  public var isSymmetric: Bool { paddingBefore == paddingAfter }

  /// Zeros at both ends together.
  public var totalPadding: Int { paddingBefore + paddingAfter }

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
}

/// What a pooling does with a last window that hangs over the end.
public enum Rounding: String, Hashable, Sendable, CaseIterable {
  /// It is left out. Convolutions always do this.
  case floor
  /// It is kept, unless it starts past the input and the padding before it (PyTorch's `ceil_mode`).
  case ceil
  /// As `ceil`, but an unpadded layer keeps every window (Caffe's pooling, where it is the default).
  case caffe

  /// What it comes to in a layer that is padded along some axis, or along none.
  func resolved(isPadded: Bool) -> Rounding { self == .caffe && isPadded ? .ceil : self }
}

extension Window {
  /// The number of cells that come out of `input` cells.
  ///
  /// A window that slides has ⌊(i + padding − d(k−1) − 1)/s⌋ + 1 positions, for input + padding ≥
  /// effective kernel size; the rounding says what happens to one that would hang over the end. A
  /// transposed one restores s(i−1) + d(k−1)+1 − padding + output padding. Source: Dumoulin and Visin,
  /// arXiv 1603.07285, relationships 6, 14 and 15.
  ///
  /// - Throws: ``GeometryError`` if no window fits, or nothing is left after the padding is taken away.
  public func outputSize(input: Int) throws(GeometryError) -> Int {
    try require("the input size", input, atLeast: 1)
    let output = cells(ofInput: input)
    guard output < 1 else { return output }
    if isTransposed {
      let full = output - outputPadding + totalPadding
      throw GeometryError(
        "nothing is left: the transposed convolution reaches \(counted(full, "cell")) and the padding "
          + "takes \(totalPadding) away, \(paddingBefore) before and \(paddingAfter) after; both together "
          + "may take at most \(full + outputPadding - 1)")
    }
    let least = leastInput(reaching: 1) ?? effectiveKernelSize - totalPadding
    throw GeometryError(
      "no window fits: the kernel spans \(counted(effectiveKernelSize, "cell")) and the "
        + "\(totalPadding == 0 ? "" : "padded ")input has \(input + totalPadding); an input of at least "
        + "\(least) is needed"
        + (least + totalPadding < effectiveKernelSize
          ? ", as the rounding lets a window hang over the end" : ""))
  }

  /// The size by the formula alone; 0 or less where there is none.
  private func cells(ofInput input: Int) -> Int {
    switch reading {
    case .transposed(let outputPadding):
      return stride * (input - 1) + effectiveKernelSize - totalPadding + outputPadding
    case .sliding(.floor):
      return floorDivide(input + totalPadding - effectiveKernelSize, stride) + 1
    case .sliding(let rounding):
      let output = ceilDivide(input + totalPadding - effectiveKernelSize, stride) + 1
      // A window that starts in the padding after the input reads nothing, and is dropped. Caffe
      // looks for it only in a padded layer.
      let startsPastInput = (output - 1) * stride >= input + paddingBefore
      let clips = rounding.resolved(isPadded: isPadded) == .ceil
      return clips && startsPastInput ? output - 1 : output
    }
  }

  /// All input sizes that give this output size; nil if there are none.
  ///
  /// With the floor there are `stride` of them: `(o−1)s + d(k−1)+1 − padding` and the next s−1. They
  /// are the sizes that the transposed convolution can restore, one for each output padding below the
  /// stride. Transposed, at most one input has this output, for it grows by the stride.
  public func inputSizes(output: Int) -> ClosedRange<Int>? {
    guard output >= 1, output <= Int.max / 4, isTransposed || output < largestExtent,
      let first = leastInput(reaching: output)
    else { return nil }
    let next = leastInput(reaching: output + 1) ?? largestExtent + 1
    return first < next ? first...(next - 1) : nil
  }

  /// The smallest input size from which at least `output` cells come; nil if it would be above
  /// ``largestExtent``.
  public func leastInput(reaching output: Int) -> Int? {
    // The output never shrinks as the input grows, so the size is found by halving.
    var (low, high) = (1, largestExtent + 1)
    while low < high {
      let middle = (low + high) / 2
      if cells(ofInput: middle) >= max(1, output) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low <= largestExtent ? low : nil
  }

  /// The relation between the cells of an input of this size and the output's, which names them as the
  /// *forward* convolution does: of a transposed one, `axis.inputSize` is the size restored, and
  /// `axis.outputSize` the size of what it is given.
  public func axis(input: Int) throws(GeometryError) -> Axis {
    let output = try outputSize(input: input)
    return isTransposed
      ? Axis(inputSize: output, outputSize: input, window: self)
      : Axis(inputSize: input, outputSize: output, window: self)
  }

  /// The direct convolution that computes the same as this transposed one: insert zeros, pad by
  /// p′ = d(k−1) − p, slide the kernel turned by 180° with stride 1.
  ///
  /// Where p′ is negative, that many cells are cut off instead. The output padding lengthens the far
  /// padding. Source: Dumoulin and Visin, arXiv 1603.07285, relationships 8 to 14.
  public func equivalentConvolution() throws(GeometryError) -> Window {
    precondition(isTransposed, "only a transposed convolution has an equivalent direct one")
    let reach = effectiveKernelSize - 1
    guard reach < largestExtent else {
      throw GeometryError(
        "the kernel spans \(effectiveKernelSize) cells, d(k − 1) + 1 = "
          + "\(dilation) · (\(kernelSize) − 1) + 1; it may span up to \(largestExtent)")
    }
    return try Window(
      kernelSize: kernelSize, stride: 1, dilation: dilation,
      paddingBefore: reach - paddingBefore, paddingAfter: reach - paddingAfter + outputPadding)
  }

  /// The window that leads back from its output to an input of this size, as a gradient goes: of one
  /// that slides the transposed window with the output padding that restores the size; of a transposed
  /// one the window that slides, short of a padding that only output padding has brought.
  ///
  /// ```swift
  /// try Window(kernelSize: 3, stride: 2).back(toInput: 6)   // transposed, output padding 1
  /// ```
  ///
  /// Poolings, which round otherwise, have none.
  ///
  /// - Throws: ``GeometryError`` if no window fits in such an input.
  func back(toInput input: Int) throws(GeometryError) -> Window {
    guard isTransposed else {
      _ = try outputSize(input: input)
      return try transposed(
        outputPadding: (input + totalPadding - effectiveKernelSize) % stride)
    }
    return outputPadding < stride
      ? forward : try forward.padded(before: paddingBefore, after: paddingAfter - outputPadding)
  }

  /// The cells that the equivalent convolution reads, s − 1 zeros between neighbours: s(i−1)+1.
  public func insertedSize(input: Int) -> Int { stride * (input - 1) + 1 }
}
